/* SPDX-License-Identifier: MIT */
/* The causes that end or stop a run, guest, user or limit, and what is said of it (ends.c). */
#ifndef FRONTENDS_RUN_ENDS_H
#define FRONTENDS_RUN_ENDS_H

#include "frontends/run/run_state.h"

void run_end(struct run *run, int code);

/* Ends the run for a reason outside the guest; the reason is for QMP. */
void run_end_hasty(struct run *run, int code, const char *reason);

/* Returns the exit code if the user ends the run now. */
int run_quit_code(const struct run *run);

/* Prints a line about the run on stderr, on a line of its own. */
void run_tell(struct run *run, const char *text);

/* Reports where the guest is, which has written nothing for long. */
void run_tell_mute(struct run *run);

/* Tells it of a program without symbols: it may have ended, by a tohost that is not known. */
void run_tell_stripped(struct run *run);

/* The guest has written something, or it is another guest. */
void run_silence_begins(struct run *run);
void run_silence_new(struct run *run);

/* A kernel has panicked, and hangs; or it goes on by itself. */
void run_tell_hang(struct run *run);
void run_panic_goes_on(struct run *run);

/* These handle the result of a slice. */
void run_reset(struct run *run);
void run_guest_ended(struct run *run);
void run_guest_dead(struct run *run);
void run_replayed(struct run *run);
void run_limit_reached(struct run *run, const char *which);
void run_differ(struct run *run);

#endif
