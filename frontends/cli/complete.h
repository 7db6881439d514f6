/* SPDX-License-Identifier: MIT */
/* What words of a command line can become. */
#ifndef FRONTENDS_CLI_COMPLETE_H
#define FRONTENDS_CLI_COMPLETE_H

#include <stdio.h>

/* Who tells each parameter of a core that goes by this name; a unit of words has bars in it. */
typedef void complete_tell(void *ctx, const char *name, const char *unit);
typedef void complete_core(const char *core, complete_tell *tell, void *ctx);

/*
 * What the last word of argv can become, a line each, for the completion of shells. argv[0] is the
 * program; nothing is run, and no file read but folders and those of cores.
 */
void options_complete(FILE *out, int argc, char **argv, complete_core *core);

#endif
