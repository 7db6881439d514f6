/* SPDX-License-Identifier: MIT */
/*
 * Implements -chardev stderr: the guest's output is written to this process's standard error; there
 * is no input.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "frontends/chardev/port.h"

static int open_stderr(struct port_end *end, struct board_error *error)
{
	(void)error;
	port_set_open(end, true);
	port_set_ended(end);
	return 0;
}

/*
 * Writes all of the data at once, so that later output of other sources does not overtake it; the
 * guest waits meanwhile, as any program would, also if standard error does not block. If a signal
 * that ends Baya interrupts the write, the rest is lost.
 */
static void write_stderr(struct port_end *end, const u8 *data, size_t size)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };

	while (size) {
		ssize_t put = write(STDERR_FILENO, data, size);

		if (put >= 0) {
			data += put;
			size -= (size_t)put;
		} else if (errno != EAGAIN || poll(&out, 1, -1) < 0) {
			end->lost = true;
			return;
		}
	}
}

const struct port_kind port_stderr = {
	.open = open_stderr,
	.write = write_stderr,
};
