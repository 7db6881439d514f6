/* SPDX-License-Identifier: MIT */
/* Reads the text of source files, line by line, by their paths (lines.h). */
#ifndef FRONTENDS_CYCLES_SOURCE_TEXT_H
#define FRONTENDS_CYCLES_SOURCE_TEXT_H

/* A cache of a few files. */
struct source_text;

struct source_text *source_text_create(void); /* returns NULL when out of memory */
void source_text_free(struct source_text *source);

/*
 * Returns a line without its newline; lines are counted from 1. NULL: the file does not exist or
 * has fewer lines. The text lives as long as `source`.
 */
const char *source_text_line(struct source_text *source, const char *file, unsigned number);

#endif
