/* SPDX-License-Identifier: MIT */
/*
 * Finds leaks of memory when a signal ends the program. In a program with sanitizers (CMake:
 * BAYA_SANITIZE) the leak sanitizer looks for leaks at exit, but not when a signal ends the
 * program.
 */
#ifndef FRONTENDS_HOST_LEAKS_H
#define FRONTENDS_HOST_LEAKS_H

#ifdef BAYA_SANITIZE
/*
 * Looks for leaks now, and not again at exit. If there are any, reports them and ends the program,
 * as the sanitizer does at exit. Programs with sanitizers get this function from
 * tests/leak_roots.c.
 */
void leaks_check(void);

/*
 * Makes leaks_check do nothing from now on, nor is anything looked for at exit. Called when a
 * library is left in a state in which its memory cannot be freed, or when the process cannot be
 * traced any more.
 */
void leaks_ignore(void);
#else
#define leaks_check() ((void)0)
#define leaks_ignore() ((void)0)
#endif

#endif
