/* SPDX-License-Identifier: MIT */
/* Implements -chardev file: the guest's output is written to a file; there is no input. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/chardev/port.h"
#include "frontends/host/growing_file.h"

static int open_file(struct port_end *end, struct board_error *error)
{
	const char *path = end->options->path;
	struct growing_file *output = calloc(1, sizeof(*output));
	int failed;

	if (!output)
		return port_fail(end, -ENOMEM, error, "not enough host memory");
	output->file = fopen(path, end->options->append ? "ae" : "we");
	if (!output->file) {
		failed = errno;
		free(output);
		return port_fail(end, -failed, error, "cannot write to '%s': %s", path,
				 strerror(failed));
	}
	output->what = "the output of a port";
	output->path = path;
	end->self = output;
	port_set_open(end, true);
	port_set_ended(end);
	return 0;
}

static void close_file(struct port_end *end)
{
	end->lost = growing_file_close(end->self);
	free(end->self);
}

static void write_file(struct port_end *end, const u8 *data, size_t size)
{
	growing_file_write(end->self, data, size);
}

static void flush_file(struct port_end *end)
{
	growing_file_flush(end->self);
}

const struct port_kind port_file = {
	.open = open_file,
	.close = close_file,
	.write = write_file,
	.flush = flush_file,
};
