/* SPDX-License-Identifier: MIT */
/* `baya get`: makes systems from packages, by a script that comes with Baya. */
#ifndef FRONTENDS_RUN_GET_H
#define FRONTENDS_RUN_GET_H

/* argv[0] is "get". Returns an exit code, or replaces the process by the script. */
int get(int argc, char **argv);

#endif
