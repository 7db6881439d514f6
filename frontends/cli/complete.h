/* SPDX-License-Identifier: MIT */
/* Completes words of the command line, for shells. */
#ifndef FRONTENDS_CLI_COMPLETE_H
#define FRONTENDS_CLI_COMPLETE_H

#include <stdio.h>

/*
 * A complete_core calls `print` for each parameter of the core with that name. `unit` is the
 * parameter's unit; if its value is one of several words, these are separated by bars.
 */
typedef void complete_parameter(void *ctx, const char *name, const char *unit);
typedef void complete_core(const char *core, complete_parameter *print, void *ctx);

/*
 * Prints the words that the last word of argv can be completed to, one per line. argv[0] is the
 * program. Nothing is run, and nothing is read but folders and the files of cores.
 */
void options_complete(FILE *out, int argc, char **argv, complete_core *core);

#endif
