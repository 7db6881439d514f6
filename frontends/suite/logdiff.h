/* SPDX-License-Identifier: MIT */
/* Implements `baya logdiff A B`, which finds where two commit logs differ. */
#ifndef FRONTENDS_SUITE_LOGDIFF_H
#define FRONTENDS_SUITE_LOGDIFF_H

/* Runs the command; argv[0] is "logdiff". Returns the program's exit code. */
int logdiff(int argc, char **argv);

#endif
