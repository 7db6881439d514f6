/* SPDX-License-Identifier: MIT */
/*
 * Finds tests: files that are named, and all ELF files for riscv64 in folders, which are recognised
 * by their contents. A named file is always a test, so that the loader reports what is wrong with
 * it. What cannot be read in a folder becomes a test that fails with the reason, because it may be
 * or contain a test. Links to folders in folders are not followed, so the search ends.
 */
#include "frontends/suite/suite.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { KIND_OTHER, KIND_TEST, KIND_RV32, KIND_FOREIGN };

/* Returns whether it fails in this way to open what a folder has if nothing with contents is there:
 * a link leads to nothing or to itself, a file or folder was removed after the folder was read, or
 * a socket is there. */
static bool is_nothing(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP || error == ENXIO ||
	       error == ENODEV;
}

/* Reads the beginning of a regular file. Returns the number of bytes or a negative errno. */
static ssize_t suite_find_peek(const char *path, Elf64_Ehdr *header)
{
	/* Without O_NONBLOCK, opening a named pipe waits for its writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	ssize_t size;

	/* The path itself is not too long, because its status was read, but a link's target may
	 * be. */
	if (fd < 0)
		return is_nothing(errno) || errno == ENAMETOOLONG ? 0 : -errno;
	size = fstat(fd, &st);
	if (!size && S_ISREG(st.st_mode))
		size = pread(fd, header, sizeof(*header), 0);
	if (size < 0)
		size = -errno;
	close(fd);
	return size;
}

/* Returns the kind of a file with this beginning. Only executables are tests, because object files
 * and other ELF files are in every build folder. */
static enum kind suite_find_kind_of(const Elf64_Ehdr *header, ssize_t size)
{
	/* The ELF headers of 32 and 64 bits have the same layout up to e_machine. */
	if (size < (ssize_t)offsetof(Elf64_Ehdr, e_version) ||
	    memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
		return KIND_OTHER;
	if (header->e_ident[EI_DATA] != ELFDATA2LSB || header->e_machine != EM_RISCV)
		return KIND_FOREIGN;
	if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
		return KIND_OTHER;
	return header->e_ident[EI_CLASS] == ELFCLASS64 ? KIND_TEST : KIND_RV32;
}

/* `error` is a negative errno if it cannot be read. Returns 0 or -ENOMEM. */
static int suite_find_add(struct suite *suite, const char *path, int error)
{
	struct suite_path *paths =
		reallocarray(suite->paths, suite->path_count + 1, sizeof(*paths));

	if (!paths)
		return -ENOMEM;
	suite->paths = paths;
	paths[suite->path_count] = (struct suite_path){ strdup(path), error };
	return paths[suite->path_count++].path ? 0 : -ENOMEM;
}

static bool is_filtered(const struct suite *suite, const char *path)
{
	const char *filter = suite->options->suite.filter, *slash = strrchr(path, '/');

	return filter && fnmatch(filter, slash ? slash + 1 : path, 0) != 0;
}

/* Adds a file of a folder if it is a test. */
static int suite_find_consider(struct suite *suite, const char *path)
{
	Elf64_Ehdr header;
	ssize_t size;
	enum kind kind;

	if (is_filtered(suite, path))
		return 0;
	size = suite_find_peek(path, &header);
	if (size < 0)
		return suite_find_add(suite, path, (int)size);
	kind = suite_find_kind_of(&header, size);
	suite->skipped_rv32 += kind == KIND_RV32;
	suite->skipped_foreign += kind == KIND_FOREIGN;
	return kind == KIND_TEST ? suite_find_add(suite, path, 0) : 0;
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int suite_find_compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int suite_find_folder(struct suite *suite, const char *path, bool named);

/* Handles what is in a folder. */
static int suite_find_entry(struct suite *suite, const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return is_nothing(errno) ? 0 : suite_find_add(suite, path, -errno);
	if (S_ISDIR(st.st_mode))
		return suite_find_folder(suite, path, false);
	return S_ISREG(st.st_mode) || S_ISLNK(st.st_mode) ? suite_find_consider(suite, path) : 0;
}

/*
 * Handles a folder; `named` is set if the command line names it, so that it must be there.
 * scandir(3) reports errors in the middle of a folder, unlike fts(3) and ftw(3).
 */
static int suite_find_folder(struct suite *suite, const char *path, bool named)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_entry, suite_find_compare), failed = 0;
	char *full;

	if (count < 0)
		return !named && is_nothing(errno) ? 0 : suite_find_add(suite, path, -errno);
	for (int n = 0; n < count; n++) {
		if (!failed &&
		    asprintf(&full, "%s/%s", strcmp(path, "/") ? path : "", entries[n]->d_name) < 0)
			failed = -ENOMEM;
		if (!failed) {
			failed = suite_find_entry(suite, full);
			free(full);
		}
		free(entries[n]);
	}
	free(entries);
	return failed;
}

/* Returns the path without slashes at its end, so that "folder/" and "folder" find the same
 * names. */
static char *without_slash(const char *path)
{
	char *copy = strdup(path);
	size_t size = strlen(path);

	while (copy && size > 1 && copy[size - 1] == '/')
		copy[--size] = 0;
	return copy;
}

/* Handles a path of the command line. */
static int suite_find_named(struct suite *suite, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return suite_find_add(suite, path, 0);
	if (S_ISDIR(st.st_mode))
		return suite_find_folder(suite, path, true);
	return is_filtered(suite, path) ? 0 : suite_find_add(suite, path, 0);
}

int suite_find(struct suite *suite)
{
	const struct suite_options *options = &suite->options->suite;
	int failed = 0;

	for (unsigned i = 0; !failed && i < options->path_count; i++) {
		char *path = without_slash(options->paths[i]);

		failed = path ? suite_find_named(suite, path) : -ENOMEM;
		free(path);
	}
	return failed;
}
