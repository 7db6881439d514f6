/* SPDX-License-Identifier: MIT */
/*
 * Compares two commit logs, in any of their formats, hart by hart. They are aligned at the first
 * instructions that they have in common, because simulators differ in what they execute before the
 * program.
 */
#ifndef DEVICES_BOARD_INSPECT_LOG_H
#define DEVICES_BOARD_INSPECT_LOG_H

#include "bus/base.h"

struct board_error;

struct board_logdiff {
	const char *paths[2];
	bool no_csrs; /* ignore CSRs, in which two correct machines may differ */
};

/*
 * Prints to `out` (a FILE *) how far the logs agree, and the first difference of registers, memory
 * or control flow, with disassembly and the commits that precede it. A trap is compared only if
 * both logs have traps, and a CSR only if both list it, because simulators log them differently.
 * One log may end before the other. Returns 0 if they agree, 1 if they differ, or a negative errno
 * with *error filled in if a file cannot be read or has no commit.
 */
int board_logdiff(const struct board_logdiff *logs, void *out, struct board_error *error);

#endif
