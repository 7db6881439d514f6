/* SPDX-License-Identifier: MIT */
/*
 * Creates any device of -device from its row of device_types, gives it a place where the guest
 * finds it, and frees it.
 */
#include "devices/board/machine.h"
#include "devices/virtio/console.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/descriptors.h"
#include "devices/pci/port.h"
#include "devices/virtio/legacy.h"
#include "devices/virtio/net.h"
#include "devices/virtio/sound.h"
#include "devices/virtio/vsock.h"

/* Names the n-th device of a type, for the state and the journal. */
static void name_device(struct board_device *device, unsigned n)
{
	const struct device_type *type = device->type;
	int length;

	if (type->first_unnumbered && !n)
		length = snprintf(device->name, sizeof(device->name), "%s", type->part);
	else
		length = snprintf(device->name, sizeof(device->name), "%s%u", type->part, n);
	assert((size_t)length < sizeof(device->name));
}

/* Counts the devices with which a guest can open many files or sockets. */
static unsigned count_users(const struct board *board)
{
	unsigned count = 0;

	for (unsigned n = 0; n < board->config.device_count; n++)
		count += device_type_named(board->config.devices[n].type)->opens_much;
	return count;
}

/*
 * Creates the device's struct. Returns 0, or a negative errno with a message in `error` if the
 * errno does not say enough.
 */
static int create_self(struct board *board, struct board_device *device,
		       char error[DEVICE_ERROR_MAX])
{
	const struct device_context context = {
		.platform = &board->platform,
		.fwcfg = &board->fwcfg,
		.disk = board_take_disk,
		.ctx = board,
		.harts = board->config.harts,
		.descriptors = descriptors_each(count_users(board)),
		.copies = board_copies(&board->config),
	};
	struct device_setup setup = {
		.context = &context,
		.name = device->name,
		.id = device->config->id,
		.properties = device->config->properties,
	};
	int failed;

	device->self = calloc(1, device->type->size);
	if (!device->self)
		return -ENOMEM;
	failed = device->type->create ?
			 device->type->create(device->self, &setup, &device->virtio) :
			 0;
	memcpy(error, setup.error, DEVICE_ERROR_MAX);
	if (failed) {
		board_give_disks(board, device->name);
		free(device->self);
	}
	return failed;
}

static bool is_named(const struct board *board, const char *name)
{
	for (unsigned n = 0; n < board->device_count; n++)
		if (!strcmp(board->devices[n]->name, name))
			return true;
	return false;
}

/*
 * Returns whether virtio-mmio devices are legacy ones. By default they are for bare programs, which
 * are written for QEMU's default; other systems support both.
 */
static bool is_legacy(const struct board_config *config)
{
	return config->mmio == BOARD_MMIO_DEFAULT ? board_is_bare(config) :
						    config->mmio == BOARD_MMIO_LEGACY;
}

/* A boot index is a device's place in an order, so no two devices may have the same. */
static int check_boot(struct board *board, const struct device_config *config)
{
	for (unsigned n = 0; config->boot && n < board->device_count; n++)
		if (board->devices[n]->config->boot == config->boot)
			return board_fail(board, 2,
					  "two devices have bootindex=%llu; give each its own",
					  config->boot - 1);
	return 0;
}

struct board_device *board_create_device(struct board *board, const struct device_type *type,
					 const struct device_config *config)
{
	struct board_device *device = calloc(1, sizeof(*device));
	char why[DEVICE_ERROR_MAX] = "";
	unsigned n = 0;
	int error;

	if (!device) {
		board_no_memory(board, "not enough host memory for it");
		return NULL;
	}
	if (check_boot(board, config) < 0) {
		free(device);
		return NULL;
	}
	device->type = type;
	device->config = config;
	do
		name_device(device, n++);
	while (is_named(board, device->name));
	error = create_self(board, device, why);
	if (error) {
		free(device);
		board_fail(board, 3, "%s", *why ? why : strerror(-error));
		return NULL;
	}
	if (config->packed && device->virtio)
		device->virtio->device_features |= VIRTIO_F_RING_PACKED;
	if (device->virtio && config->transport == DEVICE_MMIO && type->old && !config->packed &&
	    is_legacy(&board->config))
		virtio_make_legacy(device->virtio);
	board->devices[board->device_count++] = device;
	return device;
}

