/* SPDX-License-Identifier: MIT */
/*
 * Checks whether the bundled guest can run a program that is in the shared folder, before the guest
 * is started.
 */
#ifndef FRONTENDS_CLI_PROGRAM_H
#define FRONTENDS_CLI_PROGRAM_H

#include "devices/board/board.h"

/* Folders of the host that the guest can access; NULL: not given. */
struct program_folders {
	const char *shared; /* --share: the command's working directory is in it */
	const char *sysroot; /* -L: it contains the dynamic linker and libraries of programs */
};

/*
 * Checks the program `name`, the first word of `baya run`'s command. Refuses a file of the host
 * that is outside of the guest's folders, a program for another processor, and one whose dynamic
 * linker is missing: returns -EINVAL, and `error` contains the remedy. Otherwise, and if there is
 * no such file, it returns 0 and leaves the check to the guest.
 */
int options_check_program(const struct program_folders *folders, const char *name,
			  struct board_error *error);

/*
 * Returns the current folder's path below the shared one, to be freed: "" if they are the same, or
 * else it begins with a slash. Returns NULL if the current folder is not in it.
 */
char *options_below(const char *shared);

#endif
