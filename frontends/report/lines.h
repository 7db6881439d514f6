/* SPDX-License-Identifier: MIT */
/*
 * Maps addresses to source lines, by the DWARF line tables of ELF files, if libdw is available
 * (without it, lines_none.c finds no lines). The user's files are not trusted: damaged parts of
 * them are ignored.
 */
#ifndef FRONTENDS_REPORT_LINES_H
#define FRONTENDS_REPORT_LINES_H

#include "bus/base.h"

struct lines;

struct line {
	/* The path that the compiler was given, seen from where it ran; valid until lines_free. */
	const char *file;
	unsigned number; /* counted from 1 */
};

struct lines *lines_create(void); /* returns NULL when out of memory */
void lines_free(struct lines *lines);

/* Adds the line tables of an ELF file, if it has any. */
void lines_add(struct lines *lines, const char *path);

/* Stores the line to which the instruction at pc belongs. Returns false if it is not known. */
bool lines_find(const struct lines *lines, u64 pc, struct line *line);

#endif