static int create_type(struct board *board, const struct device_type *type)
{
	for (unsigned n = 0; n < board->config.device_count; n++) {
		const struct device_config *config = &board->config.devices[n];

		if (strcmp(config->type, type->name))
			continue;
		if (!type->names[config->transport])
			return board_fail(board, 2, "-device %s: is not available on that bus",
					  type->name);
		if (!board_create_device(board, type, config)) {
			struct board_error why = *board->error;

			return board_fail(board, why.exit_code, "-device %s: %.400s", type->name,
					  why.text);
		}
	}
	return 0;
}

static struct board_device *device_of(struct board *board, const struct device_config *config)
{
	struct board_device **device = board->devices;

	while ((*device)->config != config)
		device++;
	return *device;
}

/* Attaches the n-th slot, with a device or empty. */
static void fill_slot(struct board *board, unsigned n, struct virtio *virtio)
{
	struct irq irq = board_irq(board, VIRTIO_IRQ + n);

	board_attached(virtio_mmio_init(&board->slots[n], &board->platform,
					VIRTIO_BASE + n * VIRTIO_STRIDE, irq, virtio));
	board->slots[n].empty_is_legacy = is_legacy(&board->config);
	board->slot_used[n] = true;
}

/*
 * Places a device in the slot that it requests, or else in the last free one: the device tree lists
 * slots in descending order, as QEMU's does, so the first disk is the first one that a guest finds.
 */
static int place_mmio(struct board *board, struct board_device *device)
{
	unsigned n = device->config->slot;

	if (!n)
		for (n = VIRTIO_SLOTS; n > 0 && board->slot_used[n - 1];)
			n--;
	if (!n)
		return board_fail(board, 2, "too many virtio devices: the machine has %u slots",
				  VIRTIO_SLOTS);
	fill_slot(board, n - 1, device->virtio);
	return 0;
}

/* Places a device in the slot that it requests, or else in the first free one, as QEMU does. */
static int place_pci(struct board *board, struct board_device *device)
{
	unsigned n = device->config->slot;

	if (!n)
		while (n < PCI_SLOTS * PCI_FUNCTIONS && pci_host_at(&board->pci, n))
			n += PCI_FUNCTIONS;
	if (!pci_host_has_room(&board->pci, n))
		return board_fail(board, 2,
				  "-device: no slot is free for %s on the PCIe bus, "
				  "which has %u",
				  device->name, PCI_DEVICES_MAX);
	if (device->type->create) {
		virtio_pci_init(&device->pci, &board->pci, device->virtio);
		pci_host_plug(&board->pci, n, &device->pci.pci);
	} else {
		const struct pcie_root_port_properties *port = device->config->properties;

		pci_port_init(device->self, &board->pci, device->name, n, (unsigned)port->slot);
		board->unplugging.any = true;
	}
	return 0;
}

static int place_behind(struct board *board, struct board_device *device)
{
	struct pci_port *port = board_find_port(board, device->config->bus);

	if (!port || port->plugged || !device->type->create)
		return board_fail(board, 2, "-device: bus=%.200s has no place for %s",
				  device->config->bus, device->name);
	virtio_pci_init(&device->pci, &board->pci, device->virtio);
	pci_port_plug(port, &device->pci.pci, false);
	return 0;
}

/*
 * Places the devices that request a slot, or those that do not. The former are placed first, so
 * that no other device occupies their slots. The others are placed in the order of types on
 * virtio-mmio, and in the order of the configuration on PCI.
 */
