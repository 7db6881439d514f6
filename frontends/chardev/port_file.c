/* SPDX-License-Identifier: MIT */
/* Implements -chardev file: the guest's output is written to a file; there is no input. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/chardev/port_end.h"
#include "frontends/host/growing_file.h"

struct port_file {
	struct growing_file output;
	char what[80]; /* names the port; for messages, which shorten a long name */
};

static int open_file(struct port_end *end, struct board_error *error)
{
	const char *path = end->options->path;
	struct port_file *file = calloc(1, sizeof(*file));
	int failed;

	if (!file)
		return port_fail(end, -ENOMEM, error, "not enough host memory");
	file->output.file = fopen(path, end->options->append ? "ae" : "we");
	if (!file->output.file) {
		failed = errno;
		free(file);
		return port_fail(end, -failed, error, "cannot write to '%s': %s", path,
				 strerror(failed));
	}
	snprintf(file->what, sizeof(file->what), "the output of the port '%.50s' to", end->name);
	file->output.what = file->what;
	file->output.path = path;
	end->self = file;
	port_set_open(end, true);
	port_set_ended(end);
	return 0;
}

static void close_file(struct port_end *end)
{
	struct port_file *file = end->self;

	end->lost = growing_file_close(&file->output);
	free(file);
}

static void write_file(struct port_end *end, const u8 *data, size_t size)
{
	struct port_file *file = end->self;

	growing_file_write(&file->output, data, size);
}

static void flush_file(struct port_end *end)
{
	struct port_file *file = end->self;

	growing_file_flush(&file->output);
}

const struct port_kind port_file = {
	.open = open_file,
	.close = close_file,
	.write = write_file,
	.flush = flush_file,
};
