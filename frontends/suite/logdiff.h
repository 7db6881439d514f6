/* SPDX-License-Identifier: MIT */
/* `baya logdiff A B`: finds where two commit logs differ. */
#ifndef FRONTENDS_SUITE_LOGDIFF_H
#define FRONTENDS_SUITE_LOGDIFF_H

/* argv[0] is the word logdiff. Returns the program's exit code. */
int logdiff(int argc, char **argv);

#endif
