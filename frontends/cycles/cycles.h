/* SPDX-License-Identifier: MIT */
/* `baya cycles`: how many cycles programs take on a core, and what they are spent on. */
#ifndef FRONTENDS_CYCLES_CYCLES_H
#define FRONTENDS_CYCLES_CYCLES_H

#include "bus/base.h"

struct options;

#define CYCLES_CORE_NAME 64

/* Chooses one of the functions below by the options. Returns the exit code. */
int cycles_run(const struct options *options);

/*
 * Runs each program of the table options->cycles.against, from the folder options->board.program,
 * and prints each record with the table's and our cycles. Returns the exit code: 1 when a record is
 * further off than options->cycles.max_error percent, or the mean than max_mean; or, with such a
 * limit, when a record has another instret or extra.
 */
int cycles_against(const struct options *options);

/*
 * Does the same with each parameter of the core changed by a step: prints which of them the errors
 * point at, and how far. Returns the exit code.
 */
int cycles_fit(const struct options *options);

/*
 * Runs the program options->board.program on each core of the list options->board.timing and prints
 * where its cycles go. Returns the exit code of the first run that did not end well, or 0.
 */
int cycles_report(const struct options *options);

/*
 * Makes options for a run on a core, "NAME[,PARAMETER=VALUE...]": timed by it, and with the model
 * of -cpu of that name if there is one. `name` receives the name; it and `core` must outlive *own.
 */
void cycles_as_core(struct options *own, const char *core, char name[CYCLES_CORE_NAME]);

#endif
