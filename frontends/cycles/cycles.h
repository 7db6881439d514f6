/* SPDX-License-Identifier: MIT */
/* `baya cycles`: what programs take on a core, and where it goes. */
#ifndef FRONTENDS_CYCLES_CYCLES_H
#define FRONTENDS_CYCLES_CYCLES_H

#include "bus/base.h"

struct options;

#define CYCLES_CORE_NAME 64

/* What the verb is told decides between those below. Returns the exit code. */
int cycles_run(const struct options *options);

/*
 * Run each program of the table options->cycles.against, from the folder options->board.program,
 * and print each record with the table's and our cycles. Returns the exit code: 1 when a record is
 * further off than options->cycles.max_error percent, or the mean than max_mean; or, with such a
 * limit, when a record has another instret or extra.
 */
int cycles_against(const struct options *options);

/*
 * The same, with each parameter of the core moved by a step: print which of them the errors point
 * at, and how far. Returns the exit code.
 */
int cycles_fit(const struct options *options);

/*
 * Run the program options->board.program on each core of the list options->board.timing and print
 * where its cycles go. Returns the exit code of the run that did not end well, or 0.
 */
int cycles_report(const struct options *options);

/*
 * Options for a run as a core, "NAME[,PARAMETER=VALUE...]": timed by it, and with its model of
 * -cpu where it has one. `name` receives the name; it and `core` must outlive *own.
 */
void cycles_as_core(struct options *own, const char *core, char name[CYCLES_CORE_NAME]);

#endif
