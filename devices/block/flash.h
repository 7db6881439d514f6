/* SPDX-License-Identifier: MIT */
/*
 * A bank of parallel flash: two Intel 28F128J3 chips (command set 0x0001) of 16 bits side by side,
 * so it is 32 bits wide, with blocks of 256 KiB. In read-array mode the bank is ROM to the bus and
 * can be executed. Any command turns it into registers until the guest returns to that mode.
 */
#ifndef DEVICES_BLOCK_FLASH_H
#define DEVICES_BLOCK_FLASH_H

#include "bus/platform.h"

struct disk_failure;
struct fdt;

#define FLASH_BLOCK_SIZE (256 * KiB)
#define FLASH_BUFFER_SIZE (4 * KiB)

struct flash_config {
	const char *name; /* unique, outlives the machine: "flash0" */
	const char *file; /* raw image, read at attach; NULL: erased, and forgotten at the end */
	bool raw; /* the file is raw, whatever it looks like */
	bool readonly; /* programming and erasing report a locked block */
	bool snapshot; /* the file is not written */
	/* Called at each write to the file that fails; the guest sees it, too. May be NULL. */
	void (*report)(void *ctx, const struct disk_failure *failure);
	void *report_ctx;
};

struct flash {
	struct platform *platform;
	u64 base; /* for bus_remap */
	struct ram ram; /* the array; block caches connect ram.before_code_write */
	int fd; /* writable backing file, or -1 */
	/* after -EMEDIUMTYPE of flash_attach: qemu-img's name of the file's format */
	const char *format;
	u64 file_size;
	bool readonly;
	bool failed; /* a write to the file has failed */
	void (*report)(void *ctx, const struct disk_failure *failure); /* as in the config */
	void *report_ctx;
	u8 mode; /* enum flash_mode */
	u8 status; /* status register */
	bool blank; /* the bank is erased: it reads as ones, and ram is still untouched */
	u32 writes_left; /* words left of a buffered program */
	u32 window; /* offset of the buffer's first byte in the bank */
	u32 low, high; /* the part of the buffer that was written */
	u8 buffer[FLASH_BUFFER_SIZE];
};

/*
 * Attaches a bank of FLASH_BANK_SIZE bytes. Beyond the end of a shorter file the bank reads as
 * erased, and the file grows when that part is programmed. Returns 0, -EFBIG if the file is longer
 * than the bank, -EINVAL if it is no regular file, -EMEDIUMTYPE if it looks like another format,
 * -EBUSY if another machine uses it (image_lock), or the host's error. After an error there is
 * nothing to free. A file that is not written is unlocked after it was read.
 */
int flash_attach(struct flash *flash, struct platform *platform, u64 base,
		 const struct flash_config *config);
void flash_free(struct flash *flash);

/* Writes one flash@ node for all banks. */
void flash_node(struct fdt *fdt, const u64 *bases, unsigned count);

#endif
