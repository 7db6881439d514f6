/* SPDX-License-Identifier: MIT */
/*
 * Tells firmware by fw_cfg what to boot, in the formats of QEMU: the file `bootorder` is a text
 * with the Open Firmware path of a device per line, in the order of the devices' boot indices. See
 * board/fw.h.
 */
#include "devices/board/machine.h"

#include <stdarg.h>
#include <stdio.h>

/* The value of etc/boot-fail-wait with which firmware never resets the machine. */
#define NO_FAIL_WAIT UINT32_MAX

void board_fw_boot(struct board *board)
{
	const struct board_boot *boot = &board->config.boot;
	struct fwcfg *fwcfg = &board->fwcfg;
	struct board_fw *fw = &board->fw;

	fw->menu = boot->menu;
	fw->menu_wait = boot->menu_wait.ms;
	fw->fail_wait = boot->fail_wait.given ? boot->fail_wait.ms : NO_FAIL_WAIT;
	fwcfg_add_item(fwcfg, FWCFG_BOOT_MENU, &fw->menu, sizeof(fw->menu));
	fwcfg_add_file(fwcfg, "etc/boot-fail-wait", &fw->fail_wait, sizeof(fw->fail_wait));
	if (boot->menu_wait.given)
		fwcfg_add_file(fwcfg, "etc/boot-menu-wait", &fw->menu_wait, sizeof(fw->menu_wait));
}

static void PRINTF_LIKE(2, 3) add(struct board_fw *fw, const char *format, ...)
{
	size_t room = sizeof(fw->boot_order) - fw->boot_order_size;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(fw->boot_order + fw->boot_order_size, room, format, args);
	va_end(args);
	assert(length >= 0 && (size_t)length < room);
	fw->boot_order_size += (size_t)length;
}

/* Adds a function: its number is omitted if it is 0. */
static void add_function(struct board_fw *fw, const char *name, unsigned place)
{
	unsigned function = place % PCI_FUNCTIONS;

	add(fw, "/%s@%x", name, place / PCI_FUNCTIONS);
	if (function)
		add(fw, ",%x", function);
}

/* The host bridge's node has this address in QEMU, whose bridge has its registers nowhere. */
static void add_pci(struct board_fw *fw, const struct board_device *device)
{
	const struct pci_device *pci = &device->pci.pci;

	add(fw, "/pci@ffffffffffffffff");
	if (pci->above)
		add_function(fw, "pci-bridge", pci->above->place);
	add_function(fw, device->type->boot_function, pci->place);
}

static void add_mmio(struct board *board, const struct board_device *device)
{
	unsigned n = 0;

	while (board->slots[n].virtio != device->virtio)
		n++;
	add(&board->fw, "/virtio-mmio@%016llx", VIRTIO_BASE + (u64)n * VIRTIO_STRIDE);
}

/* Returns the device with the lowest boot index above that of `before`, or above none; or NULL. */
static const struct board_device *next_to_boot(const struct board *board,
					       const struct board_device *before)
{
	u64 least = before ? before->config->boot : 0;
	const struct board_device *next = NULL;

	for (unsigned n = 0; n < board->device_count; n++) {
		const struct board_device *device = board->devices[n];

		if (device->config->boot > least &&
		    (!next || device->config->boot < next->config->boot))
			next = device;
	}
	return next;
}

void board_fw_order(struct board *board)
{
	const struct board_device *device = next_to_boot(board, NULL);
	struct board_fw *fw = &board->fw;

	if (!device && !fw->boot_order_size)
		return;
	fw->boot_order_size = 0;
	for (; device; device = next_to_boot(board, device)) {
		if (device->config->transport == DEVICE_PCI)
			add_pci(fw, device);
		else
			add_mmio(board, device);
		add(fw, "/%s\n", device->type->boot_unit);
	}
	if (fw->boot_order_size && board->config.boot.strict)
		add(fw, "HALT\n");
	if (fw->boot_order_size)
		fw->boot_order[fw->boot_order_size - 1] = 0;
	fwcfg_set_file(&board->fwcfg, "bootorder", fw->boot_order, fw->boot_order_size);
}