static int devices_place(struct board *board, bool asking)
{
	for (unsigned n = 0; n < board->device_count; n++) {
		struct board_device *device = board->devices[n];

		if (device->config->transport == DEVICE_MMIO &&
		    (device->config->slot > 0) == asking && place_mmio(board, device) < 0)
			return -1;
	}
	for (unsigned n = 0; n < board->config.device_count; n++) {
		struct board_device *device = device_of(board, &board->config.devices[n]);

		if (device->config->transport == DEVICE_PCI && !device->config->bus &&
		    (device->config->slot > 0) == asking && place_pci(board, device) < 0)
			return -1;
	}
	return 0;
}

/* Places all devices, those behind root ports last. */
static int place_all(struct board *board)
{
	if (devices_place(board, true) < 0 || devices_place(board, false) < 0)
		return -1;
	for (unsigned n = 0; n < board->config.device_count; n++) {
		struct board_device *device = device_of(board, &board->config.devices[n]);

		if (device->config->bus && place_behind(board, device) < 0)
			return -1;
	}
	return 0;
}

void board_attach_pci(struct board *board)
{
	u64 end = DRAM_BASE + board->config.ram_size;
	struct pci_host_config config = {
		.ecam = PCIE_ECAM_BASE,
		.windows = {
			[PCI_WINDOW_PIO] = { PCIE_PIO_BASE, PCIE_PIO_SIZE },
			[PCI_WINDOW_32] = { PCIE_MMIO_BASE, PCIE_MMIO_SIZE },
			[PCI_WINDOW_64] = { align_up(end, PCIE_HIGH_MMIO_SIZE),
					    PCIE_HIGH_MMIO_SIZE },
		},
	};

	for (unsigned n = 0; n < PCI_LINES; n++)
		config.lines[n] = board_irq(board, PCIE_IRQ + n);
	if (board->config.aia == BOARD_AIA_APLIC_IMSIC) {
		config.message = imsic_msi;
		config.message_ctx = &board->imsic;
	}
	board_attached(pci_host_attach(&board->pci, &board->platform, &config));
}

int board_attach_devices(struct board *board)
{
	for (unsigned n = 0; n < device_type_count; n++)
		if (create_type(board, device_types[n]) < 0)
			return -1;
	assert(board->device_count == board->config.device_count);
	if (place_all(board) < 0)
		return -1;
	for (unsigned n = 0; n < VIRTIO_SLOTS; n++)
		if (!board->slot_used[n])
			fill_slot(board, n, NULL);
	return board_attach_ramfb(board);
}

void board_free_device(struct board_device *device)
{
	if (device->type->free)
		device->type->free(device->self);
	free(device->self);
	free(device->id);
	free(device);
}

void board_free_devices(struct board *board)
{
	while (board->device_count)
		board_free_device(board->devices[--board->device_count]);
}

struct board_device *board_find_device(const struct board *board, const char *type, unsigned n)
{
	for (unsigned i = 0; i < board->device_count; i++)
		if (!strcmp(board->devices[i]->type->name, type) && n-- == 0)
			return board->devices[i];
	return NULL;
}

struct chardev *board_port(struct board *board, const struct virtio_serial_port *config)
{
	struct board_device *device;

	for (unsigned n = 0; (device = board_find_device(board, "virtio-serial", n)); n++) {
		struct virtio_console_port *port =
			&((struct virtio_console *)device->self)->ports[config->number];

		if (port->config == config)
			return &port->chardev;
	}
	return NULL;
}

struct net *board_net(struct board *board, unsigned n)
{
	struct board_device *device = board_find_device(board, "virtio-net", n);

	return device ? &((struct virtio_net *)device->self)->net : NULL;
}

struct audio *board_audio(struct board *board, const char *audiodev)
{
	struct board_device *device;

	for (unsigned n = 0; (device = board_find_device(board, "virtio-sound", n)); n++) {
		const struct virtio_sound_properties *properties = device->config->properties;

		if (!strcmp(properties->audiodev, audiodev))
			return &((struct virtio_sound *)device->self)->audio;
	}
	return NULL;
}

struct vsock *board_vsock(struct board *board, unsigned n)
{
	struct board_device *device = board_find_device(board, "virtio-vsock", n);

	return device ? &((struct virtio_vsock *)device->self)->vsock : NULL;
}
