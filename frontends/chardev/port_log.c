/* SPDX-License-Identifier: MIT */
/* See port_log.h. */
#include "frontends/chardev/port_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/board.h"
#include "frontends/chardev/port_options.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"

/* A port's log, and who had its output before. */
struct port_log {
	FILE *file; /* NULL: it could not be written any more */
	const char *path;
	struct chardev *chardev;
	void (*write)(void *ctx, const u8 *data, size_t size);
	void (*guest_opened)(void *ctx, bool open);
	void *ctx;
};

struct port_logs {
	struct port_log log[1 + VIRTIO_PORTS_MAX];
	unsigned count;
};

static void give_up(struct port_log *log)
{
	fprintf(stderr, "baya: writing logfile=%s: %s; the rest is dropped\n", log->path,
		strerror(errno));
	fclose(log->file);
	log->file = NULL;
}

static void log_write(void *ctx, const u8 *data, size_t size)
{
	struct port_log *log = ctx;

	if (log->write)
		log->write(log->ctx, data, size);
	if (log->file && fwrite(data, 1, size, log->file) != size)
		give_up(log);
}

static void log_opened(void *ctx, bool open)
{
	struct port_log *log = ctx;

	if (log->guest_opened)
		log->guest_opened(log->ctx, open);
}

static int add_log(struct port_logs *logs, struct chardev *chardev, const struct port *port,
		   struct board_error *error)
{
	struct port_log *log = &logs->log[logs->count];

	if (!port->log || !chardev)
		return 0;
	log->file = fopen(port->log, port->log_append ? "ae" : "we");
	if (!log->file) {
		*error = (struct board_error){ .exit_code = EXIT_HOST };
		snprintf(error->text, sizeof(error->text),
			 "-chardev %s: logfile=%.200s cannot be written: %s", port->id, port->log,
			 strerror(errno));
		return -errno;
	}
	log->path = port->log;
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
		return complain_no_memory(error);
	failed = add_log(logs, board_serial(board), &options->serial, error);
	for (unsigned n = 0; !failed && n < options->virtio_count; n++)
		failed = add_log(logs, board_port(board, options->virtio[n].config),
				 &options->virtio[n].port, error);
	return failed;
}

void port_logs_flush(struct port_logs *logs)
{
	for (unsigned n = 0; n < logs->count; n++)
		if (logs->log[n].file && fflush(logs->log[n].file))
			give_up(&logs->log[n]);
}

void port_logs_close(struct port_logs *logs)
{
	for (unsigned n = logs ? logs->count : 0; n-- > 0;) {
		struct port_log *log = &logs->log[n];

		log->chardev->write = log->write;
		log->chardev->guest_opened = log->guest_opened;
		log->chardev->ctx = log->ctx;
		if (log->file && fclose(log->file))
			fprintf(stderr, "baya: writing logfile=%s: %s\n", log->path,
				strerror(errno));
	}
	free(logs);
}
