/* SPDX-License-Identifier: MIT */
/*
 * Implements `baya explain`: runs a machine until it stops, or uses a saved one, and explains why
 * it has stopped.
 */
#ifndef FRONTENDS_RUN_EXPLAIN_H
#define FRONTENDS_RUN_EXPLAIN_H

#include "frontends/cli/options.h"

/* Runs the machine and prints the explanation to standard output. Returns an exit code. */
int explain_machine(struct board *board, const struct options *options);

#endif
