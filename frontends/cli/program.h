/* SPDX-License-Identifier: MIT */
/*
 * Checks whether the bundled guest can run a program of the shared folder, before the guest starts.
 */
#ifndef FRONTENDS_CLI_PROGRAM_H
#define FRONTENDS_CLI_PROGRAM_H

#include "devices/board/board.h"

/* The folders of the host that the guest can use; NULL: not given. */
struct program_folders {
	const char *shared; /* the command begins in it */
	const char *sysroot; /* it has the dynamic linker and libraries of programs */
};

/*
 * `name` is the first word of `baya run`'s command. A file of the host that is in no folder for the
 * guest is refused. So is a program for another processor, or one whose dynamic linker is not
 * there: -EINVAL, and `error` says what to do. Everything else, including a missing file, is left
 * to the guest.
 */
int options_check_program(const struct program_folders *folders, const char *name,
			  struct board_error *error);

#endif
