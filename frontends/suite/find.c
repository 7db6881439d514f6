/* SPDX-License-Identifier: MIT */
/*
 * Finds tests: files that are named, and all ELF files for riscv64 in folders, which are recognised
 * by their contents. A named file is always a test, so that the loader reports what is wrong with
 * it.
 */
#include "frontends/suite/suite.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { KIND_OTHER, KIND_TEST, KIND_RV32, KIND_FOREIGN };

/* Returns the kind of a file. Only executables are tests, because object files and other ELF files
 * are in every build folder. */
static enum kind suite_find_kind_of(const char *path)
{
	/* Without O_NONBLOCK, opening a named pipe waits for its writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	Elf64_Ehdr header;
	struct stat st;
	ssize_t size = 0;

	if (fd < 0)
		return errno == EACCES ? KIND_TEST : KIND_OTHER;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		size = pread(fd, &header, sizeof(header), 0);
	close(fd);
	/* The ELF headers of 32 and 64 bits have the same layout up to e_machine. */
	if (size < (ssize_t)offsetof(Elf64_Ehdr, e_version) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return KIND_OTHER;
	if (header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != EM_RISCV)
		return KIND_FOREIGN;
	if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
		return KIND_OTHER;
	return header.e_ident[EI_CLASS] == ELFCLASS64 ? KIND_TEST : KIND_RV32;
}

static int suite_find_add(struct suite *suite, const char *path)
{
	char **paths = reallocarray(suite->paths, suite->path_count + 1, sizeof(*paths));

	if (!paths)
		return -ENOMEM;
	suite->paths = paths;
	paths[suite->path_count] = strdup(path);
	return paths[suite->path_count++] ? 0 : -ENOMEM;
}

static int suite_find_consider(struct suite *suite, const char *path, bool named)
{
	const char *filter = suite->options->suite.filter, *slash = strrchr(path, '/');
	enum kind kind;

	if (filter && fnmatch(filter, slash ? slash + 1 : path, 0) != 0)
		return 0;
	kind = named ? KIND_TEST : suite_find_kind_of(path);
	suite->skipped_rv32 += kind == KIND_RV32;
	suite->skipped_foreign += kind == KIND_FOREIGN;
	return kind == KIND_TEST ? suite_find_add(suite, path) : 0;
}

/* Handles a file or folder that was found. A file that cannot be read becomes a test that fails
 * with the reason. Links to folders are not followed, so the search ends. */
static int suite_find_visit(struct suite *suite, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_F:
	case FTS_SL:
		return suite_find_consider(suite, entry->fts_path,
					   entry->fts_level == FTS_ROOTLEVEL);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return suite_find_add(suite, entry->fts_path);
	case FTS_DEFAULT:
	case FTS_SLNONE:
		return entry->fts_level == FTS_ROOTLEVEL ? suite_find_add(suite, entry->fts_path) :
							   0;
	default:
		return 0;
	}
}

static int suite_find_compare(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
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

static int suite_find_walk(struct suite *suite, const char *path)
{
	char *paths[] = { without_slash(path), NULL };
	FTS *fts = NULL;
	FTSENT *entry;
	int failed = 0;

	if (paths[0])
		fts = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
			       suite_find_compare);
	if (!fts)
		failed = -ENOMEM;
	while (!failed && (entry = fts_read(fts)))
		failed = suite_find_visit(suite, entry);
	if (fts)
		fts_close(fts);
	free(paths[0]);
	return failed;
}

int suite_find(struct suite *suite)
{
	const struct suite_options *options = &suite->options->suite;
	int failed = 0;

	for (unsigned i = 0; !failed && i < options->path_count; i++)
		failed = suite_find_walk(suite, options->paths[i]);
	return failed;
}
