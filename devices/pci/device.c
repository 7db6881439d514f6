/* SPDX-License-Identifier: MIT */
/*
 * Configuration space is an array of bytes with a mask of the bits that the guest may change. The
 * mask gives BARs their sizes, and makes all other bits read-only. Addresses that the guest wrote
 * to BARs are used only through pci_bar_address(), which masks them.
 */
#include "devices/pci/device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/pci/host.h"

#define BAR_IO 1
#define BAR_64 4
#define BAR_PREFETCHABLE 8

static unsigned bar_offset(unsigned n)
{
	return PCI_BAR0 + 4 * n;
}

static u32 pci_load(const u8 *bytes, unsigned offset, unsigned size)
{
	u32 value = 0;

	memcpy(&value, bytes + offset, size);
	return value;
}

void pci_put(struct pci_device *device, unsigned offset, unsigned size, u32 value)
{
	memcpy(device->first + offset, &value, size);
	memcpy(device->config + offset, &value, size);
}

u32 pci_get(const struct pci_device *device, unsigned offset, unsigned size)
{
	return pci_load(device->config, offset, size);
}

static void changed(struct pci_device *device)
{
	if (device->host)
		pci_host_changed(device->host);
}

void pci_device_reset(struct pci_device *device)
{
	memcpy(device->config, device->first, sizeof(device->config));
	if (device->written)
		device->written(device->ctx, PCI_COMMAND, 2);
	changed(device);
}

static void device_reset(void *self)
{
	pci_device_reset(self);
}

/* Refuses a saved state in which bits that a guest cannot change are not as in this machine. */
static int device_loaded(void *self)
{
	struct pci_device *device = self;

	for (unsigned i = 0; i < PCI_CONFIG_SIZE; i++) {
		u8 fixed = (u8) ~(device->writable[i] | device->clearable[i] | device->changing[i]);

		if ((device->config[i] ^ device->first[i]) & fixed)
			return -EINVAL;
	}
	changed(device);
	return 0;
}

static const struct state_field device_fields[] = {
	STATE_ARRAY(struct pci_device, config),
};

static const struct state_type device_type = {
	.version = 1,
	.fields = device_fields,
	.count = ARRAY_SIZE(device_fields),
	.post_load = device_loaded,
};

void pci_device_init(struct pci_device *device, struct platform *platform, const char *name,
		     const struct pci_ids *ids)
{
	char part[STATE_NAME_MAX];

	*device = (struct pci_device){
		.platform = platform,
		.capabilities_end = PCI_CAPABILITIES_BEGIN,
	};
	pci_put(device, PCI_VENDOR_ID, 2, ids->vendor);
	pci_put(device, PCI_DEVICE_ID, 2, ids->device);
	pci_put(device, PCI_REVISION, 1, ids->revision);
	pci_put(device, PCI_CLASS, 2, ids->class);
	pci_put(device, PCI_SUBSYSTEM_VENDOR_ID, 2, ids->subsystem_vendor);
	pci_put(device, PCI_SUBSYSTEM_ID, 2, ids->subsystem);
	pci_put(device, PCI_INTERRUPT_PIN, 1, ids->pin);
	device->writable[PCI_INTERRUPT_LINE] = 0xff;
	device->changing[PCI_STATUS] = PCI_STATUS_INTERRUPT;
	device->writable[PCI_COMMAND] = PCI_COMMAND_MASTER;
	if (ids->pin)
		device->writable[PCI_COMMAND + 1] = PCI_COMMAND_INTX_DISABLE >> 8;
	snprintf(part, sizeof(part), "%s.pci", name);
	state_register(&platform->state, part, &device_type, device);
	platform_on_reset(platform, device_reset, device);
}

void pci_device_bar(struct pci_device *device, unsigned n, const struct pci_bar *bar)
{
	bool io = bar->kind == PCI_BAR_IO, wide = bar->kind == PCI_BAR_MEMORY64;
	u64 mask = ~(bar->size - 1);

	assert(bar->size >= 16 && !(bar->size & (bar->size - 1)) && n + wide < PCI_BARS);
	device->bars[n] = *bar;
	pci_put(device, bar_offset(n), 4,
		(io ? BAR_IO : 0) | (wide ? BAR_64 : 0) |
			(bar->prefetchable ? BAR_PREFETCHABLE : 0));
	memcpy(device->writable + bar_offset(n), &mask, wide ? 8 : 4);
	device->writable[PCI_COMMAND] |= io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
}

