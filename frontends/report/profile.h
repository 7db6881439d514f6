/* SPDX-License-Identifier: MIT */
/*
 * Who called whom and at what cost, as files that others read: folded stacks, a line each, as flame
 * graphs are made of; and callgrind's format, as KCachegrind opens it.
 */
#ifndef FRONTENDS_REPORT_PROFILE_H
#define FRONTENDS_REPORT_PROFILE_H

#include <stdio.h>

#include "devices/board/calls.h"

enum profile_format { PROFILE_BY_NAME, PROFILE_FOLDED, PROFILE_CALLGRIND };

/* What is written. */
struct profile {
	const struct board_call *calls;
	unsigned count;
	const char *event, *program;
};

/* By the file's name, as those who read it expect: callgrind.out*, *.callgrind; else folded. */
enum profile_format profile_format_of(const char *path);

/* 0, -ENOMEM, or -EIO when the file did not take all. */
int profile_write_folded(const struct profile *profile, FILE *out);
int profile_write_callgrind(const struct profile *profile, FILE *out);

#endif
