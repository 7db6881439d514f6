/* SPDX-License-Identifier: MIT */
/* Starts QEMU and asks it (see qemu.h). */
#include "tests/cpu/vector/qemu.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

void qemu_start(struct qemu *qemu)
{
	int to[2], from[2];

	if (pipe(to) || pipe(from))
		fail("pipe");
	qemu->pid = fork();
	if (qemu->pid == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		close(to[1]);
		close(from[0]);
		execvp(qemu->command[0], qemu->command);
		fail(qemu->command[0]);
	}
	close(to[0]);
	close(from[1]);
	qemu->to = to[1];
	qemu->from = from[0];
}

void qemu_stop(struct qemu *qemu)
{
	close(qemu->to);
	close(qemu->from);
	waitpid(qemu->pid, NULL, 0);
}

static void send(struct qemu *qemu, const void *bytes, size_t count)
{
	for (size_t done = 0; done < count;) {
		ssize_t now = write(qemu->to, (const char *)bytes + done, count - done);

		if (now <= 0)
			fail("write");
		done += (size_t)now;
	}
}

/* Returns false if there is no answer. */
static bool receive(struct qemu *qemu, void *bytes, size_t count)
{
	for (size_t done = 0; done < count;) {
		ssize_t now = read(qemu->from, (char *)bytes + done, count - done);

		if (now <= 0)
			return false;
		done += (size_t)now;
	}
	return true;
}

bool qemu_run(struct qemu *qemu, struct qemu_code code, struct vector_image *image, u32 *at)
{
	send(qemu, image, sizeof(*image));
	send(qemu, &code.count, sizeof(code.count));
	send(qemu, code.insn, code.count * sizeof(*code.insn));
	if (receive(qemu, image, sizeof(*image)) && receive(qemu, at, sizeof(*at)))
		return true;
	qemu_stop(qemu);
	qemu_start(qemu);
	return false;
}
