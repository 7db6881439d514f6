/* SPDX-License-Identifier: MIT */
/* The last sections of the manual page, which are no list of the program's own. */
#ifndef FRONTENDS_CLI_MAN_SECTIONS_H
#define FRONTENDS_CLI_MAN_SECTIONS_H

struct man_section {
	const char *title;
	struct {
		const char *name, *text; /* no name: a paragraph */
	} entries[16]; /* the last of them has no text */
};

extern const struct man_section man_sections[];
extern const unsigned man_section_count;

#endif
