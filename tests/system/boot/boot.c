/* SPDX-License-Identifier: MIT */
/*
 * Booting the bundled guest for a test. BAYA_ROMS is where it is, and BAYA_KERNEL its kernel,
 * unpacked (CMake). See boot.h.
 */
#include "tests/board.h"
#include "tests/system/boot/boot.h"

#include "tests/cpu/random.h"

#include <malloc.h>
#include <string.h>

#define RAM_SIZE (128 * MiB)

static void console_write(void *ctx, const u8 *data, size_t size)
{
	struct boot *boot = ctx;

	boot->written += size;
	for (size_t n = 0; n < size; n++) {
		boot->written_hash = (boot->written_hash ^ data[n]) * 0x100000001b3ull;
		if (boot->text_size == sizeof(boot->text) - 1) {
			boot->text_size /= 2;
			memmove(boot->text, boot->text + boot->text_size, boot->text_size);
		}
		boot->text[boot->text_size++] = (char)data[n];
	}
	boot->text[boot->text_size] = '\0';
}

void boot_start(struct boot *boot, const struct boot_config *config)
{
	static const struct virtio_blk_properties disk = { .drive = "disk" };
	const struct board_config board = {
		.harts = config->harts,
		.ram_size = RAM_SIZE,
		.kernel = BAYA_KERNEL,
		.initrd = BAYA_ROMS "/initramfs.cpio.gz",
		.append = BOOT_WORK,
		/* Any file will do for a disk that is only read. */
		.disks = { { .id = "disk", .file = BAYA_ROMS "/Image.gz", .readonly = true } },
		.disk_count = 1,
		.devices = {
			{ .type = "virtio-blk", .transport = DEVICE_MMIO, .properties = &disk },
			{ .type = "virtio-serial", .transport = DEVICE_MMIO },
			{ .type = "virtio-rng", .transport = DEVICE_MMIO },
		},
		.device_count = 3,
		.aia = config->aia,
		.aia_guests = 3,
		.aclint = config->aclint,
		.engine = config->engine,
		.clock = CLOCK_VIRTUAL,
		.seed = config->seed,
	};

	mallopt(M_PERTURB, config->garbage);
	memset(boot, 0, sizeof(*boot));
	boot->board = make_board(&board);
	board_serial(boot->board)->write = console_write;
	board_serial(boot->board)->ctx = boot;
}

void boot_free(struct boot *boot)
{
	board_free(boot->board);
}

enum board_exit boot_run_to(struct boot *boot, u64 count, u64 *stops)
{
	enum board_exit left;

	do {
		u64 part = stops ? 1 + random_u64(stops) % 3000000 : count;
		u64 stop = boot_instructions(boot) + part;

		board_limit(boot->board, MIN(count, stop));
		do
			left = board_run(boot->board);
		while (left == BOARD_SLICE);
	} while (left == BOARD_LIMIT && boot_instructions(boot) < count);
	return left;
}

u64 boot_instructions(struct boot *boot)
{
	struct board_stats stats;

	board_stats(boot->board, &stats);
	return stats.instructions;
}

struct state *boot_state(struct boot *boot)
{
	return &board_platform(boot->board)->state;
}

u64 boot_hash(struct boot *boot)
{
	return state_hash(boot_state(boot));
}
