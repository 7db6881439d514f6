/* SPDX-License-Identifier: MIT */
/*
 * Images when the machine stops: a copy of one has all that was written. And images that cannot be
 * flushed or closed properly: each is reported to the user. At the end of a run they are not
 * reported to parts of the run, which no longer exist; a node that is to be deleted stays.
 */
#include "tests/devices/block/image_place.h"
#include "tests/frontends/cli/options_line.h"
#include "tests/frontends/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "devices/board/inspect/debug.h"
#include "devices/board/machine.h"
#include "devices/board/plug/nodes.h"
#include "frontends/monitor/monitor.h"
#include "frontends/run/run.h"

#define DISKS 2

int __wrap_fdatasync(int fd);

static unsigned synced; /* this many syncs have succeeded */
static unsigned syncs; /* this many succeed; after them the medium fails, until it is repaired */

int __wrap_fdatasync(int fd)
{
	if (syncs) {
		syncs--;
		synced++;
		return 0;
	}
	errno = EIO;
	return -1;
}

/* Runs in the child. What was written to each disk is not on the medium when the run ends. */
static int run_disks_perform(void *ctx)
{
	const char *text = ctx;
	struct board_error error;
	struct board *board;
	const struct options *options;
	u8 data[DISK_SECTOR] = { 1 };
	int code;

	dup2(STDOUT_FILENO, STDERR_FILENO);
	options = parse_well(text);
	board = board_create(&options->board, &error);
	if (!board)
		return 90;
	for (unsigned n = 0; n < DISKS; n++) {
		struct iovec iov = { data, sizeof(data) };

		if (disk_write(&board->nodes[n]->disk, 0, &iov, 1))
			return 91;
	}
	code = run_board(board, options, NULL);
	if (board->disk_errors.failed)
		return 92;
	board_free(board);
	return code;
}

static void test_close_fails(void **state)
{
	char text[1024], says[256];
	struct child child;
	size_t size = 0;
	int status;

	size = (size_t)snprintf(text, sizeof(text), "-bios none -display none -S --timeout=0.1");
	for (unsigned n = 0; n < DISKS; n++) {
		char name[16];

		snprintf(name, sizeof(name), "%u.qcow2", n);
		assert_int_equal(sh("qemu-img create -q -f qcow2 %s 1M", name), 0);
		size += (size_t)snprintf(text + size, sizeof(text) - size,
					 " -drive file=%s,format=qcow2,if=virtio", at(name));
	}
	child_start(&child, CHILD_PIPES, run_disks_perform, text);
	status = child_wait(&child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 4);
	for (unsigned n = 0; n < DISKS; n++) {
		snprintf(says, sizeof(says), "%u.qcow2: cannot be closed well: Input/output error",
			 n);
		child_expect(&child, says);
	}
	/* The machine has not run at all (-S), and is stopped from the start. */
	assert_non_null(
		strstr(child.seen, "0.qcow2: cannot be flushed as the machine stops: Input"));
	assert_null(strstr(child.seen, "the guest got"));
	child_free(&child);
}

/* A node whose tables are only in memory is not deleted before they are in the file. */
static void test_delete_fails(void **state)
{
	u8 data[DISK_SECTOR] = { 1 };
	struct iovec iov = { data, sizeof(data) };
	struct board_error error;
	struct board_disk config = { .format = BOARD_FORMAT_QCOW2, .node = "n0" };
	struct board *board;
	struct disk disk;

	assert_int_equal(sh("qemu-img create -q -f qcow2 n.qcow2 1M"), 0);
	board = board_create(&parse_well("-bios none -display none")->board, &error);
	assert_non_null(board);
	config.file = at("n.qcow2");
	assert_int_equal(board_add_node(board, &config, &error), 0);
	assert_int_equal(disk_write(&board->nodes[0]->disk, 0, &iov, 1), 0);
	syncs = 100;
	place_limit(1);
	for (unsigned tries = 0; tries < 2; tries++) {
		assert_int_equal(board_delete_node(board, "n0", &error), -1);
		assert_non_null(strstr(error.text, "Node n0 stays open: "));
		assert_non_null(strstr(error.text, "File too large"));
	}
	place_limit(0);
	assert_int_equal(board_delete_node(board, "n0", &error), 0);
	syncs = 0;
	assert_int_equal(board->node_count, 0);
	board_free(board);
	assert_int_equal(sh("qemu-img check -q n.qcow2"), 0);
	assert_int_equal(open_image(&disk, "n.qcow2", true), 0);
	iov = (struct iovec){ data, sizeof(data) };
	data[0] = 0;
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	assert_int_equal(data[0], 1);
	disk_close(&disk);
}

