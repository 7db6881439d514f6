/* SPDX-License-Identifier: MIT */
/* Implements -daemonize, -pidfile, and other options for running Baya as a service. */
#ifndef FRONTENDS_HOST_PROCESS_H
#define FRONTENDS_HOST_PROCESS_H

#include "frontends/host/process_options.h"

struct board_error;

/*
 * Applies the options. Called before there are threads, open files and sockets. With -daemonize
 * this forks: the original process waits in this function until the new one calls process_ready or
 * ends, and then exits; errors until then are still printed on the terminal. Returns 0, or -errno
 * with *error.
 */
int process_begin(struct process_options *process, struct board_error *error);

/*
 * Detaches the process from the terminal, with -daemonize. Called when the machine is ready to
 * start.
 */
void process_ready(const struct process_options *process);

/* Removes the file of -pidfile. Called at the end of the run. */
void process_end(const struct process_options *process);

/*
 * Ends the process by a signal if the code is EXIT_SIGNAL plus its number, so that the parent sees
 * that the process ended as it was asked to: systemd.service(5) regards an exit code of 143 as a
 * failure, and a shell script continues after a program that has exited. Otherwise returns the exit
 * code from 0 to 255. Called last.
 */
int process_finish(int code);

#endif
