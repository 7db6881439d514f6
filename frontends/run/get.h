/* SPDX-License-Identifier: MIT */
/* Implements `baya get`, which makes systems from packages, by a script that comes with Baya. */
#ifndef FRONTENDS_RUN_GET_H
#define FRONTENDS_RUN_GET_H

/*
 * Runs the command; argv[0] is "get". Replaces the process by the script; returns an exit code if
 * that fails.
 */
int get(int argc, char **argv);

#endif
