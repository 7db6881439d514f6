/* SPDX-License-Identifier: MIT */
/* Completes the words of a command line. */
#ifndef FRONTENDS_CLI_COMPLETE_H
#define FRONTENDS_CLI_COMPLETE_H

#include <stdio.h>

/* A complete_core calls `tell` for each parameter of the core of that name; a unit of several words
 * has bars between them. */
typedef void complete_tell(void *ctx, const char *name, const char *unit);
typedef void complete_core(const char *core, complete_tell *tell, void *ctx);

/*
 * Prints what the last word of argv can become, a line each, for the completion of shells. argv[0]
 * is the program. Nothing is run, and only folders and the files of cores are read.
 */
void options_complete(FILE *out, int argc, char **argv, complete_core *core);

#endif
