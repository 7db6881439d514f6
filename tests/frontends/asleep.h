/* SPDX-License-Identifier: MIT */
/* Waits until a process has done what it was given, for tests that would otherwise wait a while. */
#ifndef TESTS_FRONTENDS_ASLEEP_H
#define TESTS_FRONTENDS_ASLEEP_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Waits until all threads of a process, without the caller's own, sleep until something comes, and
 * no signal is left to be handled. Returns false if that is not so within 200 seconds, or the
 * process has ended.
 */
bool await_asleep(pid_t pid);

#endif
