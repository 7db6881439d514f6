/* SPDX-License-Identifier: MIT */
/* Whether the bundled guest can run a program of the shared folder, looked at before it starts. */
#ifndef FRONTENDS_CLI_PROGRAM_H
#define FRONTENDS_CLI_PROGRAM_H

#include "devices/board/board.h"

/*
 * `name` is the first word of `baya run`'s command, which the guest starts in `folder`. A program
 * for another processor, or one that needs a dynamic linker, is refused: -EINVAL, and `error` says
 * what to do. All else is the guest's to find out, a file that is not there included.
 */
int options_check_program(const char *folder, const char *name, struct board_error *error);

#endif
