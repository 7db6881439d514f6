/* SPDX-License-Identifier: MIT */
/*
 * QEMU's firmware configuration device (docs/specs/fw_cfg): a directory of named blobs that the
 * board passes to firmware. The guest accesses them through a selector, a data register and DMA. It
 * can write a few of them.
 */
#ifndef DEVICES_BOOT_FWCFG_H
#define DEVICES_BOOT_FWCFG_H

#include "bus/platform.h"

struct fdt;

#define FWCFG_ITEMS_MAX 64
#define FWCFG_FILES_MAX 32
#define FWCFG_NAME_MAX 56 /* with the final zero */

/* Keys of items that are not files. Numbers in items are little-endian. */
enum {
	FWCFG_SIGNATURE = 0x00,
	FWCFG_ID = 0x01,
	FWCFG_UUID = 0x02, /* 16 bytes */
	FWCFG_RAM_SIZE = 0x03, /* u64, bytes */
	FWCFG_CPUS = 0x05, /* u16 */
	FWCFG_KERNEL_SIZE = 0x08, /* u32 */
	FWCFG_INITRD_SIZE = 0x0b, /* u32 */
	FWCFG_BOOT_MENU = 0x0e, /* u16: 1 if firmware shows its menu */
	FWCFG_CPUS_MAX = 0x0f, /* u16 */
	FWCFG_KERNEL_DATA = 0x11,
	FWCFG_INITRD_DATA = 0x12,
	FWCFG_CMDLINE_SIZE = 0x14, /* u32, with the final zero */
	FWCFG_CMDLINE_DATA = 0x15,
	FWCFG_DIRECTORY = 0x19,
	FWCFG_FIRST_FILE = 0x20,
};

/* The owner of an item, which is called when a DMA has written the item. */
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
	/* the item FWCFG_DIRECTORY, as the guest reads it */
	u8 directory[4 + FWCFG_FILES_MAX * 64];
	u16 key; /* of the selected item */
	u32 offset; /* of the next byte of the selected item */
	u64 dma; /* high half of the descriptor's address, until the low half is written */
};

/* Attaches the device at base. Returns 0 or a negative errno. */
int fwcfg_attach(struct fwcfg *fwcfg, struct platform *platform, u64 base);

/*
 * Add a blob, which is not copied and must outlive the machine. They return 0, -ENOSPC if the table
 * is full, -EFBIG for a blob of 4 GiB or more, -EEXIST if the key or name exists, or -EINVAL if the
 * name is too long.
 */
int fwcfg_add_item(struct fwcfg *fwcfg, u16 key, const void *data, size_t size);
int fwcfg_add_file(struct fwcfg *fwcfg, const char *name, const void *data, size_t size);
int fwcfg_add_writable(struct fwcfg *fwcfg, const char *name, void *data, size_t size,
		       const struct fwcfg_writer *writer);

/* Replace the blob of an item or a file, or add it. Return 0, or an error as above. */
int fwcfg_set_item(struct fwcfg *fwcfg, u16 key, const void *data, size_t size);
int fwcfg_set_file(struct fwcfg *fwcfg, const char *name, const void *data, size_t size);

/* Returns `hash` with all items added to it, without those that the guest can write. */
u64 fwcfg_hash(const struct fwcfg *fwcfg, u64 hash);

/* Writes the device's node to the device tree. */
void fwcfg_node(struct fdt *fdt, u64 base);

#endif
