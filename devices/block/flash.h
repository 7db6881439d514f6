/* SPDX-License-Identifier: MIT */
/*
 * A bank of parallel flash: two 16-bit Intel 28F128J3 chips (command set 0x0001) side by side,
 * which together are 32 bits wide and have blocks of 256 KiB. In read-array mode the bus treats the
 * bank as ROM, from which code can be executed. Any command turns it into registers until the guest
 * returns to that mode.
 */
#ifndef DEVICES_BLOCK_FLASH_H
#define DEVICES_BLOCK_FLASH_H

#include "bus/platform.h"

struct disk_failure;
struct fdt;

#define FLASH_BLOCK_SIZE (256 * KiB)
#define FLASH_BUFFER_SIZE (4 * KiB)

struct flash_config {
	const char *name; /* "flash0"; unique; must outlive the machine */
	/*
	 * raw image, which is read by flash_attach; NULL: the bank is erased, and its contents are
	 * lost at the end
	 */
	const char *file;
	bool raw; /* the file is raw, whatever it looks like */
	bool readonly; /* programming and erasing report that the block is locked */
	bool snapshot; /* the file is not written */
	/*
	 * Called for each write to the file that fails, which the guest notices, too. May be NULL.
	 */
	void (*report)(void *ctx, const struct disk_failure *failure);
	void *report_ctx;
};

struct flash {
	struct platform *platform;
	u64 base; /* for bus_remap */
	struct ram ram; /* the array; the block cache sets ram.before_code_write */
	int fd; /* backing file if it is written, or -1 */
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
	u32 writes_left; /* words that a buffered program still expects */
	u32 window; /* offset of the buffer's first byte in the bank */
	u32 low, high; /* the part of the buffer that was written */
	u8 buffer[FLASH_BUFFER_SIZE];
};

/*
 * Attaches a bank of FLASH_BANK_SIZE bytes. Beyond the end of a shorter file the bank reads as
 * erased, and the file grows when that part is programmed. Returns 0, -EFBIG if the file is longer
 * than the bank, -EINVAL if it is no regular file, -EMEDIUMTYPE if it looks like another format,
 * -EBUSY if another machine uses it (image_lock), or the host's error. After an error there is
 * nothing to free. A file that is only read is closed, and so unlocked, after it was read.
 */
int flash_attach(struct flash *flash, struct platform *platform, u64 base,
		 const struct flash_config *config);
void flash_free(struct flash *flash);

/* Writes to the device tree one flash@ node for all banks, which are at these base addresses. */
void flash_node(struct fdt *fdt, const u64 *bases, unsigned count);

#endif
