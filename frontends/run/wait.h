/* SPDX-License-Identifier: MIT */
/*
 * Waits while the machine does not run: for those without whom it must not start, and for the
 * readers of its last output (wait.c).
 */
#ifndef FRONTENDS_RUN_WAIT_H
#define FRONTENDS_RUN_WAIT_H

#include "frontends/run/run_state.h"

/* Writes out buffered output as far as that does not block. */
void run_flush(struct run *run);

/*
 * Waits until everybody is there without whom the machine must not start (server=on without
 * wait=off, for example). Users and clients are served. They, a signal or --timeout can end the run
 * here.
 */
void run_await(struct run *run);

/*
 * Writes out all output. Gives up when a (further) signal comes, or one second after the run was or
 * is ended from outside: by a user, a client or --timeout.
 */
void run_drain(struct run *run);

/*
 * Waits until standard error accepts a message. If nobody reads it when the run ends from outside,
 * messages are dropped from then on, because each of them would block for ever.
 */
void run_await_stderr(struct run *run);

#endif
