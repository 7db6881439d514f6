/* SPDX-License-Identifier: MIT */
/*
 * Memory that nobody has freed and nothing points to any more. In a program with sanitizers (CMake:
 * BAYA_SANITIZE) the leak sanitizer looks for it when the program exits, but not when a signal ends
 * the program.
 */
#ifndef FRONTENDS_HOST_LEAKS_H
#define FRONTENDS_HOST_LEAKS_H

#ifdef BAYA_SANITIZE
/* Looks now, and not again: tells of leaks and ends the program if there are any, as exit() does.
 * Such programs have this from tests/leak_roots.c. */
void leaks_check(void);

/* From here on leaks_check does nothing: a library is left of which nothing can be freed. */
void leaks_ignore(void);
#else
#define leaks_check() ((void)0)
#define leaks_ignore() ((void)0)
#endif

#endif