static void put_sector(struct board *board, unsigned node, u8 byte)
{
	u8 data[DISK_SECTOR] = { byte };
	struct iovec iov = { data, sizeof(data) };

	assert_int_equal(disk_write(&board->nodes[node]->disk, 0, &iov, 1), 0);
}

/* Stops the machine; a copy of the disk that is made then must be valid and have the byte. */
static void check_copy(struct monitor *monitor, u8 byte)
{
	struct iovec iov;
	u8 data[DISK_SECTOR];
	struct disk disk;

	iov = (struct iovec){ data, sizeof(data) };
	monitor_run(monitor, "stop", stderr);
	assert_true(monitor->stopped);
	copy_file("q.qcow2", "copy.qcow2");
	run_tool_must("qemu-img check -q copy.qcow2");
	assert_int_equal(open_image(&disk, "copy.qcow2", true), 0);
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	assert_int_equal(data[0], byte);
	disk_close(&disk);
}

/* The board of a run with a raw disk and a qcow2 one. */
static struct board *open_two(void)
{
	struct board_error error;
	struct board *board;
	char text[512];

	sh_must("qemu-img create -q -f qcow2 q.qcow2 1M && truncate -s 1M r.raw");
	snprintf(text, sizeof(text),
		 "-bios none -display none -drive file=%s,format=qcow2,if=virtio -drive "
		 "file=%s,format=raw,if=virtio",
		 at("q.qcow2"), at("r.raw"));
	board = board_create(&parse_well(text)->board, &error);
	assert_non_null(board);
	return board;
}

/* A stop flushes the disks that were written to, and no others. */
static void test_stop(void **state)
{
	struct monitor monitor;
	struct board *board = open_two();

	monitor_init(&monitor, board, 1, NULL);
	syncs = 1000;
	put_sector(board, 0, 1);
	check_copy(&monitor, 1);
	monitor_resume(&monitor);
	board_hold(board, false);
	put_sector(board, 0, 2);
	check_copy(&monitor, 2);

	monitor_resume(&monitor);
	board_hold(board, false);
	synced = 0;
	board_hold(board, true);
	assert_int_equal(synced, 0);
	board_hold(board, false);
	put_sector(board, 1, 1);
	board_hold(board, true);
	board_hold(board, true);
	assert_int_equal(synced, 1);
	board_free(board);
	syncs = 0;
}

/*
 * A disk that cannot be flushed is flushed again at the next stop, but not while the machine is
 * stopped by a disk's error, after which the guest's operation is tried again.
 */
static void test_stop_fails(void **state)
{
	struct board *board = open_two();

	syncs = 1000;
	put_sector(board, 0, 1);
	place_limit(1);
	board_hold(board, true);
	place_limit(0);
	assert_true(board->nodes[0]->unsettled);
	board_hold(board, false);
	synced = 0;
	board->disk_errors.stopped = true;
	board_hold(board, true);
	assert_int_equal(synced, 0);
	board_hold(board, false);
	board_hold(board, true);
	assert_int_not_equal(synced, 0);
	assert_false(board->nodes[0]->unsettled);
	board_free(board);
	syncs = 0;
}

/*
 * After a failed fdatasync no flush succeeds. The node can be deleted when the user knows of the
 * error.
 */
