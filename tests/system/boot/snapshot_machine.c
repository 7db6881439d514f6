/* SPDX-License-Identifier: MIT */
/* See snapshot_machine.h. */
#include "tests/system/boot/snapshot_machine.h"

#include <stdlib.h>
#include <string.h>

#include "devices/board/snapshot/snapshot.h"
#include "tests/devices/block/image_place.h"
#include "tests/system/boot/boot.h"

#define DISK_SIZE (8 * MiB)

struct board_error snapshot_error;

const struct snapshot_guest simple_guest = { NULL, 1, 3000000, 1000000, NULL, ENGINE_THREADED,
				     BOARD_AIA_NONE, 0 };

struct board_config config_of(const struct snapshot_guest *guest)
{
	static const struct virtio_blk_properties a = { .drive = "a" }, b = { .drive = "b" };
	const bool bundled = !guest->program;

	return (struct board_config){
		.harts = guest->harts,
		.ram_size = 128 * MiB,
		.program = guest->program,
		.kernel = bundled ? BAYA_KERNEL : NULL,
		.initrd = bundled ? BAYA_ROMS "/initramfs.cpio.gz" : NULL,
		.append = bundled ? BOOT_WORK : NULL,
		.disks = {
			{ .id = "a", .file = strdup(at("a.qcow2")), .format = BOARD_FORMAT_QCOW2 },
			{ .id = "b", .file = strdup(at("b.qcow2")), .format = BOARD_FORMAT_QCOW2 },
		},
		.disk_count = 2,
		.devices = {
			{ .type = "virtio-blk", .transport = DEVICE_MMIO, .properties = &a },
			{ .type = "virtio-blk", .transport = DEVICE_PCI, .properties = &b },
			{ .type = "virtio-serial", .transport = DEVICE_MMIO },
		},
		.device_count = 3,
		.engine = guest->engine,
		.aia = guest->aia,
		.aclint = guest->aclint != 0,
		.clock = CLOCK_VIRTUAL,
		.timing = guest->core,
		.cores = BAYA_CORES,
	};
}

struct board *start_machine(const struct snapshot_guest *guest)
{
	const struct board_config config = config_of(guest);

	return make_board(&config);
}

void end_machine(struct board *board)
{
	const struct board_config config = board->config;

	board_free(board);
	for (unsigned n = 0; n < config.disk_count; n++)
		free((char *)(uintptr_t)config.disks[n].file);
}

int make_images(void **state)
{
	place_make(1);
	for (const char *name = "ab"; *name; name++)
		assert_int_equal(sh("qemu-img create -f qcow2 %c.qcow2 8M", *name), 0);
	return 0;
}

void check_images(void)
{
	for (const char *name = "ab"; *name; name++)
		assert_int_equal(sh("qemu-img check %c.qcow2", *name), 0);
}

void run_to(struct board *board, u64 count)
{
	enum board_exit left;

	board_limit(board, count);
	do
		left = board_run(board);
	while (left == BOARD_SLICE);
	assert_true(left == BOARD_LIMIT || left == BOARD_ENDED);
}

u64 hash_of(struct board *board)
{
	return state_hash(&board->platform.state);
}

u64 retired(struct board *board)
{
	return board->platform.journal.instructions(board);
}

void fill(struct board *board, unsigned n, u8 value)
{
	u8 *data = malloc(DISK_SIZE / 2);
	struct iovec iov = { data, DISK_SIZE / 2 };

	memset(data, value, iov.iov_len);
	assert_int_equal(disk_write(&board->nodes[n]->disk, 1234 * DISK_SECTOR, &iov, 1), 0);
	free(data);
}

void check_filled(struct board *board, unsigned n, u8 value)
{
	u8 *data = malloc(DISK_SIZE / 2);
	struct iovec iov = { data, DISK_SIZE / 2 };

	assert_int_equal(disk_read(&board->nodes[n]->disk, 1234 * DISK_SECTOR, &iov, 1), 0);
	for (size_t i = 0; i < DISK_SIZE / 2; i++)
		assert_int_equal(data[i], value);
	free(data);
}

int save(struct board *board, const char *tag)
{
	const struct board_snapshot_request request = { .tag = tag };

	return board_snapshot_save(board, &request, &snapshot_error);
}

int load(struct board *board, const char *tag)
{
	const struct board_snapshot_request request = { .tag = tag };

	return board_snapshot_load(board, &request, &snapshot_error);
}

void must(int failed)
{
	if (failed)
		fail_msg("%s", snapshot_error.text);
}

void check_refused(struct board *board, int (*call)(struct board *, const char *), const char *tag,
		   const char *text)
{
	u64 before = hash_of(board);

	assert_int_equal(call(board, tag), -1);
	assert_string_equal(snapshot_error.text, text);
	assert_true(hash_of(board) == before);
}
