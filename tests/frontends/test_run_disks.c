/* SPDX-License-Identifier: MIT */
/*
 * The end of a run whose images cannot be closed well: the user hears of each, and nobody of the
 * run is told any more, which is over by then.
 */
#include "options_line.h"
#include "pty.h"
#include "tests/devices/image_place.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "devices/board_parts.h"
#include "frontends/run.h"

#define DISKS 2

int __wrap_fdatasync(int fd);

/* The medium has failed. */
int __wrap_fdatasync(int fd)
{
	(void)fd;
	errno = EIO;
	return -1;
}

/* In the child: what is written to each disk is not on the medium when the run ends. */
static int perform(void *ctx)
{
	const char *text = ctx;
	struct board_error error;
	struct board *board;
	struct line line;
	u8 data[DISK_SECTOR] = { 1 };
	int code;

	dup2(STDOUT_FILENO, STDERR_FILENO);
	parse_well(&line, text);
	board = board_create(&line.options.board, &error);
	if (!board)
		return 90;
	for (unsigned n = 0; n < DISKS; n++) {
		struct iovec iov = { data, sizeof(data) };

		if (disk_write(&board->nodes[n]->disk, 0, &iov, 1))
			return 91;
	}
	code = run_board(board, &line.options);
	if (board->disk_errors.failed)
		return 92;
	board_free(board);
	options_free(&line.options);
	return code;
}

static void test_close_fails(void **state)
{
	char text[1024], says[256];
	struct child child;
	size_t size = 0;
	int status;

	(void)state;
	size = (size_t)snprintf(text, sizeof(text), "-bios none -display none -S --timeout=0.1");
	for (unsigned n = 0; n < DISKS; n++) {
		char name[16];

		snprintf(name, sizeof(name), "%u.qcow2", n);
		assert_int_equal(sh("qemu-img create -q -f qcow2 %s 1M", name), 0);
		size += (size_t)snprintf(text + size, sizeof(text) - size,
					 " -drive file=%s,format=qcow2,if=virtio", at(name));
	}
	child_start(&child, CHILD_PIPES, perform, text);
	status = child_wait(&child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 4);
	for (unsigned n = 0; n < DISKS; n++) {
		snprintf(says, sizeof(says), "%u.qcow2: cannot be closed well: Input/output error",
			 n);
		child_expect(&child, says);
	}
	assert_null(strstr(child.seen, "the guest got"));
	child_free(&child);
}

int main(void)
{
	struct CMUnitTest tests[] = { cmocka_unit_test(test_close_fails) };

	place_make(1);
	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, place_remove);
}
