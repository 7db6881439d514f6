/* SPDX-License-Identifier: MIT */
/* A file that gets what the guest writes to a port. When that fails, the rest is dropped. */
#ifndef FRONTENDS_CHARDEV_PORT_OUTPUT_H
#define FRONTENDS_CHARDEV_PORT_OUTPUT_H

#include <stdio.h>

#include "bus/base.h"

struct port_output {
	FILE *file; /* NULL: it could not be written any more */
	const char *port; /* for messages; NULL: it is a logfile */
	const char *path;
};

void port_output_write(struct port_output *output, const u8 *data, size_t size);
void port_output_flush(struct port_output *output);

/* Closes the file; says so if what waited cannot be written. */
void port_output_close(struct port_output *output);

#endif
