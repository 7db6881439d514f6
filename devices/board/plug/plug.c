/* SPDX-License-Identifier: MIT */
/*
 * Plugging creates and places a device in the same way as at start (board/devices.c). Unplugging
 * undoes each step: everything that the device registered with the machine is removed before its
 * memory is freed.
 */
#include "devices/board/plug/plug.h"

#include "devices/board/machine.h"
#include "devices/pci/port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct board_device *find_id(const struct board *board, const char *id)
{
	for (unsigned n = 0; id && n < board->device_count; n++)
		if (board->devices[n]->config->id && !strcmp(board->devices[n]->config->id, id))
			return board->devices[n];
	return NULL;
}

struct pci_port *board_find_port(const struct board *board, const char *id)
{
	const struct board_device *device = find_id(board, id);

	return device && !device->type->create ? device->self : NULL;
}

/*
 * Returns the virtio-mmio slot of the device or, if `virtio` is NULL, the last empty one, which a
 * new device would get; 0 if there is none.
 */
static unsigned mmio_slot(const struct board *board, const struct virtio *virtio)
{
	unsigned n = VIRTIO_SLOTS - 1;

	while (n && board->slots[n].virtio != virtio)
		n--;
	return n;
}

/* Devices can be plugged and unplugged only at the bus of a root port. */
static int check_bus(struct board *board, const struct device_config *config,
		     const struct virtio *virtio)
{
	if (config->transport == DEVICE_MMIO)
		return board_fail(board, 2, "Bus 'virtio-mmio-bus.%u' does not support hotplugging",
				  mmio_slot(board, virtio));
	if (config->transport != DEVICE_PCI)
		return board_fail(board, 2, "Device '%s' does not support hotplugging",
				  config->type);
	if (!config->bus)
		return board_fail(board, 2, "Bus 'pcie.0' does not support hotplugging");
	if (!device_type_named(config->type)->pluggable)
		return board_fail(board, 2,
				  "Device '%s' does not support hotplugging: the host's "
				  "side of it is made at the start",
				  config->type);
	return 0;
}

static int check_plug(struct board *board, const struct device_config *config)
{
	const struct pci_port *port = board_find_port(board, config->bus);

	if (board_is_fixed(board))
		return board_fail(board, 2,
				  "devices cannot be added under --compare, "
				  "--restore and rr=");
	if (config->bus && !port)
		return board_fail(board, 2, "Bus '%.200s' not found", config->bus);
	if (check_bus(board, config, NULL) < 0)
		return -1;
	if (config->id && !board_is_identifier(config->id))
		return board_fail(board, 2, "Parameter 'id' expects an identifier");
	if (find_id(board, config->id))
		return board_fail(board, 2, "Duplicate device ID '%.200s'", config->id);
	if (port->plugged)
		return board_fail(board, 2,
				  "PCI: slot 0 function 0 not available for %s, the bus "
				  "'%.100s' has a device",
				  config->type, config->bus);
	if (board->device_count == BOARD_DEVICES_MAX)
		return board_fail(board, 2, "a machine has at most %d devices", BOARD_DEVICES_MAX);
	return 0;
}

int board_plug(struct board *board, const struct device_config *config, struct board_error *error)
{
	struct board_device *device;

	board->error = error;
	if (check_plug(board, config) < 0)
		return -1;
	device = board_create_device(board, device_type_named(config->type), config);
	if (!device)
		return -1;
	virtio_pci_init(&device->pci, &board->pci, device->virtio);
	pci_port_plug(board_find_port(board, config->bus), &device->pci.pci, true);
	device->own = *config;
	device->own.properties = NULL;
	device->own.id = device->id = config->id ? strdup(config->id) : NULL;
	device->own.bus = NULL;
	device->config = &device->own;
	return 0;
}

static void plug_forget(struct board *board, struct board_device *device)
{
	struct platform *platform = &board->platform;

	device->pci.pci.reset(device->pci.pci.ctx);
	platform_forget(platform, device, sizeof(*device));
	platform_forget(platform, device->self, device->type->size);
	clock_event_remove(&platform->clock, &device->virtio->work);
	state_remove(&platform->state, device->name);
	board_give_disks(board, device->name);
}

static void take_out(struct board *board, unsigned n)
{
	struct board_device *device = board->devices[n];

	plug_forget(board, device);
	board->device_count--;
	memmove(&board->devices[n], &board->devices[n + 1],
		(board->device_count - n) * sizeof(board->devices[0]));
	if (board->unplugging.gone)
		board->unplugging.gone(board->unplugging.ctx, device->config->id);
	board_free_device(device);
}

/* Removes the port's device, which the guest has released. */
static void collect(struct board *board, struct pci_port *port)
{
	for (unsigned n = 0; n < board->device_count; n++) {
		if (&board->devices[n]->pci.pci != port->plugged)
			continue;
		pci_port_unplug(port);
		take_out(board, n);
		return;
	}
}

/* Returns the n-th device as a root port, or NULL. */
static struct pci_port *as_port(const struct board *board, unsigned n)
{
	return board->devices[n]->type->create ? NULL : board->devices[n]->self;
}

void board_collect_devices(struct board *board)
{
	for (unsigned n = 0; board->unplugging.any && n < board->device_count; n++) {
		struct pci_port *port = as_port(board, n);

		if (port && port->ejected)
			collect(board, port);
	}
}

/* Returns the root port above a device, or NULL. */
static struct pci_port *port_above(struct board *board, const struct board_device *device)
{
	for (unsigned n = 0; n < board->device_count; n++) {
		struct pci_port *port = as_port(board, n);

		if (port && port->plugged == &device->pci.pci)
			return port;
	}
	return NULL;
}

static int check_unplug(struct board *board, const char *id)
{
	const struct board_device *device = find_id(board, id);
	struct device_config config;

	if (!device) {
		board_fail(board, 2, "Device '%.200s' not found", id);
		return -ENODEV;
	}
	config = *device->config;
	config.bus = port_above(board, device) ? "" : NULL;
	if (check_bus(board, &config, device->virtio) < 0)
		return -EBUSY;
	if (!board_is_fixed(board))
		return 0;
	board_fail(board, 2, "devices cannot be removed under --compare, --restore and rr=");
	return -EBUSY;
}

int board_unplug(struct board *board, const char *id, struct board_error *error)
{
	int failed;

	board->error = error;
	failed = check_unplug(board, id);
	if (failed)
		return failed;
	failed = pci_port_ask(port_above(board, find_id(board, id)));
	if (failed == -EALREADY)
		board_fail(board, 2, "Device %.200s is already in the process of unplug", id);
	else if (failed)
		board_fail(board, 2, "Hot-unplug failed: guest is busy (power indicator blinking)");
	else
		board_collect_devices(board);
	return failed ? -EBUSY : 0;
}

void board_on_unplugged(struct board *board, void (*gone)(void *ctx, const char *id), void *ctx)
{
	board->unplugging.gone = gone;
	board->unplugging.ctx = ctx;
}
