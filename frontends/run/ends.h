/* SPDX-License-Identifier: MIT */
/*
 * Handles what ends or stops a run (the guest, the user or a limit) and reports it to the user
 * (ends.c).
 */
#ifndef FRONTENDS_RUN_ENDS_H
#define FRONTENDS_RUN_ENDS_H

#include "frontends/run/run_state.h"

void run_end(struct run *run, int code);

/*
 * Ends the run for a reason outside of the guest. `reason` is a word of QEMU's ShutdownCause, for
 * QMP.
 */
void run_end_from_host(struct run *run, int code, const char *reason);

/* Returns the exit code for an end by the user at this moment. */
int run_quit_code(const struct run *run);

/*
 * Returns whether somebody can resume the machine if it stops: by QMP, a monitor or a debugger. The
 * terminal's monitor counts until the input ends, because after that no key comes.
 */
bool run_is_resumable(const struct run *run);

/* Prints a message about the run on stderr, beginning a new line. */
void run_message(struct run *run, const char *text);

/*
 * run_output_lost reports that standard output cannot be written; run_check_input that standard
 * input cannot be read, if that is so. The run does not end with success then.
 */
void run_output_lost(struct run *run);
void run_check_input(struct run *run);

/* Reports where the guest is. Called when it has written nothing for a long time. */
void run_report_silence(struct run *run);

/*
 * Reports that the program has no symbols, if that is so. It may have ended by writing to its
 * tohost, whose address is then not known.
 */
void run_report_stripped(struct run *run);

/*
 * run_silence_begins restarts the watch for a silent guest, because the guest has written
 * something. run_silence_new does the same for another guest, after a reset or a load.
 */
void run_silence_begins(struct run *run);
void run_silence_new(struct run *run);

/*
 * run_report_hang handles a kernel that has panicked and hangs; run_panic_goes_on records that one
 * that has panicked continues.
 */
void run_report_hang(struct run *run);
void run_panic_goes_on(struct run *run);

/* Handle the result of a slice. */
void run_reset(struct run *run);
void run_guest_ended(struct run *run);
void run_guest_dead(struct run *run);
void run_replayed(struct run *run);
void run_limit_reached(struct run *run, const char *which);
void run_differ(struct run *run);

/* Ends the run if a signal asks for that, output cannot be written, or --timeout has passed. */
void run_check_host(struct run *run);

#endif
