/* SPDX-License-Identifier: MIT */
/* See port_log.h. */
#include "frontends/chardev/port_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "devices/board/board.h"
#include "frontends/chardev/port_options.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/growing_file.h"

/* The log file of a -chardev, which several ports can share (mux=on). */
struct log_file {
	const char *id;
	struct growing_file output;
	bool append;
};

/* A port's log. It has taken the place of the port's host end, to which it passes the output on. */
struct port_log {
	struct log_file *to;
	struct chardev *chardev;
	void (*write)(void *ctx, const u8 *data, size_t size);
	void (*guest_opened)(void *ctx, bool open);
	void *ctx;
};

struct port_logs {
	struct port_log log[1 + VIRTIO_PORTS_MAX];
	struct log_file file[1 + VIRTIO_PORTS_MAX];
	unsigned count, file_count;
};

static void log_write(void *ctx, const u8 *data, size_t size)
{
	struct port_log *log = ctx;

	if (log->write)
		log->write(log->ctx, data, size);
	growing_file_write(&log->to->output, data, size);
}

static void log_opened(void *ctx, bool open)
{
	struct port_log *log = ctx;

	if (log->guest_opened)
		log->guest_opened(log->ctx, open);
}

/* Returns the log file of the port's -chardev, which it opens unless another port already has it.
 * Returns NULL with *error on failure. */
static struct log_file *take_file(struct port_logs *logs, const struct port *port,
				  struct board_error *error)
{
	struct log_file *to = logs->file;

	for (; to < logs->file + logs->file_count; to++)
		if (!strcmp(to->id, port->id))
			return to;
	*to = (struct log_file){ .id = port->id, .append = port->log_append,
				 .output = { .what = "the log of a port", .path = port->log } };
	to->output.file = to->append ? fopen(port->log, "ae") : output_grow(port->log);
	if (!to->output.file) {
		*error = (struct board_error){ .exit_code = EXIT_HOST };
		snprintf(error->text, sizeof(error->text),
			 "-chardev %s: logfile=%.200s cannot be written: %s", to->id, port->log,
			 strerror(errno));
		return NULL;
	}
	logs->file_count++;
	return to;
}

static int add_log(struct port_logs *logs, struct chardev *chardev, const struct port *port,
		   struct board_error *error)
{
	struct port_log *log = &logs->log[logs->count];

	if (!port->log || !chardev)
		return 0;
	log->to = take_file(logs, port, error);
	if (!log->to)
		return -EIO;
	log->chardev = chardev;
	log->write = chardev->write;
	log->guest_opened = chardev->guest_opened;
	log->ctx = chardev->ctx;
	chardev->write = log_write;
	chardev->guest_opened = log_opened;
	chardev->ctx = log;
	logs->count++;
	return 0;
}

int port_logs_open(struct port_logs **made, struct board *board,
		   const struct ports_options *options, struct board_error *error)
{
	struct port_logs *logs = calloc(1, sizeof(*logs));
	int failed;

	*made = logs;
	if (!logs)
		return board_error_memory(error);
	failed = add_log(logs, board_serial(board), &options->serial, error);
	for (unsigned n = 0; !failed && n < options->virtio_count; n++)
		failed = add_log(logs, board_port(board, options->virtio[n].config),
				 &options->virtio[n].port, error);
	return failed;
}

int port_logs_begin(struct port_logs *logs)
{
	for (unsigned n = 0; n < logs->file_count; n++) {
		const struct growing_file *output = &logs->file[n].output;

		errno = logs->file[n].append ? 0 : -output_begin(output->file);
		if (errno)
			return complain_file(output->what, output->path);
	}
	return EXIT_WELL;
}

void port_logs_flush(struct port_logs *logs)
{
	for (unsigned n = 0; n < logs->file_count; n++)
		growing_file_flush(&logs->file[n].output);
}

bool port_logs_close(struct port_logs *logs)
{
	bool lost = false;

	for (unsigned n = logs ? logs->count : 0; n-- > 0;) {
		struct port_log *log = &logs->log[n];

		log->chardev->write = log->write;
		log->chardev->guest_opened = log->guest_opened;
		log->chardev->ctx = log->ctx;
	}
	for (unsigned n = 0; logs && n < logs->file_count; n++)
		lost |= growing_file_close(&logs->file[n].output);
	free(logs);
	return lost;
}
