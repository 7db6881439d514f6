/* SPDX-License-Identifier: MIT */
/*
 * Baya as a process of the host: -daemonize, -pidfile, and other options for running as a service.
 */
#ifndef FRONTENDS_HOST_PROCESS_H
#define FRONTENDS_HOST_PROCESS_H

#include "frontends/host/process_options.h"

struct board_error;

/*
 * Called before there are threads, files and sockets. With -daemonize the original process waits in
 * here until process_ready, or until the new process ends; then it exits. Errors until then still
 * reach the user. Returns 0, or -errno with *error.
 */
int process_begin(struct process_options *process, struct board_error *error);

/* The machine is ready and starts: with -daemonize the process detaches from the terminal. */
void process_ready(const struct process_options *process);

/* Called at the end of the run. */
void process_end(const struct process_options *process);

/*
 * Called last. Where the code is EXIT_SIGNAL and more, that signal ends the process here: who waits
 * for it then knows that it did as it was asked. systemd.service(5) takes an exit code of 143 for a
 * failure, and a script goes on after a program that has exited. Returns the exit code.
 */
int process_finish(int code);

#endif
