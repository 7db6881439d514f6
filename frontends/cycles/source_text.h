/* SPDX-License-Identifier: MIT */
/* Reads the text of source files, line by line, by their paths (lines.h). */
#ifndef FRONTENDS_CYCLES_SOURCE_TEXT_H
#define FRONTENDS_CYCLES_SOURCE_TEXT_H

/* A few files, which are kept after they were read. */
struct source_text;

struct source_text *source_text_create(void); /* NULL: no memory */
void source_text_free(struct source_text *source);

/* Returns a line, counted from 1, without its end; NULL when the file does not exist, or is
 * shorter. */
const char *source_text_line(struct source_text *source, const char *file, unsigned number);

#endif