u8 pci_device_capability(struct pci_device *device, u8 id, u8 size)
{
	u8 offset = device->capabilities_end;

	assert(offset + size <= PCI_CONFIG_SIZE);
	pci_put(device, PCI_STATUS, 2, PCI_STATUS_CAPABILITIES);
	pci_put(device, offset, 1, id);
	pci_put(device, offset + 1u, 1, pci_get(device, PCI_CAPABILITIES, 1));
	pci_put(device, PCI_CAPABILITIES, 1, offset);
	device->capabilities_end = (u8)align_up(offset + size, 4);
	return offset;
}

u32 pci_config_read(struct pci_device *device, u32 offset, unsigned size)
{
	if (device->reading)
		device->reading(device->ctx, offset, size);
	return pci_load(device->config, offset, size);
}

void pci_config_write(struct pci_device *device, u32 offset, unsigned size, u32 value)
{
	for (unsigned i = 0; i < size; i++) {
		u8 mask = device->writable[offset + i];
		u8 *byte = &device->config[offset + i];

		*byte = (u8)((*byte & ~mask) | (value >> 8 * i & mask));
		*byte &= (u8) ~(value >> 8 * i & device->clearable[offset + i]);
	}
	if (device->written)
		device->written(device->ctx, offset, size);
	changed(device);
}

bool pci_enabled(const struct pci_device *device, u16 command)
{
	return pci_get(device, PCI_COMMAND, 2) & command;
}

bool pci_masters(const struct pci_device *device)
{
	return pci_enabled(device, PCI_COMMAND_MASTER) &&
	       (!device->above || pci_masters(device->above));
}

/*
 * Returns the base of a window from a 16-bit register, whose upper 12 bits are bits 31:20 of the
 * address.
 */
static u64 window_base(const struct pci_device *bridge, unsigned offset)
{
	return (u64)(pci_get(bridge, offset, 2) & 0xfff0) << 16;
}

bool pci_forwards(const struct pci_device *bridge, enum pci_bar_kind kind, u64 base, u64 size)
{
	const u64 mib = MiB - 1;
	u64 first, last, upper;

	if (!pci_enabled(bridge, kind == PCI_BAR_IO ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY))
		return false;
	if (kind == PCI_BAR_IO) {
		first = (u64)(pci_get(bridge, PCI_IO_BASE, 1) & 0xf0) << 8;
		last = (u64)(pci_get(bridge, PCI_IO_LIMIT, 1) & 0xf0) << 8 | 0xfff;
		return base >= first && base <= last && size - 1 <= last - base;
	}
	first = window_base(bridge, PCI_MEMORY_BASE);
	last = window_base(bridge, PCI_MEMORY_LIMIT) | mib;
	if (base >= first && base <= last && size - 1 <= last - base)
		return true;
	upper = pci_get(bridge, PCI_PREFETCH_BASE_UPPER, 4);
	first = upper << 32 | window_base(bridge, PCI_PREFETCH_BASE);
	upper = pci_get(bridge, PCI_PREFETCH_LIMIT_UPPER, 4);
	last = upper << 32 | window_base(bridge, PCI_PREFETCH_LIMIT) | mib;
	return base >= first && base <= last && size - 1 <= last - base;
}

bool pci_bar_address(const struct pci_device *device, unsigned n, u64 *base)
{
	const struct pci_bar *bar = &device->bars[n];
	u16 space = bar->kind == PCI_BAR_IO ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;

	if (!bar->size || !pci_enabled(device, space))
		return false;
	*base = pci_get(device, bar_offset(n), 4);
	if (bar->kind == PCI_BAR_MEMORY64)
		*base |= (u64)pci_get(device, bar_offset(n + 1), 4) << 32;
	*base &= ~(bar->size - 1);
	return true;
}

void pci_set_pin(struct pci_device *device, bool level)
{
	u8 *status = &device->config[PCI_STATUS];
	u8 before = *status;

	*status = (u8)(level ? before | PCI_STATUS_INTERRUPT : before & ~PCI_STATUS_INTERRUPT);
	if (*status != before && device->host)
		pci_host_pins(device->host);
}

bool pci_asserts(const struct pci_device *device)
{
	return (device->config[PCI_STATUS] & PCI_STATUS_INTERRUPT) &&
	       !pci_enabled(device, PCI_COMMAND_INTX_DISABLE);
}
