/* SPDX-License-Identifier: MIT */
/* What words of a command line can become. */
#ifndef FRONTENDS_OPTIONS_COMPLETE_H
#define FRONTENDS_OPTIONS_COMPLETE_H

#include <stdio.h>

/*
 * What the last word of argv can become, a line each, for the completion of shells. argv[0] is the
 * program; nothing is run, and no file read but folders.
 */
void options_complete(FILE *out, int argc, char **argv);

#endif
