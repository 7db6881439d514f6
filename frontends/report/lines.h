/* SPDX-License-Identifier: MIT */
/*
 * Maps addresses to lines of source, by the DWARF line tables of ELF files, if libdw is available
 * (without it, lines_none.c knows no line). The files are the user's: their damaged parts are
 * ignored.
 */
#ifndef FRONTENDS_REPORT_LINES_H
#define FRONTENDS_REPORT_LINES_H

#include "bus/base.h"

struct lines;

struct line {
	const char *file; /* the path that the compiler was given; it lives as long as the lines */
	unsigned number; /* from 1 on */
};

struct lines *lines_create(void); /* NULL: no memory */
void lines_free(struct lines *lines);

/* Adds the line tables of a file, if it has any. */
void lines_add(struct lines *lines, const char *path);

/* Finds the line that the instruction at pc belongs to; false: not known. */
bool lines_find(const struct lines *lines, u64 pc, struct line *line);

#endif
