/* SPDX-License-Identifier: MIT */
/*
 * Implements -chardev KIND,logfile=FILE: the guest's output to a port is also written to a file,
 * whatever the port is connected to.
 */
#ifndef FRONTENDS_CHARDEV_PORT_LOG_H
#define FRONTENDS_CHARDEV_PORT_LOG_H

#include "bus/base.h"

struct board;
struct board_error;
struct port_logs;
struct ports_options;

/*
 * Opens the files. Called after everything else has been connected to the ports, because it puts
 * itself between each device and the port's host end. Returns 0, or -errno with *error. The caller
 * closes *logs in either case.
 */
int port_logs_open(struct port_logs **logs, struct board *board,
		   const struct ports_options *options, struct board_error *error);

/*
 * Discards the old contents of the files, except with logappend. This is done only when the machine
 * is about to run, so that a failed start loses nothing. Returns an exit code.
 */
int port_logs_begin(struct port_logs *logs);

/* Writes out what is buffered. */
void port_logs_flush(struct port_logs *logs);

/*
 * Closes the files and leaves the ports as they were. Returns whether output was lost, as has been
 * reported. NULL is accepted.
 */
bool port_logs_close(struct port_logs *logs);

#endif
