/* SPDX-License-Identifier: MIT */
/*
 * The loop that lets a board run: slices of guest work in turn with input, output, signals, limits
 * and the monitor, and sleep when the guest idles. Ends with an exit code of exit_code.h.
 */
#ifndef FRONTENDS_RUN_RUN_H
#define FRONTENDS_RUN_RUN_H

#include "devices/board/board.h"
#include "frontends/cli/options.h"

/*
 * Run until the guest, the user or a limit ends it, and tell why on stderr where that is not plain
 * to see. The board is reset already and stays the caller's. Returns the exit code.
 */
int run_board(struct board *board, const struct options *options);

#endif
