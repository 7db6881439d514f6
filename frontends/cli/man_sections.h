/* SPDX-License-Identifier: MIT */
/*
 * The last sections of the manual page: those that are plain text, not generated from a table of
 * the program.
 */
#ifndef FRONTENDS_CLI_MAN_SECTIONS_H
#define FRONTENDS_CLI_MAN_SECTIONS_H

struct man_section {
	const char *title;
	struct {
		const char *name, *text; /* without a name it is a paragraph */
	} entries[16]; /* ends with one that has no text */
};

extern const struct man_section man_sections[];
extern const unsigned man_section_count;

#endif
