/* SPDX-License-Identifier: MIT */
/*
 * Looks for the bundled guest's files in a fixed list of folders, the nearest first.
 */
#include "frontends/cli/bundle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frontends/cli/options.h"
#include "frontends/host/exit_code.h"

#ifndef BAYA_SOURCE_DIR
#error "the build must define BAYA_SOURCE_DIR"
#endif

#define BUNDLE_KERNEL "Image.gz"
#define BUNDLE_INITRD "initramfs.cpio.gz"
#define BUNDLE_SYMBOLS "vmlinux.gz"
#define BUNDLE_APPEND "console=ttyS0"
#define FOLDER_MAX 4096

/* These are relative to the folder of the binary. */
static const char *const folders[] = { "", "/roms", "/../share/baya", "/../roms" };

/* Returns the path of the file in the folder, owned by options, or NULL when it cannot be read. */
static const char *find_file(struct options *options, const char *folder, const char *name)
{
	char path[FOLDER_MAX + 32];
	int size = snprintf(path, sizeof(path), "%s/%s", folder, name);

	if (size >= (int)sizeof(path) || access(path, R_OK))
		return NULL;
	return strings_add(&options->strings, path, (size_t)size);
}

static bool find_in(struct options *options, const char *folder)
{
	const char *kernel = find_file(options, folder, BUNDLE_KERNEL);
	const char *initrd = find_file(options, folder, BUNDLE_INITRD);

	if (!kernel || !initrd)
		return false;
	options->board.kernel = kernel;
	if (!options->board.initrd)
		options->board.initrd = initrd;
	if (!options->board.symbols)
		options->board.symbols = find_file(options, folder, BUNDLE_SYMBOLS);
	return true;
}

/* Finds the first folder, relative to the binary, in which `found` is true. */
static bool bundle_search(struct options *options, const char *binary,
			  bool (*found)(struct options *options, const char *folder))
{
	const char *slash = binary ? strrchr(binary, '/') : NULL;
	char folder[FOLDER_MAX];

	for (unsigned i = 0; slash && i < ARRAY_SIZE(folders); i++) {
		int size = snprintf(folder, sizeof(folder), "%.*s%s", (int)(slash - binary), binary,
				    folders[i]);

		if (size < (int)sizeof(folder) && found(options, folder))
			return true;
	}
	return false;
}

int bundle_find(struct options *options, const char *binary, struct board_error *error)
{
	if (!options->board.append)
		options->board.append = BUNDLE_APPEND;
	if (bundle_search(options, binary, find_in) || find_in(options, BAYA_SOURCE_DIR "/roms"))
		return 0;
	snprintf(
		error->text, sizeof(error->text),
		"the bundled guest (" BUNDLE_KERNEL " and " BUNDLE_INITRD
		") is neither beside the program, nor in its ../share/baya, nor in " BAYA_SOURCE_DIR
		"/roms; name a -kernel, or build the guest with roms/guest");
	error->exit_code = EXIT_HOST;
	return -ENOENT;
}

static bool find_cores(struct options *options, const char *folder)
{
	const char *any = find_file(options, folder, "cores/simple.core");

	if (any)
		options->board.cores =
			strings_add(&options->strings, any, strlen(any) - strlen("/simple.core"));
	return any;
}

void bundle_find_cores(struct options *options, const char *binary)
{
	if (!bundle_search(options, binary, find_cores))
		options->board.cores = BAYA_SOURCE_DIR "/cpu/timing/cores";
}

int bundle_find_script(const char *binary, const char *name, char *path, size_t size)
{
	int folder = (int)(strrchr(binary, '/') - binary);

	for (unsigned i = 0; i < ARRAY_SIZE(folders); i++) {
		int length = snprintf(path, size, "%.*s%s/%s", folder, binary, folders[i], name);

		if (length < (int)size && !access(path, X_OK))
			return 0;
	}
	snprintf(path, size, "%s/roms/%s", BAYA_SOURCE_DIR, name);
	return access(path, X_OK) ? -errno : 0;
}
