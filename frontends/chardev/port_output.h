/* SPDX-License-Identifier: MIT */
/*
 * A file to which the guest's output to a port is written. If a write fails, that is reported on
 * stderr, and the rest of the output is dropped.
 */
#ifndef FRONTENDS_CHARDEV_PORT_OUTPUT_H
#define FRONTENDS_CHARDEV_PORT_OUTPUT_H

#include <stdio.h>

#include "bus/base.h"

struct port_output {
	FILE *file; /* NULL: a write has failed */
	const char *port; /* the port's name, for messages; NULL: the file is a logfile */
	const char *path;
};

void port_output_write(struct port_output *output, const u8 *data, size_t size);
void port_output_flush(struct port_output *output);

/* Closes the file, and reports on stderr if buffered output cannot be written. */
void port_output_close(struct port_output *output);

#endif
