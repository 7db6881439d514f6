/* SPDX-License-Identifier: MIT */
/*
 * Implements -chardev stderr: the guest's output is written to this process's standard error; there
 * is no input.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontends/chardev/output_queue.h"
#include "frontends/chardev/port_end.h"
#include "frontends/host/pollset.h"

#define BLOCKING_CHUNK 256 /* bytes that a blocking pipe or terminal accepts after POLLOUT */

struct stderr_output {
	size_t chunk; /* bytes that are written at once */
	struct output_queue waiting;
	int error; /* the errno of the write that failed, after which all output is dropped */
};

/* Returns how many bytes standard error accepts without blocking when poll(2) has seen room. */
static size_t chunk_of_stderr(void)
{
	struct stat status;

	if (fstat(STDERR_FILENO, &status) == 0 && S_ISREG(status.st_mode))
		return SIZE_MAX;
	return BLOCKING_CHUNK;
}

static int open_stderr(struct port_end *end, struct board_error *error)
{
	struct stderr_output *output = calloc(1, sizeof(*output));

	if (!output)
		return port_fail(end, -ENOMEM, error, "not enough host memory");
	output->chunk = chunk_of_stderr();
	end->self = output;
	port_set_open(end, true);
	port_set_ended(end);
	return 0;
}

/*
 * Writes until nothing is left, or standard error accepts no more. It does not block, because
 * nothing else, a limit for example, would be looked at meanwhile. O_NONBLOCK is not set, because
 * other processes share it. Returns the number of bytes that are done with.
 */
static size_t put(struct stderr_output *output, const u8 *data, size_t size)
{
	size_t done = 0;

	while (done < size && !output->error) {
		struct pollfd room = { .fd = STDERR_FILENO, .events = POLLOUT };
		ssize_t written;

		if (poll(&room, 1, 0) <= 0)
			return done;
		written = write(STDERR_FILENO, data + done, MIN(size - done, output->chunk));
		if (written < 0 && (errno == EAGAIN || errno == EINTR))
			return done;
		if (written < 0)
			output->error = errno;
		else
			done += (size_t)written;
	}
	return size;
}

static void flush_stderr(struct port_end *end)
{
	struct stderr_output *output = end->self;
	struct output_queue *waiting = &output->waiting;

	waiting->start += put(output, waiting->bytes + waiting->start, output_queue_size(waiting));
	end->held = output_queue_size(waiting);
}

/*
 * Writes all of the data at once, so that later output of other sources does not overtake it. If
 * standard error accepts no more, the machine stops until it does: the guest waits, as any program
 * would.
 */
static void write_stderr(struct port_end *end, const u8 *data, size_t size)
{
	struct stderr_output *output = end->self;
	struct output_queue *waiting = &output->waiting;
	size_t done = output_queue_size(waiting) ? 0 : put(output, data, size);

	/*
	 * The machine stops before the limit is reached; a stream of guestfwd=, which does not stop
	 * it, drops the guest's frames meanwhile.
	 */
	if (done < size && !output->error && !output_queue_add(waiting, data + done, size - done))
		output->error = ENOBUFS;
	end->held = output_queue_size(waiting);
}

static bool fill_pollset_stderr(struct port_end *end, struct pollset *set)
{
	if (end->held)
		pollset_add(set, STDERR_FILENO, POLLOUT);
	return end->held;
}

static void wait_stderr(struct port_end *end, struct pollset *set)
{
	fill_pollset_stderr(end, set);
}

static void close_stderr(struct port_end *end)
{
	struct stderr_output *output = end->self;
	int error = end->held ? EAGAIN : output->error;

	if (error)
		fprintf(stderr,
			"baya: the port '%s': cannot write to standard error: %s; the rest is "
			"dropped\n",
			end->name, strerror(error));
	end->lost = error;
	free(output->waiting.bytes);
	free(output);
}

const struct port_kind port_stderr = {
	.open = open_stderr,
	.close = close_stderr,
	.write = write_stderr,
	.flush = flush_stderr,
	.fill_pollset = wait_stderr,
	.fill_pollset_output = fill_pollset_stderr,
};
