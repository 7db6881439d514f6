/* SPDX-License-Identifier: MIT */
/*
 * A bank of parallel flash: two Intel 28F128J3 chips (command set 0x0001) side by side, 16 bits
 * each, so 32 bits wide with blocks of 256 KiB. In read-array mode the bank is ROM to the bus and
 * can be executed; any command makes it registers until the guest goes back.
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
	bool raw; /* the file is, whatever it looks like */
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
	const char *format; /* after -EMEDIUMTYPE of flash_attach: qemu-img's name of the file's */
	u64 file_size;
	bool readonly;
	bool failed; /* a write to the file has failed */
	void (*report)(void *ctx, const struct disk_failure *failure); /* as in the config */
	void *report_ctx;
	u8 mode; /* enum flash_mode */
	u8 status; /* status register */
	bool blank; /* all erased: reads as ones, and ram is still untouched */
	u32 writes_left; /* words left of a buffered program */
	u32 window; /* offset of the buffer's first byte in the bank */
	u32 low, high; /* the part of the buffer that was written */
	u8 buffer[FLASH_BUFFER_SIZE];
};

/*
 * Attaches a bank of FLASH_BANK_SIZE bytes. A shorter file reads as erased beyond its end, and
 * grows when that part is programmed. 0, -EFBIG when it is longer than the bank, -EINVAL when it is
 * no regular file, -EMEDIUMTYPE when it looks like another format, -EBUSY when another machine uses
 * it (image_lock), or the host's error; after an error there is nothing to free. A file that is not
 * written is free again once it is read.
 */
int flash_attach(struct flash *flash, struct platform *platform, u64 base,
		 const struct flash_config *config);
void flash_free(struct flash *flash);

/* Writes one flash@ node for all banks. */
void flash_node(struct fdt *fdt, const u64 *bases, unsigned count);

#endif
