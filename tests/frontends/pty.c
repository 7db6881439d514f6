/* SPDX-License-Identifier: MIT */
/*
 * Runs children on pseudoterminals and pipes.
 */
#include "tests/cmocka.h"

#include "pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 1500000

static u64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

/* Runs in the child. */
static void become(struct child *child, int in, int out)
{
	if (child->slave >= 0) {
		setsid();
		ioctl(child->slave, TIOCSCTTY, 0);
	}
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	close(in);
	if (out != in)
		close(out);
	close(child->to);
	if (child->from != child->to)
		close(child->from);
}

void child_start(struct child *child, enum child_io io, int (*body)(void *ctx), void *ctx)
{
	int in, out, pipes[2];

	memset(child, 0, sizeof(*child));
	child->master = child->slave = -1;
	if (io == CHILD_TTY) {
		assert_int_equal(openpty(&child->master, &child->slave, NULL, NULL, NULL), 0);
		assert_int_equal(tcgetattr(child->slave, &child->before), 0);
		in = out = child->slave;
		child->to = child->from = child->master;
	} else {
		assert_int_equal(pipe(pipes), 0);
		in = pipes[0];
		child->to = pipes[1];
		assert_int_equal(pipe(pipes), 0);
		child->from = pipes[0];
		out = pipes[1];
	}
	fflush(NULL);
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (child->pid == 0) {
		become(child, in, out);
		exit(body(ctx));
	}
	if (io == CHILD_PIPES) {
		close(in);
		close(out);
	}
}

void child_expect(struct child *child, const char *text)
{
	u64 limit = now_ms() + PATIENCE_MS;

	while (!memmem(child->seen, child->seen_size, text, strlen(text))) {
		struct pollfd from = { .fd = child->from, .events = POLLIN };
		ssize_t got = 0;

		if (now_ms() < limit && poll(&from, 1, 100) == 1)
			got = read(child->from, child->seen + child->seen_size,
				   sizeof(child->seen) - 1 - child->seen_size);
		else if (now_ms() < limit)
			continue;
		if (got <= 0)
			fail_msg("'%s' did not come; there was '%s'", text, child->seen);
		child->seen_size += (size_t)got;
	}
}

void child_type(struct child *child, const char *data, size_t size)
{
	assert_int_equal(write(child->to, data, size), size);
}

int child_wait(struct child *child)
{
	u64 limit = now_ms() + PATIENCE_MS;
	int status;

	while (waitpid(child->pid, &status, WNOHANG) == 0) {
		if (now_ms() > limit) {
			kill(child->pid, SIGKILL);
			waitpid(child->pid, &status, 0);
			child->pid = 0;
			fail_msg("the child does not end; it wrote '%s'", child->seen);
		}
		usleep(1000);
	}
	child->pid = 0;
	return status;
}

static struct termios mode_of(struct child *child)
{
	struct termios mode;

	assert_int_equal(tcgetattr(child->slave, &mode), 0);
	return mode;
}

bool child_is_raw(struct child *child)
{
	return !(mode_of(child).c_lflag & (ICANON | ECHO));
}

bool child_is_restored(struct child *child)
{
	struct termios mode = mode_of(child);

	return mode.c_iflag == child->before.c_iflag && mode.c_oflag == child->before.c_oflag &&
	       mode.c_cflag == child->before.c_cflag && mode.c_lflag == child->before.c_lflag;
}

void child_free(struct child *child)
{
	if (child->pid > 0) {
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
	}
	if (child->slave >= 0)
		close(child->slave);
	if (child->to >= 0)
		close(child->to);
	if (child->from != child->to)
		close(child->from);
}
