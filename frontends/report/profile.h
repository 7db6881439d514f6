/* SPDX-License-Identifier: MIT */
/*
 * Writes call profiles, which contain the calls between functions and their costs, to files that
 * other programs read: folded stacks, one per line, for flame graphs; and callgrind's format, for
 * KCachegrind.
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
	const struct lines *lines; /* source lines, for callgrind's format */
	const char *event, *program;
};

/*
 * Returns the format for a file's name, as its readers expect: callgrind's for callgrind.out* and
 * *.callgrind, otherwise folded stacks.
 */
enum profile_format profile_format_of(const char *path);

/* Write the profile. Return 0, -ENOMEM, or -EIO when writing failed. */
int profile_write_folded(const struct profile *profile, FILE *out);
int profile_write_callgrind(const struct profile *profile, FILE *out);

#endif
