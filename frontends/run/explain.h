/* SPDX-License-Identifier: MIT */
/*
 * `baya explain`: runs a machine as far as it goes, or takes a saved one, and says why it stopped.
 */
#ifndef FRONTENDS_RUN_EXPLAIN_H
#define FRONTENDS_RUN_EXPLAIN_H

#include "frontends/cli/options.h"

/* Returns an exit code; the explanation goes to standard output. */
int explain_machine(struct board *board, const struct options *options);

#endif
