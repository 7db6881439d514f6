/* SPDX-License-Identifier: MIT */
/*
 * The loop that runs a board: between slices of guest work it handles input, output, signals,
 * limits and the monitor, and it sleeps while the guest idles. It ends with an exit code of
 * exit_code.h.
 */
#ifndef FRONTENDS_RUN_RUN_H
#define FRONTENDS_RUN_RUN_H

#include "devices/board/board.h"
#include "frontends/cli/options.h"

/*
 * Runs until the guest, the user or a limit ends the run, and reports the reason on stderr if it is
 * not obvious. The board must have been reset, and is borrowed. Returns the exit code, for
 * process_finish. *ran is set to whether the machine began to run; `ran` may be NULL.
 */
int run_board(struct board *board, const struct options *options, bool *ran);

#endif
