/* SPDX-License-Identifier: MIT */
/* Attaches the machine's flash banks, and the files in which their contents are kept. */
#include "devices/board/machine.h"

#include <errno.h>
#include <string.h>

static int flash_failure(struct board *board, const struct flash *flash,
			 const struct flash_config *config, int error)
{
	switch (error) {
	case -EFBIG:
		return board_fail(board, 3, "%s: a flash image has at most %u MiB", config->file,
				  (unsigned)(FLASH_BANK_SIZE / MiB));
	case -EMEDIUMTYPE:
		return board_fail(board, 3,
				  "%s: looks like a %s image; `qemu-img convert -O raw` copies it "
				  "into a file that can be used as flash, or add format=raw to "
				  "-drive if a guest is to see it as it is",
				  config->file, flash->format);
	case -EBUSY:
		return board_fail(board, 3,
				  "%s: is in use by another machine, or twice in this one; stop "
				  "that one, give each machine a copy, or give all readonly=on",
				  config->file);
	case -ENOMEM:
		return board_no_memory(board, "%s: not enough host memory for %u MiB of flash",
				       config->file ? config->file : config->name,
				       (unsigned)(FLASH_BANK_SIZE / MiB));
	default:
		return board_fail(board, 3, "%s: cannot be used as flash: %s",
				  config->file ? config->file : config->name, strerror(-error));
	}
}

static void flash_report(void *ctx, const struct disk_failure *failure)
{
	const struct board_disk *disk = ctx;

	board_report_failure(disk->file, failure);
}

int board_attach_flash(struct board *board)
{
	static const char *const names[FLASH_BANKS] = { "flash0", "flash1" };

	for (unsigned n = 0; n < FLASH_BANKS; n++) {
		struct board_disk *disk = &board->config.pflash[n];
		const struct flash_config config = {
			.name = names[n],
			.file = disk->file,
			.raw = disk->format != BOARD_FORMAT_UNSAID,
			.readonly = disk->readonly,
			.snapshot = disk->snapshot,
			.report = flash_report,
			.report_ctx = disk,
		};
		u64 base = FLASH_BASE + n * (u64)FLASH_BANK_SIZE;
		int error = flash_attach(&board->flash[n], &board->platform, base, &config);

		if (error < 0)
			return flash_failure(board, &board->flash[n], &config, error);
		board->flash_count++;
	}
	return 0;
}
