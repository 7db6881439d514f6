/* SPDX-License-Identifier: MIT */
/*
 * Checks whether the bundled guest can run a program of the shared folder, before the guest starts.
 */
#ifndef FRONTENDS_CLI_PROGRAM_H
#define FRONTENDS_CLI_PROGRAM_H

#include "devices/board/board.h"

/*
 * `name` is the first word of `baya run`'s command, which the guest starts in `folder`; NULL: none
 * is shared, and a file of the host is refused. So is a program for another processor, or one that
 * needs a dynamic linker: -EINVAL, and `error` says what to do. Everything else, including a
 * missing file, is left to the guest.
 */
int options_check_program(const char *folder, const char *name, struct board_error *error);

#endif
