/* SPDX-License-Identifier: MIT */
/*
 * Implements `baya cycles`, which reports how many cycles programs take on a core, and what they
 * are spent on.
 */
#ifndef FRONTENDS_CYCLES_CYCLES_H
#define FRONTENDS_CYCLES_CYCLES_H

#include "bus/base.h"

struct options;

#define CYCLES_CORE_NAME 64

/* Calls the one of the functions below that the options ask for. Returns the exit code. */
int cycles_run(const struct options *options);

/*
 * Runs each program of the table options->cycles.against, from the folder options->board.program,
 * and prints each record with the table's cycles and with Baya's. Returns the exit code, which is 1
 * if the error of any record exceeds options->cycles.max_error percent, or the mean error exceeds
 * max_mean; or if, with such a limit, a record's instret or extra differs.
 */
int cycles_against(const struct options *options);

/*
 * Does the same once for each parameter of the core, changed by a step, and prints which parameters
 * would explain the errors, and which values they suggest. Returns the exit code.
 */
int cycles_fit(const struct options *options);

/*
 * Runs the program options->board.program on each core of the list options->board.timing, and
 * prints where its cycles go. Returns the exit code of the first run that failed, or 0.
 */
int cycles_report(const struct options *options);

/*
 * Changes *own to options for a run that is timed by the core "NAME[,PARAMETER=VALUE...]", with the
 * -cpu of that name if there is one. `name` receives NAME; it and `core` must outlive *own.
 */
void cycles_as_core(struct options *own, const char *core, char name[CYCLES_CORE_NAME]);

#endif
