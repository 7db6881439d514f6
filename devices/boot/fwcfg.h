/* SPDX-License-Identifier: MIT */
/*
 * QEMU's firmware configuration device (docs/specs/fw_cfg): a directory of named blobs that the
 * board passes to firmware, through a selector, a data register and DMA. The guest can write a few
 * of them.
 */
#ifndef DEVICES_BOOT_FWCFG_H
#define DEVICES_BOOT_FWCFG_H

#include "bus/platform.h"

struct fdt;

#define FWCFG_ITEMS_MAX 64
#define FWCFG_FILES_MAX 32
#define FWCFG_NAME_MAX 56 /* with the final zero */

/* Keys of items that are not files; all numbers are little-endian. */
enum {
	FWCFG_SIGNATURE = 0x00,
	FWCFG_ID = 0x01,
	FWCFG_UUID = 0x02, /* 16 bytes */
	FWCFG_RAM_SIZE = 0x03, /* u64, bytes */
	FWCFG_CPUS = 0x05, /* u16 */
	FWCFG_KERNEL_SIZE = 0x08, /* u32 */
	FWCFG_INITRD_SIZE = 0x0b, /* u32 */
	FWCFG_CPUS_MAX = 0x0f, /* u16 */
	FWCFG_KERNEL_DATA = 0x11,
	FWCFG_INITRD_DATA = 0x12,
	FWCFG_CMDLINE_SIZE = 0x14, /* u32, with the final zero */
	FWCFG_CMDLINE_DATA = 0x15,
	FWCFG_DIRECTORY = 0x19,
	FWCFG_FIRST_FILE = 0x20,
};

/* Called when a DMA has written an item. */
struct fwcfg_writer {
	void (*written)(void *ctx); /* NULL: the item is read-only */
	void *ctx;
};

struct fwcfg_item {
	u16 key;
	u32 size;
	const void *data; /* borrowed */
	struct fwcfg_writer writer;
};

struct fwcfg {
	struct platform *platform;
	struct fwcfg_item items[FWCFG_ITEMS_MAX];
	unsigned count, file_count;
	u8 directory[4 + FWCFG_FILES_MAX * 64]; /* as the guest reads it */
	u16 key; /* selected */
	u32 offset; /* of the next byte of the selected item */
	u64 dma; /* address of the descriptor while its low half is not written */
};

int fwcfg_attach(struct fwcfg *fwcfg, struct platform *platform, u64 base);

/*
 * Add a blob, which is not copied and must outlive the machine. They return 0, -ENOSPC if the table
 * is full, -EFBIG from 4 GiB on, -EEXIST if the key or name exists, or -EINVAL if the name is too
 * long.
 */
int fwcfg_add_item(struct fwcfg *fwcfg, u16 key, const void *data, size_t size);
int fwcfg_add_file(struct fwcfg *fwcfg, const char *name, const void *data, size_t size);
int fwcfg_add_writable(struct fwcfg *fwcfg, const char *name, void *data, size_t size,
		       const struct fwcfg_writer *writer);

/* Gives an item another blob, or adds it. -ENOSPC and -EFBIG as above. */
int fwcfg_set_item(struct fwcfg *fwcfg, u16 key, const void *data, size_t size);

void fwcfg_node(struct fdt *fdt, u64 base);

#endif
