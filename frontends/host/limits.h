/* SPDX-License-Identifier: MIT */
/* Adapts the host's limits on the process (setrlimit(2)). */
#ifndef FRONTENDS_HOST_LIMITS_H
#define FRONTENDS_HOST_LIMITS_H

/*
 * Raises the limits of open files and of the stack as far as allowed, and makes a write beyond the
 * limit of a file's size fail instead of ending the process. Returns EXIT_WELL, or reports that the
 * stack is too small and returns EXIT_HOST. Called once, before anything else.
 */
int limits_begin(void);

#endif
