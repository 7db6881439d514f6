/* SPDX-License-Identifier: MIT */
/* The exit codes of the program; cli/print.c has their meaning for people. */
#ifndef FRONTENDS_HOST_EXIT_CODE_H
#define FRONTENDS_HOST_EXIT_CODE_H

enum exit_code {
	EXIT_WELL = 0, /* the guest ended well, or the user ended the run */
	EXIT_GUEST_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_HOST = 3,
	EXIT_LIMIT = 4,
	EXIT_DEAD = 5,
	EXIT_PANIC = 6,
	EXIT_DISAGREE = 7, /* two tiers differ */
	EXIT_BY_SHELL = 128, /* plus the number of a signal: a shell's word for an end by it */
	EXIT_SIGNAL = 256, /* plus the number of a signal, by which process_finish ends all */
};

#endif
