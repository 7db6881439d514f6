/* SPDX-License-Identifier: MIT */
/* `baya explain`: run a machine as far as it goes, or take one as it was saved, and say why. */
#ifndef FRONTENDS_RUN_EXPLAIN_H
#define FRONTENDS_RUN_EXPLAIN_H

#include "frontends/cli/options.h"

/* An exit code; the explanation goes to standard output. */
int explain_machine(struct board *board, const struct options *options);

#endif
