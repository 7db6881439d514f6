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

#ifndef BAYA_DATA
#error "the build must define BAYA_DATA, the installed files' folder"
#endif

#ifndef BAYA_BUNDLED_GUEST
#error "the build must define BAYA_BUNDLED_GUEST, whether the bundled guest comes with the program"
#endif

#define BUNDLE_KERNEL "Image.gz"
#define BUNDLE_INITRD "initramfs.cpio.gz"
#define BUNDLE_SYMBOLS "vmlinux.gz"
#define BUNDLE_APPEND "console=ttyS0"
#define BUNDLE_CORE "/simple.core"
#define PATH_ROOM 4096

/* These are relative to the folder of the binary. The folder in which the binary is built contains
 * links to the source tree's files. */
static const char *const folders[] = { "", "/roms", ("/" BAYA_DATA) };

/* These are the errors if no folder has a guest, indexed by whether one comes with the program. A
 * package of its own may bring one to a program that was built without it. */
static const char *const unfound[] = {
	"this Baya was built without a bundled guest; name a -kernel, or put " BUNDLE_KERNEL
	" and " BUNDLE_INITRD " of roms/guest/build into the program's " BAYA_DATA,
	"the bundled guest (" BUNDLE_KERNEL " and " BUNDLE_INITRD
	") is neither beside the program, nor in its " BAYA_DATA
	"; install Baya again, or name a -kernel",
};

/*
 * Finds the first of the folders that has a file of this name, and leaves its path in `path`; if
 * none has it, `path` is that of the last folder. Returns 0, -ENOENT if there is no such file, or
 * another negative errno if access(2) refuses `use` of it.
 */
static int bundle_search(const char *binary, const char *name, int use, char *path, size_t size)
{
	const char *slash = binary ? strrchr(binary, '/') : NULL;
	int failed = -ENOENT;

	for (unsigned n = 0; slash && failed == -ENOENT && n < ARRAY_SIZE(folders); n++) {
		int length = snprintf(path, size, "%.*s%s/%s", (int)(slash - binary), binary,
				      folders[n], name);

		if (length >= (int)size)
			return -ENAMETOOLONG;
		failed = access(path, use) ? -errno : 0;
		if (failed == -ENOTDIR)
			failed = -ENOENT;
	}
	return failed;
}

static int bundle_refuse(struct board_error *error, const char *path, int failed)
{
	snprintf(error->text, sizeof(error->text),
		 "%.400s, of the bundled guest: %s; install Baya again, or name a -kernel", path,
		 strerror(-failed));
	error->exit_code = EXIT_HOST;
	return failed;
}

/* Fills in the parts that were not given with the files in the kernel's folder; the kernel's
 * symbols are appended to those that were given. Returns 0, or a negative errno with *error. */
static int find_parts(struct options *options, const char *kernel, struct board_error *error)
{
	struct board_config *board = &options->board;
	const char *symbols = NULL;
	const struct {
		const char *name, **path;
		bool needed;
	} parts[] = {
		{ BUNDLE_KERNEL, &board->kernel, true },
		{ BUNDLE_INITRD, &board->initrd, true },
		{ BUNDLE_SYMBOLS, &symbols, false },
	};
	int folder = (int)(strrchr(kernel, '/') - kernel);
	char path[PATH_ROOM + 32];

	for (unsigned n = 0; n < ARRAY_SIZE(parts); n++) {
		int size = snprintf(path, sizeof(path), "%.*s/%s", folder, kernel, parts[n].name);

		if (*parts[n].path)
			continue;
		if (!access(path, R_OK))
			*parts[n].path = strings_add(&options->strings, path, (size_t)size);
		else if (parts[n].needed || errno != ENOENT)
			return bundle_refuse(error, path, -errno);
	}
	if (symbols)
		board->symbols[board->symbols_count++] =
			(struct board_symbols){ .file = symbols, .fallback = true };
	return 0;
}

int bundle_find(struct options *options, const char *binary, struct board_error *error)
{
	char kernel[PATH_ROOM];
	int failed = bundle_search(binary, BUNDLE_KERNEL, R_OK, kernel, sizeof(kernel));

	if (!options->board.append)
		options->board.append = BUNDLE_APPEND;
	if (!failed)
		return find_parts(options, kernel, error);
	if (failed != -ENOENT)
		return bundle_refuse(error, kernel, failed);
	snprintf(error->text, sizeof(error->text), "%s", unfound[BAYA_BUNDLED_GUEST]);
	error->exit_code = EXIT_HOST;
	return failed;
}

void bundle_find_cores(struct options *options, const char *binary)
{
	char path[PATH_ROOM];

	if (!binary)
		return;
	if (bundle_search(binary, "cores" BUNDLE_CORE, F_OK, path, sizeof(path)) != -ENAMETOOLONG)
		options->board.cores =
			strings_add(&options->strings, path, strlen(path) - strlen(BUNDLE_CORE));
}

int bundle_find_script(const char *binary, const char *name, char *path, size_t size)
{
	return bundle_search(binary, name, X_OK, path, size);
}
