/* SPDX-License-Identifier: MIT */
/*
 * Loads images into guest RAM: firmware, kernels, bare-metal programs, raw data, initrd, device
 * tree. No file is trusted until it is checked. A list of occupied ranges keeps two images from
 * overlapping unnoticed. Guest RAM may hold anything when loading begins, since a reset does not
 * clear it.
 *
 * Order for a boot: loader_init; loader_firmware or loader_firmware_memory; loader_kernel (or
 * loader_program alone); loader_raw for each -device loader; loader_dtb_place; loader_initrd;
 * loader_dtb_finish; loader_value. Functions return 0, or -errno with *error filled in.
 */
#ifndef DEVICES_BOOT_LOADER_H
#define DEVICES_BOOT_LOADER_H

#include "bus/base.h"
#include "devices/boot/load.h"
#include "devices/error.h"

struct bus;
struct device_type;
struct symbols;

#define LOADER_RANGES_MAX 2048

/* The device's type for -device; its properties are struct board_load. */
extern const struct device_type loader_device;

/* A range of RAM that an image occupies. */
struct loader_range {
	u64 base, end;
	const char *what, *file; /* for messages; borrowed */
	bool floats; /* in a larger RAM it would be at a higher address */
};

struct loader {
	struct bus *bus;
	u64 ram_base, ram_size;
	/* flash, which is not RAM; for messages; size 0: none */
	u64 flash_base, flash_size;
	struct symbols *symbols; /* gets the symbols of every ELF; may be NULL */
	struct board_error *error;
	/* what will be loaded last, for which advice leaves room; NULL or 0: nothing */
	const char *initrd;
	const struct board_load *loads;
	unsigned load_count;
	struct loader_range ranges[LOADER_RANGES_MAX];
	unsigned count;
};

/*
 * The physical addresses of a loaded image: the lowest one, the one after the highest (including
 * memory that must be zero), and the entry point.
 */
struct loader_image {
	u64 base, end, entry;
};

/*
 * Initialises a loader. All pointers are borrowed and must outlive it. RAM must be one region of
 * the bus. Without a bus, memory is claimed, but not written.
 */
void loader_init(struct loader *loader, struct bus *bus, u64 ram_base, u64 ram_size);

/*
 * Loads M-mode firmware: an ELF or Intel HEX file at its addresses, any other file unchanged at the
 * start of RAM. Refuses text files.
 */
int loader_firmware(struct loader *loader, const char *file, struct loader_image *image);

/* Loads firmware that is linked into this program. `name` is for messages. */
int loader_firmware_memory(struct loader *loader, const char *name, const void *data, u64 size,
			   struct loader_image *image);

/*
 * Loads a kernel: Linux Image (also with EFI stub, gzip'd, or EFI zboot with gzip), ELF, Intel HEX,
 * U-Boot's uImage (also gzip'd), or code without a header, like u-boot.bin. An Image, such code,
 * and an ELF linked for physical address 0, like vmlinux, are loaded at the first multiple of 2 MiB
 * that is not below firmware_end and, for an Image, not below RAM's start plus its text_offset.
 * firmware_end is the start of RAM if there is no firmware.
 */
int loader_kernel(struct loader *loader, const char *file, u64 firmware_end,
		  struct loader_image *image);

/* Loads a bare-metal ELF at its physical addresses. */
int loader_program(struct loader *loader, const char *file, struct loader_image *image);

/*
 * Adds the symbols of an ELF file, which may be in gzip format, without loading it. Their addresses
 * are those that they would have if it were loaded; an ELF linked for physical address 0 counts as
 * a kernel loaded at `home`. If there is an offset, it is added to the linked addresses instead.
 */
int loader_symbols(struct loader *loader, const struct board_symbols *symbols, u64 home);

/*
 * Opens such an ELF file, and unpacks it if necessary. Returns a descriptor, which the caller
 * closes, of a file of `size` bytes.
 */
int loader_open_elf(const char *file, struct board_error *error, u64 *size);

/*
 * Loads a file of -device loader: an ELF, an Intel HEX file or a kernel's uImage at its addresses
 * unless load->raw is set; any other file unchanged at load->addr. Unless entry is NULL, *entry
 * becomes the entry point of such a file, or load->addr.
 */
int loader_raw(struct loader *loader, const struct board_load *load, u64 *entry);

/* Writes the data of a -device loader to RAM, even over an image. */
int loader_value(struct loader *loader, const struct board_load *load);

/*
 * Loads loader->initrd: at kernel->base plus half of RAM, but at most plus 512 MiB, if that place
 * is free, otherwise where there is room. Detects a truncated file as far as the formats cpio and
 * gzip allow.
 */
int loader_initrd(struct loader *loader, const struct loader_image *kernel,
		  struct loader_image *image);

/*
 * A device tree. The blob is allocated by malloc() and belongs to the caller, even after an error.
 * The functions loader_dtb_* may replace it.
 */
struct loader_dtb {
	void *blob;
	u64 size; /* bytes */
	u64 addr; /* in guest memory */
	const char *file; /* for messages; NULL: made by the board */
};

/* Reads and checks the user's device tree (-dtb). */
int loader_dtb_read(struct loader *loader, const char *file, struct loader_dtb *dtb);

/*
 * Sets /chosen/bootargs unless append is NULL, makes room for what loader_dtb_finish adds, and
 * finds a place in RAM: the highest free multiple of 2 MiB that ends below the end of RAM and below
 * 3 GiB.
 */
int loader_dtb_place(struct loader *loader, struct loader_dtb *dtb, const char *append);

/*
 * Sets /chosen/linux,initrd-start and -end unless initrd is NULL, and writes the tree to guest
 * memory.
 */
int loader_dtb_finish(struct loader *loader, struct loader_dtb *dtb,
		      const struct loader_image *initrd);

/* Finds the largest part of RAM without an image, [*base, *end), which may be empty. */
void loader_largest_gap(const struct loader *loader, u64 *base, u64 *end);

#endif