static void test_sync_fails(void **state)
{
	struct board_disk config = { .format = BOARD_FORMAT_RAW, .node = "n0" };
	struct board_error error;
	struct board *board = open_two();

	sh_must("truncate -s 1M n.raw");
	config.file = at("n.raw");
	assert_int_equal(board_add_node(board, &config, &error), 0);
	put_sector(board, 1, 1);
	put_sector(board, 2, 1);
	assert_int_equal(board_delete_node(board, "n0", &error), -1);
	assert_non_null(strstr(error.text, "Node n0 stays open: "));
	syncs = 1000;
	assert_int_equal(board_delete_node(board, "n0", &error), 0);
	syncs = 0;
	board_hold(board, true);
	assert_true(board->nodes[1]->unsettled);
	board_hold(board, false);
	syncs = 1000;
	board_hold(board, true);
	assert_true(board->nodes[1]->unsettled);
	board_hold(board, false);
	board_free(board);
	syncs = 0;
}

/* Runs in the child: opens the machine with its disks, and closes it. */
static int open_and_close(void *ctx)
{
	struct board_error error;
	struct board *board;

	dup2(STDOUT_FILENO, STDERR_FILENO);
	board = board_create(&parse_well(ctx)->board, &error);
	if (!board)
		return 90;
	board_free(board);
	return 0;
}

/* The user is warned of dirty bitmaps that a write would make inconsistent. */
static void test_bitmaps_are_told(void **state)
{
	static const char says[] = "b.qcow2: its dirty bitmaps become inconsistent";

	sh_must("qemu-img create -q -f qcow2 b.qcow2 1M && qemu-img bitmap --add b.qcow2 name");
	for (unsigned snapshot = 0; snapshot < 2; snapshot++) {
		char text[256];
		struct child child;

		snprintf(text, sizeof(text),
			 "-bios none -display none -drive file=%s,format=qcow2,if=virtio%s",
			 at("b.qcow2"), snapshot ? " -snapshot" : "");
		child_start(&child, CHILD_PIPES, open_and_close, text);
		assert_int_equal(child_wait(&child), 0);
		if (!snapshot)
			child_expect(&child, says);
		else
			assert_null(strstr(child.seen, says));
		child_free(&child);
	}
}

/* Runs in the child. The first write to a disk with -snapshot fails, and then a read of another
 * disk. */
static int fail_overlays(void *ctx)
{
	struct board_error error;
	struct board *board;
	u8 data[DISK_SECTOR] = { 1 };
	struct iovec iov = { data, sizeof(data) };
	int failed;

	dup2(STDOUT_FILENO, STDERR_FILENO);
	board = board_create(&parse_well(ctx)->board, &error);
	if (!board)
		return 90;
	place_limit(1);
	failed = disk_write(&board->nodes[0]->disk, 0, &iov, 1);
	place_limit(0);
	iov = (struct iovec){ data, sizeof(data) };
	if (failed != -EFBIG || truncate(at("1.raw"), 0) ||
	    disk_read(&board->nodes[1]->disk, 0, &iov, 1) != -EIO)
		return 91;
	board_free(board);
	return 0;
}

/* The user is told whether the image or the temporary file failed. */
static void test_overlay_fails(void **state)
{
	char text[512], says[256];
	struct child child;

	sh_must("truncate -s 1M 0.raw && truncate -s 1M 1.raw");
	snprintf(text, sizeof(text),
		 "-bios none -display none -snapshot -drive file=%s,format=raw,if=virtio "
		 "-drive file=%s,format=raw,if=virtio",
		 at("0.raw"), at("1.raw"));
	assert_int_equal(setenv("TMPDIR", at("."), 1), 0);
	child_start(&child, CHILD_PIPES, fail_overlays, text);
	assert_int_equal(child_wait(&child), 0);
	snprintf(says, sizeof(says),
		 "0.raw: write of its temporary file in %s failed: File too large; the guest got",
		 at("."));
	child_expect(&child, says);
	child_expect(&child, "1.raw: read failed: Input/output error; the guest got");
	child_free(&child);
	assert_int_equal(unsetenv("TMPDIR"), 0);
}

static void check_commit(struct board *board, const char *name, const char *says)
{
	struct board_error error = { .exit_code = 0 };

	if (!says) {
		assert_int_equal(board_commit_disks(board, name, &error), 0);
		return;
	}
	assert_int_equal(board_commit_disks(board, name, &error), -1);
	if (!strstr(error.text, says))
		fail_msg("%s", error.text);
}

