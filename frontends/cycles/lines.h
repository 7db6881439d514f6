/* SPDX-License-Identifier: MIT */
/*
 * From addresses to lines of source, by the DWARF line tables of ELF files, where libdw is there
 * (lines_none.c: it is not, and nothing is known). Files are a user's: what is damaged in them is
 * not known either.
 */
#ifndef FRONTENDS_CYCLES_LINES_H
#define FRONTENDS_CYCLES_LINES_H

#include "bus/base.h"

struct lines;

struct line {
	const char *file; /* its path, as the compiler was told; lives as long as the lines */
	unsigned number; /* from 1 on */
};

struct lines *lines_create(void); /* NULL: no memory */
void lines_free(struct lines *lines);

/* The lines of a file, if there are any. */
void lines_add(struct lines *lines, const char *path);

/* The line that the instruction at pc was made of; false: not known. */
bool lines_find(const struct lines *lines, u64 pc, struct line *line);

#endif
