/* SPDX-License-Identifier: MIT */
/* -chardev file: the guest's output is written to a file; there is no input. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "frontends/chardev/port.h"

static void failed_write(struct port_end *end)
{
	fprintf(stderr, "baya: writing the port '%s' to '%s': %s; the rest is dropped\n", end->name,
		end->options->path, strerror(errno));
	fclose(end->self);
	end->self = NULL;
}

static int open_file(struct port_end *end, struct board_error *error)
{
	end->self = fopen(end->options->path, end->options->append ? "ae" : "we");
	if (!end->self)
		return port_fail(end, -errno, error, "cannot write to '%s': %s", end->options->path,
				 strerror(errno));
	port_set_open(end, true);
	port_set_ended(end);
	return 0;
}

static void close_file(struct port_end *end)
{
	if (end->self && fclose(end->self))
		fprintf(stderr, "baya: writing the port '%s' to '%s': %s\n", end->name,
			end->options->path, strerror(errno));
}

static void write_file(struct port_end *end, const u8 *data, size_t size)
{
	if (end->self && fwrite(data, 1, size, end->self) != size)
		failed_write(end);
}

static void flush_file(struct port_end *end)
{
	if (end->self && fflush(end->self))
		failed_write(end);
}

const struct port_kind port_file = {
	.open = open_file,
	.close = close_file,
	.write = write_file,
	.flush = flush_file,
};