/* Checks the errors of commit; `commit all` skips disks of which nothing can be committed. */
static void test_commit(void **state)
{
	char text[1024];
	struct board_error error;
	struct board *board;
	struct disk other;

	sh_must("truncate -s 1M 0.raw && truncate -s 1M 1.raw && "
		"qemu-img create -q -f qcow2 -F raw -b 1.raw 1.qcow2");
	snprintf(text, sizeof(text),
		 "-bios none -display none -drive file=%s,format=raw,if=virtio,id=d0 "
		 "-drive file=%s,format=qcow2,if=virtio,id=d1,readonly=on",
		 at("0.raw"), at("1.qcow2"));
	board = board_create(&parse_well(text)->board, &error);
	assert_non_null(board);
	check_commit(board, NULL, NULL);
	check_commit(board, "d0", "'d0' cannot be committed: it has neither -snapshot nor a ");
	check_commit(board, "d1", "'d1' cannot be committed: it is read-only");
	check_commit(board, "d2", "Device 'd2' not found");
	board_free(board);

	snprintf(text, sizeof(text),
		 "-bios none -display none -drive file=%s,format=raw,if=virtio,id=d0,snapshot=on",
		 at("0.raw"));
	board = board_create(&parse_well(text)->board, &error);
	assert_non_null(board);
	syncs = 1000;
	put_sector(board, 0, 7);
	assert_int_equal(disk_open(&other, at("0.raw"), true), 0);
	check_commit(board, NULL, "'d0' cannot be committed: ");
	check_commit(board, "d0", "0.raw: cannot be opened for writing: another machine, or ");
	disk_close(&other);
	check_commit(board, "d0", NULL);
	board_free(board);
	syncs = 0;
	sh_must("qemu-io -f raw -c 'read -P 7 0 1' 0.raw | tee log2 && ! grep -i failed log2");

	snprintf(text, sizeof(text),
		 "-bios none -display none -drive file=%s,format=raw,if=virtio,id=d0 --compare",
		 at("0.raw"));
	board = board_create(&parse_well(text)->board, &error);
	assert_non_null(board);
	check_commit(board, NULL, "disks cannot be committed under --compare, --restore and rr=");
	board_free(board);
}

/* Runs in the child. Returns whether nobody could have resumed the machine when the run ended. */
static int run_unattended(void *ctx)
{
	struct board_error error;
	const struct options *options = parse_well(ctx);
	struct board *board = board_create(&options->board, &error);
	int unattended;

	if (!board)
		return 90;
	run_board(board, options, NULL);
	unattended = board->disk_errors.unattended;
	board_free(board);
	return unattended;
}

static int run_without_input(void *ctx)
{
	int null = open("/dev/null", O_RDONLY);

	dup2(null, STDIN_FILENO);
	close(null);
	return run_unattended(ctx);
}

/* A full disk stops the machine only if somebody can resume it. */
static void test_unattended(void **state)
{
	static const struct {
		const char *options;
		bool input, unattended;
	} cases[] = {
		{ .options = "", .input = true },
		{ .options = "", .unattended = true },
		{ .options = "-monitor none", .input = true, .unattended = true },
		{ .options = "-qmp unix:qmp,server=on,wait=off" },
		{ .options = "-gdb unix:gdb" },
	};
	char text[200];

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct child child;

		snprintf(text, sizeof(text), "-bios none -display none -S --timeout=0.1 %s",
			 cases[n].options);
		child_start(&child, CHILD_PIPES,
			    cases[n].input ? run_unattended : run_without_input, text);
		assert_int_equal(WEXITSTATUS(child_wait(&child)), cases[n].unattended);
		child_free(&child);
	}
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close_fails),
		cmocka_unit_test(test_delete_fails),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stop_fails),
		cmocka_unit_test(test_sync_fails),
		cmocka_unit_test(test_bitmaps_are_told),
		cmocka_unit_test(test_overlay_fails),
		cmocka_unit_test(test_commit),
		cmocka_unit_test(test_unattended),
	};

	place_make(1);
	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, place_remove);
}
