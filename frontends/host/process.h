/* SPDX-License-Identifier: MIT */
/*
 * Baya as a process of the host: -daemonize, -pidfile, and what else a service is started with.
 */
#ifndef FRONTENDS_HOST_PROCESS_H
#define FRONTENDS_HOST_PROCESS_H

#include "frontends/host/process_options.h"

struct board_error;

/*
 * Before threads, files and sockets are there. With -daemonize the process that was started waits
 * in here until process_ready, or until the new process ends; then it ends, too. Its errors are
 * still told. 0, or -errno with *error.
 */
int process_begin(struct process_options *process, struct board_error *error);

/* The machine is there, and begins: -daemonize's terminal is left. */
void process_ready(const struct process_options *process);

/* When all is over. */
void process_end(const struct process_options *process);

#endif
