/* SPDX-License-Identifier: MIT */
/*
 * Checks whether the bundled guest can run a program that is in the shared folder, before the guest
 * is started.
 */
#ifndef FRONTENDS_CLI_PROGRAM_H
#define FRONTENDS_CLI_PROGRAM_H

#include "devices/board/board.h"

/* These are for programs in the guest: folders of the host that it can access (NULL: not given),
 * and its memory. */
struct program_place {
	const char *shared; /* --share: the command's working directory is in it */
	const char *sysroot; /* -L: it contains the dynamic linker and libraries of programs */
	u64 memory; /* -m, in bytes */
};

/*
 * Checks the program `name`, the first word of `baya run`'s command. Refuses a file of the host
 * that is outside of the guest's folders, a program for another processor, one whose dynamic linker
 * is missing, and one that does not fit into the memory: returns -EINVAL, and `error` contains the
 * remedy. Otherwise, and if there is no such file, it returns 0 and leaves the check to the guest.
 */
int options_check_program(const struct program_place *place, const char *name,
			  struct board_error *error);

/*
 * Returns the current folder's path below the shared one, to be freed: "" if they are the same, or
 * else it begins with a slash. Returns NULL if the current folder is not in it.
 */
char *options_below(const char *shared);

#endif
