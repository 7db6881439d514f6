/* SPDX-License-Identifier: MIT */
/*
 * -chardev KIND,logfile=FILE: the guest's output of a port is written to a file as well, whatever
 * the port is connected to.
 */
#ifndef FRONTENDS_CHARDEV_PORT_LOG_H
#define FRONTENDS_CHARDEV_PORT_LOG_H

struct board;
struct board_error;
struct port_logs;
struct ports_options;

/*
 * Opens the files. Called when all else is connected to the ports, as it listens to what goes
 * there. Returns 0 with *logs, or -errno with *error.
 */
int port_logs_open(struct port_logs **logs, struct board *board,
		   const struct ports_options *options, struct board_error *error);

/* The machine is going to run: what the files had before is lost only now. Returns 0 or -errno. */
int port_logs_begin(struct port_logs *logs);

/* Writes out what waits. */
void port_logs_flush(struct port_logs *logs);

/* Closes the files and leaves the ports as they were. NULL is accepted. */
void port_logs_close(struct port_logs *logs);

#endif
