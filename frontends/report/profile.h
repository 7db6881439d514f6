/* SPDX-License-Identifier: MIT */
/*
 * Writes call profiles, which function called which at what cost, to files that other programs
 * read: folded stacks, a line each, for flame graphs; and callgrind's format, for KCachegrind.
 */
#ifndef FRONTENDS_REPORT_PROFILE_H
#define FRONTENDS_REPORT_PROFILE_H

#include <stdio.h>

#include "devices/board/calls.h"
#include "frontends/report/lines.h"

enum profile_format { PROFILE_BY_NAME, PROFILE_FOLDED, PROFILE_CALLGRIND };

/* A profile to write. */
struct profile {
	struct board_calls of;
	const struct lines *lines; /* of source, for callgrind's format */
	const char *event, *program;
};

/* Chooses the format by the file's name, as readers of the format expect: callgrind.out*,
 * *.callgrind; else folded. */
enum profile_format profile_format_of(const char *path);

/* Return 0, -ENOMEM, or -EIO when writing failed. */
int profile_write_folded(const struct profile *profile, FILE *out);
int profile_write_callgrind(const struct profile *profile, FILE *out);

#endif
