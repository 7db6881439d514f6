/* SPDX-License-Identifier: MIT */
/*
 * Waits until a process has done what it was told to do, so that tests need not wait for a fixed
 * time.
 */
#ifndef TESTS_FRONTENDS_ASLEEP_H
#define TESTS_FRONTENDS_ASLEEP_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Waits until all threads of the process (except the calling thread, if it is one of them) sleep
 * until something happens, and no signal is pending. Returns false if that is not the case within
 * 200 seconds, or if the process has ended.
 */
bool await_asleep(pid_t pid);

#endif
