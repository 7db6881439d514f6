/* SPDX-License-Identifier: MIT */
/* The host's limits on the process (setrlimit(2)): what is raised, and what must suffice. */
#ifndef FRONTENDS_HOST_LIMITS_H
#define FRONTENDS_HOST_LIMITS_H

/*
 * Raises the limits of open files and of the stack as far as they may be, and lets a write beyond
 * the limit of a file's size be an error. Returns EXIT_WELL, or reports that the stack is too small
 * and returns EXIT_HOST. Called once, before anything else.
 */
int limits_begin(void);

#endif
