/* SPDX-License-Identifier: MIT */
/* Implements -chardev file: the guest's output is written to a file; there is no input. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontends/chardev/port_end.h"
#include "frontends/host/complain.h"
#include "frontends/host/growing_file.h"
#include "frontends/host/pollset.h"

#define RETRY_NS (NS_PER_S / 50) /* until the next look, as nothing reports a FIFO's reader */

struct port_file {
	struct growing_file output;
	bool awaits; /* the file is a FIFO, which nobody has opened for reading yet */
	char what[80]; /* names the port; for messages, which shorten a long name */
};

/* Opens the file, but does not wait for the reader of a FIFO: then it sets file->awaits. */
static void open_now(struct port_file *file, const struct port *options)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (options->append ? O_APPEND : O_TRUNC);
	struct stat status;
	bool fifo = !stat(options->path, &status) && S_ISFIFO(status.st_mode);
	int fd = open(options->path, flags | (fifo ? O_NONBLOCK : 0), 0666);

	/* Other files, such as sockets, give ENXIO, too. */
	file->awaits = fd < 0 && fifo && errno == ENXIO;
	file->output.file = fd >= 0 ? fdopen(fd, options->append ? "a" : "w") : NULL;
	if (fd >= 0 && !file->output.file)
		close(fd);
	else if (fd >= 0 && fifo)
		fcntl(fd, F_SETFL, flags);
}

static int open_file(struct port_end *end, struct board_error *error)
{
	const char *path = end->options->path;
	struct port_file *file = calloc(1, sizeof(*file));
	int failed;

	if (!file)
		return port_fail(end, -ENOMEM, error, "not enough host memory");
	open_now(file, end->options);
	if (file->awaits)
		fprintf(stderr, "baya: waiting for a reader of '%s'\n", path);
	if (!file->output.file && !file->awaits) {
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

static bool awaits_file(struct port_end *end, struct pollset *set)
{
	struct port_file *file = end->self;

	if (!file->awaits)
		return false;
	open_now(file, end->options);
	if (file->awaits)
		set->ns = MIN(set->ns, RETRY_NS);
	else if (!file->output.file)
		file->output.lost = complain_file(file->what, end->options->path) != 0;
	return file->awaits;
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
	.awaits = awaits_file,
	.write = write_file,
	.flush = flush_file,
};
