/* SPDX-License-Identifier: MIT */
/* The text of source files, line by line, for who has their paths (lines.h). */
#ifndef FRONTENDS_CYCLES_SOURCE_TEXT_H
#define FRONTENDS_CYCLES_SOURCE_TEXT_H

/* A few files, kept once they were read. */
struct source_text;

struct source_text *source_text_create(void); /* NULL: no memory */
void source_text_free(struct source_text *source);

/* A line from 1 on, without its end; NULL when the file is not there, or shorter. */
const char *source_text_line(struct source_text *source, const char *file, unsigned number);

#endif
