/* SPDX-License-Identifier: MIT */
/*
 * The slot of a root port. The guest's writes only change bits of the port's configuration space;
 * those bits then determine whether the device is accessible, that is, present and powered.
 */
#include "devices/pci/port.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define VENDOR_REDHAT 0x1b36
#define DEVICE_ROOT_PORT 0x000c
#define CLASS_PCI_BRIDGE 0x0604

#define IO_16_BITS 0xf0 /* the bits of base and limit that the guest can change */
#define MEMORY_BITS 0xfff0
#define PREFETCH_64 1
#define BRIDGE_RESET BIT(6)
#define BRIDGE_BITS (BRIDGE_RESET | 0x1f) /* parity, SERR#, ISA, VGA: writable, without effect */

/* 7.5.3 PCI Express Capability Structure */
#define CAP_ID_EXPRESS 0x10
#define EXPRESS_SIZE 0x3c
#define EXPRESS_FLAGS 0x02
#define FLAGS_ROOT_PORT (2 | 4 << 4 | BIT(8)) /* version 2, type 4, with a slot */
#define DEVICE_CAPABILITIES 0x04
#define ROLE_BASED_ERRORS BIT(15)
#define DEVICE_CONTROL 0x08
#define LINK_CAPABILITIES 0x0c
#define LINK_STATUS 0x12
#define LINK_SPEED_WIDTH (1 | 1 << 4) /* 2.5 GT/s, one lane */
#define LINK_REPORTS BIT(20) /* in the capabilities: the port reports whether the link is active */
#define LINK_ACTIVE BIT(13)
#define SLOT_CAPABILITIES 0x14
#define SLOT_CONTROL 0x18
#define SLOT_STATUS 0x1a
#define ROOT_CONTROL 0x1c
#define LINK_CONTROL_2 0x30

/* 7.5.3.9 Slot Capabilities */
#define SLOT_BUTTON BIT(0)
#define SLOT_POWER BIT(1)
#define SLOT_ATTENTION_LED BIT(3)
#define SLOT_POWER_LED BIT(4)
#define SLOT_SURPRISE BIT(5)
#define SLOT_HOT_PLUG BIT(6)
#define SLOT_NUMBER_SHIFT 19

/* 7.5.3.10 Slot Control; events have the bits of their enables in Slot Status */
#define EVENT_BUTTON BIT(0)
#define EVENT_PRESENCE BIT(3)
#define EVENT_COMMAND BIT(4)
#define EVENTS (EVENT_BUTTON | EVENT_PRESENCE | EVENT_COMMAND)
#define HOT_PLUG_INTERRUPT BIT(5)
#define ATTENTION_LED (3 << 6)
#define POWER_LED (3 << 8)
#define POWER_LED_ON (1 << 8)
#define POWER_LED_BLINKS (2 << 8)
#define POWER_LED_OFF (3 << 8)
#define POWER_OFF BIT(10)
#define CONTROL_BITS                                                                               \
	(EVENTS | HOT_PLUG_INTERRUPT | ATTENTION_LED | POWER_LED | POWER_OFF)
#define CONTROL_RESET (ATTENTION_LED | POWER_LED_OFF)
#define PRESENT BIT(6) /* in Slot Status */

static u16 port_get(const struct pci_port *port, unsigned offset)
{
	return (u16)pci_get(&port->pci, port->express + offset, 2);
}

/*
 * Sets or clears bits that the port itself sets, without changing the values that a reset restores.
 */
static void set_bits(struct pci_port *port, unsigned offset, u16 mask, bool set)
{
	u16 value = port_get(port, offset);

	value = set ? value | mask : value & (u16)~mask;
	memcpy(port->pci.config + port->express + offset, &value, sizeof(value));
}

static bool must_notify(const struct pci_port *port)
{
	u16 control = port_get(port, SLOT_CONTROL);

	return (control & HOT_PLUG_INTERRUPT) && (control & port_get(port, SLOT_STATUS) & EVENTS);
}

/*
 * Updates the interrupt (6.7.3.4). With MSI-X a message is sent at the first event; without it the
 * pin is asserted as long as there is an event.
 */
static void update_interrupt(struct pci_port *port)
{
	bool before = port->interrupt;

	port->interrupt = must_notify(port);
	if (port->interrupt && !before)
		pci_msix_notify(&port->msix, 0);
	pci_set_pin(&port->pci, port->interrupt && !pci_msix_enabled(&port->msix));
}

static void port_notify(struct pci_port *port, u16 events)
{
	set_bits(port, SLOT_STATUS, events, true);
	update_interrupt(port);
}

/*
 * Updates whether the device has power. Without power a device is in its reset state, and does not
 * respond.
 */
static void update_power(struct pci_port *port)
{
	struct pci_device *before = port->pci.below;
	bool power = !(port_get(port, SLOT_CONTROL) & POWER_OFF);

	port->pci.below = power && !port->ejected ? port->plugged : NULL;
	if (before == port->pci.below)
		return;
	if (before)
		before->reset(before->ctx);
	pci_host_changed(port->pci.host);
}

