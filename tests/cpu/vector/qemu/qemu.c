/* SPDX-License-Identifier: MIT */
/* Starts QEMU and asks it (see qemu.h). */
#include "tests/cpu/vector/qemu/qemu.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static void start(struct qemu *qemu)
{
	int to[2], from[2];

	if (pipe(to) || pipe(from))
		fail("pipe");
	qemu->pid = fork();
	if (qemu->pid == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		/* QEMU prints the assertion each time that one aborts it. */
		dup2(open("/dev/null", O_WRONLY), 2);
		close(to[1]);
		close(from[0]);
		execvp(qemu->command[0], qemu->command);
		_exit(127);
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

/* Sends bytes to QEMU. Returns false if it has ended. */
static bool send(struct qemu *qemu, const void *bytes, size_t count)
{
	for (size_t done = 0; done < count;) {
		ssize_t now = write(qemu->to, (const char *)bytes + done, count - done);

		if (now <= 0)
			return false;
		done += (size_t)now;
	}
	return true;
}

/* Receives bytes from QEMU. Returns false if there is no answer. */
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
	if (send(qemu, image, sizeof(*image)) && send(qemu, &code.count, sizeof(code.count)) &&
	    send(qemu, code.insn, code.count * sizeof(*code.insn)) &&
	    receive(qemu, image, sizeof(*image)) && receive(qemu, at, sizeof(*at)))
		return true;
	qemu_stop(qemu);
	start(qemu);
	return false;
}

void qemu_start(struct qemu *qemu)
{
	static const u32 nop = 0x00000013;
	static struct vector_image image;
	u32 at;

	/* If the command has ended, the missing answer shows it. */
	signal(SIGPIPE, SIG_IGN);
	start(qemu);
	if (qemu_run(qemu, (struct qemu_code){ &nop, 1 }, &image, &at))
		return;
	fprintf(stderr,
		"qemu_compare: this command does not answer; its error is seen without the comparison:");
	for (char *const *word = qemu->command; *word; word++)
		fprintf(stderr, " %s", *word);
	fprintf(stderr, "\n");
	exit(2);
}
