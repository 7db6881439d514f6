/* SPDX-License-Identifier: MIT */
/*
 * Fills memory before the harts start, with firmware, kernel, initrd and device tree, or with a
 * bare-metal program. Also puts the kernel into fw_cfg, and the entry point into the boot ROM.
 */
#include "devices/board/timing/timed.h"

#include "devices/boot/firmware_image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Loads firmware at the start of RAM. If there is none, image->end is the start of RAM. */
static int load_firmware(struct board *board, struct loader_image *image)
{
	const char *bios = board->config.bios;

	*image = (struct loader_image){ DRAM_BASE, DRAM_BASE, DRAM_BASE };
	if (board_is_bare(&board->config) || board->config.program)
		return 0;
	if (bios && strcmp(bios, "default") != 0)
		return loader_firmware(&board->loader, bios, image);
	return loader_firmware_memory(&board->loader, FIRMWARE_NAME, firmware_image,
				      (u64)(firmware_image_end - firmware_image), image);
}

/*
 * Gets the device tree: the user's, or one that the board makes. The firmware itself adds the
 * reservation of its memory to it.
 */
static int get_tree(struct board *board)
{
	struct loader_dtb *dtb = &board->dtb;
	size_t size;
	int error;

	free(dtb->blob);
	*dtb = (struct loader_dtb){ 0 };
	if (board->config.dtb)
		return loader_dtb_read(&board->loader, board->config.dtb, dtb);
	error = board_make_tree(board, &dtb->blob, &size);
	if (error < 0)
		return board_fail(board, 3, "the device tree cannot be made: %s", strerror(-error));
	dtb->size = size;
	return 0;
}

/*
 * Returns whether the first bank of flash contains the program that the SBI firmware starts, such
 * as UEFI, as in QEMU since 8.1. That program then loads the kernel from fw_cfg.
 */
static bool flash_loads(const struct board_config *config)
{
	return config->pflash[0].file && !config->program && !board_is_bare(config);
}

/* Returns the address at which firmware continues, or at which harts start without firmware. */
static u64 next_stage(const struct board_config *config, const struct loader_image *kernel)
{
	if (flash_loads(config))
		return FLASH_BASE;
	if (config->kernel || config->program)
		return kernel->entry;
	if (board_is_bare(config))
		return DRAM_BASE;
	/* With QEMU before 8.1, such a program is in the second bank. */
	return config->pflash[1].file ? FLASH_BASE + FLASH_BANK_SIZE : KERNEL_BASE;
}

static u64 first_stage(const struct board_config *config, const struct loader_image *firmware,
		       u64 next)
{
	if (config->program)
		return next;
	if (!board_is_bare(config))
		return firmware->entry;
	return config->pflash[0].file ? FLASH_BASE : next;
}

static int load_kernel(struct board *board, u64 firmware_end, struct loader_image *kernel)
{
	*kernel = (struct loader_image){ 0 };
	if (board->config.program)
		return loader_program(&board->loader, board->config.program, kernel);
	if (!board->config.kernel)
		return 0;
	if (flash_loads(&board->config))
		return board_fw_kernel(board);
	return loader_kernel(&board->loader, board->config.kernel, firmware_end, kernel);
}

/* Loads the files of -device loader, and sets the pc of the harts that start at them. */
static int load_files(struct board *board)
{
	for (unsigned n = 0; n < board->config.load_count; n++) {
		const struct board_load *load = &board->config.loads[n];
		u64 entry = load->addr;

		if (load->file &&
		    loader_raw(&board->loader, load, load->has_hart ? &entry : NULL) < 0)
			return -1;
		if (load->has_hart && load->hart >= board->harts.count)
			return board_fail(board, 2,
					  "-device loader: cpu-num=%llu: the last hart is %u",
					  load->hart, board->harts.count - 1);
		if (load->has_hart && !load->data_size)
			board->harts.hart[load->hart]->pc = entry & ~1ull;
	}
	return 0;
}

static int load_values(struct board *board)
{
	for (unsigned n = 0; n < board->config.load_count; n++)
		if (board->config.loads[n].data_size &&
		    loader_value(&board->loader, &board->config.loads[n]) < 0)
			return -1;
	return 0;
}

static int load_rest(struct board *board, const struct loader_image *kernel)
{
	struct loader *loader = &board->loader;
	struct loader_image initrd;

	if (load_files(board) < 0)
		return -1;
	if (board->config.initrd && !board->config.kernel)
		return board_fail(board, 2, "-initrd %s needs a -kernel", board->config.initrd);
	if (get_tree(board) < 0 || loader_dtb_place(loader, &board->dtb, board->config.append) < 0)
		return -1;
	if (loader->initrd && loader_initrd(loader, kernel, &initrd) < 0)
		return -1;
	if (loader_dtb_finish(loader, &board->dtb, loader->initrd ? &initrd : NULL) < 0)
		return -1;
	return load_values(board);
}

int board_load_images(struct board *board)
{
	struct loader *loader = &board->loader;
	struct loader_image firmware, kernel;
	struct bootrom_entry entry = { .next_mode = BOOTROM_S };

	symbols_free(&board->symbols);
	loader_init(loader, &board->platform.bus, DRAM_BASE, board->config.ram_size);
	loader->flash_base = FLASH_BASE;
	loader->flash_size = FLASH_BANKS * (u64)FLASH_BANK_SIZE;
	loader->error = board->error;
	loader->symbols = &board->symbols;
	loader->loads = board->config.loads;
	loader->load_count = board->config.load_count;
	loader->initrd = flash_loads(&board->config) ? NULL : board->config.initrd;
	if (load_firmware(board, &firmware) < 0 || load_kernel(board, firmware.end, &kernel) < 0 ||
	    load_rest(board, &kernel) < 0)
		return -1;
	entry.next = next_stage(&board->config, &kernel);
	entry.start = first_stage(&board->config, &firmware, entry.next);
	entry.dtb = board->dtb.addr;
	bootrom_set(&board->bootrom, &entry);
	if (board->config.program)
		board_time_from(board, entry.start);
	return 0;
}

const void *board_fdt(struct board *board, size_t *size)
{
	*size = board->dtb.size;
	return board->dtb.blob;
}