static void update_presence(struct pci_port *port)
{
	bool there = port->plugged && !port->ejected;

	set_bits(port, SLOT_STATUS, PRESENT, there);
	set_bits(port, LINK_STATUS, LINK_ACTIVE, there);
	update_power(port);
}

static void eject(struct pci_port *port)
{
	port->wanted = false;
	port->ejected = true;
	update_presence(port);
	port_notify(port, EVENT_PRESENCE);
}

static bool is_off(u16 control)
{
	return (control & POWER_OFF) && (control & POWER_LED) == POWER_LED_OFF;
}

static bool touches(const struct pci_port *port, unsigned at, u32 offset, unsigned size)
{
	return offset < port->express + at + 2u && offset + size > port->express + at;
}

static void port_written(void *ctx, u32 offset, unsigned size)
{
	struct pci_port *port = ctx;
	struct pci_device *below = port->pci.below;
	u16 before = port->control;

	port->control = port_get(port, SLOT_CONTROL);
	if (below && offset <= PCI_BRIDGE_CONTROL && offset + size > PCI_BRIDGE_CONTROL &&
	    (pci_get(&port->pci, PCI_BRIDGE_CONTROL, 2) & BRIDGE_RESET))
		below->reset(below->ctx);
	update_power(port);
	if (port->wanted && is_off(port->control) && !is_off(before))
		eject(port);
	if (touches(port, SLOT_CONTROL, offset, size))
		set_bits(port, SLOT_STATUS, EVENT_COMMAND, true);
	/* The write may have changed whether the device can be a bus master. */
	below = port->pci.below;
	if (below && below->written)
		below->written(below->ctx, PCI_COMMAND, 2);
	pci_msix_update(&port->msix);
	update_interrupt(port);
}

/* Resets the port after its configuration space has been reset. */
static void port_reset(void *self)
{
	struct pci_port *port = self;

	port->ejected |= port->wanted;
	port->wanted = port->interrupt = false;
	if (port->plugged && !port->ejected) {
		set_bits(port, SLOT_CONTROL, POWER_LED, false);
		set_bits(port, SLOT_CONTROL, POWER_LED_ON, true);
	}
	port->control = port_get(port, SLOT_CONTROL);
	update_presence(port);
	update_interrupt(port);
}

static const struct state_field port_fields[] = {
	STATE_FIELD(struct pci_port, wanted),
};

/* Restores the port from a saved state, which cannot change which device is in the slot. */
static int port_loaded(void *self)
{
	struct pci_port *port = self;

	if (port->wanted && !port->plugged)
		return -EINVAL;
	port->control = port_get(port, SLOT_CONTROL);
	port->interrupt = must_notify(port);
	port->pci.below = port_get(port, SLOT_CONTROL) & POWER_OFF ? NULL : port->plugged;
	update_presence(port);
	pci_host_changed(port->pci.host);
	return 0;
}

static const struct state_type port_type = {
	.version = 1,
	.fields = port_fields,
	.count = ARRAY_SIZE(port_fields),
	.post_load = port_loaded,
};

static void set_mask(u8 *masks, unsigned offset, unsigned size, u32 mask)
{
	memcpy(masks + offset, &mask, size);
}

/* Fills in the type 1 header, and makes its bus numbers and windows writable. */
static void init_bridge(struct pci_device *pci)
{
	pci_put(pci, PCI_HEADER_TYPE, 1, 1);
	pci_put(pci, PCI_IO_BASE, 1, IO_16_BITS);
	pci_put(pci, PCI_MEMORY_BASE, 2, MEMORY_BITS);
	pci_put(pci, PCI_PREFETCH_BASE, 2, MEMORY_BITS | PREFETCH_64);
	pci_put(pci, PCI_PREFETCH_LIMIT, 2, PREFETCH_64);
	set_mask(pci->writable, PCI_PRIMARY_BUS, 4, UINT32_MAX);
	set_mask(pci->writable, PCI_IO_BASE, 2, IO_16_BITS | IO_16_BITS << 8);
	set_mask(pci->writable, PCI_MEMORY_BASE, 4, MEMORY_BITS | (u32)MEMORY_BITS << 16);
	set_mask(pci->writable, PCI_PREFETCH_BASE, 4, MEMORY_BITS | (u32)MEMORY_BITS << 16);
	set_mask(pci->writable, PCI_PREFETCH_BASE_UPPER, 4, UINT32_MAX);
	set_mask(pci->writable, PCI_PREFETCH_LIMIT_UPPER, 4, UINT32_MAX);
	set_mask(pci->writable, PCI_BRIDGE_CONTROL, 2, BRIDGE_BITS);
	pci->writable[PCI_COMMAND] |= PCI_COMMAND_IO | PCI_COMMAND_MEMORY;
}

