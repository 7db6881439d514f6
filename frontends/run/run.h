/* SPDX-License-Identifier: MIT */
/*
 * The loop that runs a board: slices of guest work alternate with input, output, signals, limits
 * and the monitor, and it sleeps while the guest idles. It ends with an exit code of exit_code.h.
 */
#ifndef FRONTENDS_RUN_RUN_H
#define FRONTENDS_RUN_RUN_H

#include "devices/board/board.h"
#include "frontends/cli/options.h"

/*
 * Runs until the guest, the user or a limit ends it, and says why on stderr if that is not obvious.
 * The board must be reset already, and stays the caller's. Returns the exit code; *ran tells
 * whether the machine began to run (NULL: the caller need not know).
 */
int run_board(struct board *board, const struct options *options, bool *ran);

#endif