static void init_express(struct pci_port *port, unsigned number)
{
	struct pci_device *pci = &port->pci;
	u8 at = pci_device_capability(pci, CAP_ID_EXPRESS, EXPRESS_SIZE);

	port->express = at;
	pci_put(pci, at + EXPRESS_FLAGS, 2, FLAGS_ROOT_PORT);
	pci_put(pci, at + DEVICE_CAPABILITIES, 4, ROLE_BASED_ERRORS);
	pci_put(pci, at + LINK_CAPABILITIES, 4, LINK_SPEED_WIDTH | LINK_REPORTS);
	pci_put(pci, at + LINK_STATUS, 2, LINK_SPEED_WIDTH);
	pci_put(pci, at + SLOT_CAPABILITIES, 4,
		SLOT_BUTTON | SLOT_POWER | SLOT_ATTENTION_LED | SLOT_POWER_LED | SLOT_SURPRISE |
			SLOT_HOT_PLUG | number << SLOT_NUMBER_SHIFT);
	pci_put(pci, at + SLOT_CONTROL, 2, CONTROL_RESET);
	pci_put(pci, at + LINK_CONTROL_2, 2, 1);
	/* Bits for error reporting are writable, but there are no errors. */
	set_mask(pci->writable, at + DEVICE_CONTROL, 2, 0xf);
	set_mask(pci->writable, at + SLOT_CONTROL, 2, CONTROL_BITS);
	set_mask(pci->writable, at + ROOT_CONTROL, 2, 0xf);
	set_mask(pci->clearable, at + SLOT_STATUS, 2, EVENTS);
	set_mask(pci->changing, at + SLOT_STATUS, 2, PRESENT);
	set_mask(pci->changing, at + LINK_STATUS, 2, LINK_ACTIVE);
}

void pci_port_init(struct pci_port *port, struct pci_host *host, const char *name, unsigned place,
		   unsigned number)
{
	static const struct pci_ids ids = {
		.vendor = VENDOR_REDHAT,
		.device = DEVICE_ROOT_PORT,
		.class = CLASS_PCI_BRIDGE,
		.pin = 1,
	};
	char part[STATE_NAME_MAX];

	*port = (struct pci_port){ 0 };
	pci_device_init(&port->pci, host->platform, name, &ids);
	init_bridge(&port->pci);
	init_express(port, number);
	if (host->config.message)
		pci_msix_init(&port->msix, &port->pci, name, 0, 1);
	port->pci.written = port_written;
	port->pci.ctx = port;
	snprintf(part, sizeof(part), "%s.port", name);
	state_register(&host->platform->state, part, &port_type, port);
	pci_host_plug(host, place, &port->pci);
	platform_on_reset(host->platform, port_reset, port);
}

void pci_port_plug(struct pci_port *port, struct pci_device *device, bool hot)
{
	assert(!port->plugged && device->reset);
	port->plugged = device;
	pci_host_plug_below(&port->pci, device);
	device->reset(device->ctx);
	update_presence(port);
	if (hot)
		port_notify(port, EVENT_PRESENCE | EVENT_BUTTON);
}

int pci_port_ask(struct pci_port *port)
{
	u16 control = port_get(port, SLOT_CONTROL);

	if (port->wanted || port->ejected)
		return -EALREADY;
	if ((control & POWER_LED) == POWER_LED_BLINKS)
		return -EBUSY;
	if (is_off(control)) {
		eject(port);
		return 0;
	}
	port->wanted = true;
	port_notify(port, EVENT_BUTTON);
	return 0;
}

void pci_port_unplug(struct pci_port *port)
{
	port->plugged = NULL;
	port->ejected = port->wanted = false;
	update_presence(port);
}

/* Checks that two ports differ in chassis or slot, the numbers by which people identify a port. */
static int port_check_beside(struct device_setup *setup, const void *other)
{
	const struct pcie_root_port_properties *port = setup->properties, *second = other;

	if (port->chassis != second->chassis || port->slot != second->slot)
		return 0;
	return device_fail(setup, -EINVAL, "chassis=%llu,slot=%llu is given twice", port->chassis,
			   port->slot);
}

static const struct key port_keys[] = {
	{ .name = "chassis", .kind = KEY_NUMBER, .accepted = "N", .max = 255,
	  .offset = offsetof(struct pcie_root_port_properties, chassis) },
	{ .name = "slot", .kind = KEY_NUMBER, .accepted = "N", .max = 8191,
	  .offset = offsetof(struct pcie_root_port_properties, slot) },
	{ .name = "port", .kind = KEY_NUMBER, .accepted = "N", .max = 255,
	  .offset = offsetof(struct pcie_root_port_properties, port) },
};

const struct device_type pcie_root_port_device = {
	.name = "pcie-root-port",
	.names = { [DEVICE_PCI] = "pcie-root-port" },
	.help = "A PCIe slot for a -device NAME-pci,bus=ID; virtio-blk-pci and virtio-rng-pci can "
		"be added and removed while the machine runs, by device_add and device_del of the "
		"monitor and QMP.",
	.category = DEVICE_BRIDGE,
	.keys = port_keys,
	.key_count = ARRAY_SIZE(port_keys),
	.properties_size = sizeof(struct pcie_root_port_properties),
	.check_beside = port_check_beside,
	.part = "port",
	.size = sizeof(struct pci_port),
};
