/* SPDX-License-Identifier: MIT */
/*
 * Sends the messages of vectors. A message can be sent if MSI-X is enabled, neither the vector nor
 * the function is masked, and the device is a bus master.
 */
#include "devices/pci/msix.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/pci/host.h"

#define PCI_CAP_ID_MSIX 0x11
#define CAPABILITY_SIZE 12

/* 6.8.2.3 Message Control; offsets in the capability */
#define CONTROL 2
#define CONTROL_ENABLE BIT(15)
#define CONTROL_MASK BIT(14)
#define TABLE 4
#define PBA 8

/* The layout of the BAR: the table is at its start, and the pending bits (PBA) follow. */
#define BAR_SIZE 0x1000
#define PBA_OFFSET 0x800
#define ENTRY_MASKED 1

static u16 msix_control(const struct pci_msix *msix)
{
	return (u16)pci_get(msix->device, msix->capability + CONTROL, 2);
}

bool pci_msix_enabled(const struct pci_msix *msix)
{
	return msix->capability && (msix_control(msix) & CONTROL_ENABLE);
}

static struct pci_msix_entry entry_of(const struct pci_msix *msix, unsigned vector)
{
	struct pci_msix_entry entry;

	memcpy(&entry, &msix->table[vector * 4], sizeof(entry));
	return entry;
}

/* Sends the pending messages that can be sent now. */
void pci_msix_update(struct pci_msix *msix)
{
	const struct pci_host_config *bus;

	if (!msix->pending || !pci_msix_enabled(msix) || (msix_control(msix) & CONTROL_MASK) ||
	    !pci_masters(msix->device))
		return;
	bus = &msix->device->host->config;
	for (unsigned vector = 0; vector < msix->count; vector++) {
		struct pci_msix_entry entry = entry_of(msix, vector);

		if (!(msix->pending & BIT(vector)) || (entry.control & ENTRY_MASKED))
			continue;
		msix->pending &= ~BIT(vector);
		if (bus->message)
			bus->message(bus->message_ctx, (u64)entry.addr_high << 32 | entry.addr_low,
				     entry.data);
	}
}

void pci_msix_notify(struct pci_msix *msix, unsigned vector)
{
	if (vector >= msix->count || !pci_msix_enabled(msix))
		return;
	msix->pending |= BIT(vector);
	pci_msix_update(msix);
}

/*
 * Reads the table or the pending bits. Accesses must be of whole double words (6.8.2); others are
 * refused.
 */
static bool msix_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	const struct pci_msix *msix = ctx;

	*value = 0;
	if (size != 4)
		return false;
	if (offset < msix->count * sizeof(struct pci_msix_entry))
		*value = msix->table[offset / 4];
	else if (offset - PBA_OFFSET < sizeof(msix->pending))
		*value = (u32)(msix->pending >> 8 * (offset - PBA_OFFSET));
	return true;
}

static bool msix_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	/*
	 * The writable bits of an entry (6.8.2.6 to 6.8.2.9): an address is that of a double word,
	 * and one bit of the control word masks the vector.
	 */
	static const u32 writable[] = { ~3u, UINT32_MAX, UINT32_MAX, ENTRY_MASKED };
	struct pci_msix *msix = ctx;

	if (size != 4 || offset >= msix->count * sizeof(struct pci_msix_entry))
		return false;
	msix->table[offset / 4] = (u32)value & writable[offset / 4 % 4];
	pci_msix_update(msix);
	return true;
}

static const struct bus_ops msix_ops = { msix_read, msix_write };

void pci_msix_reset(struct pci_msix *msix)
{
	memset(msix->table, 0, sizeof(msix->table));
	for (unsigned vector = 0; vector < msix->count; vector++)
		msix->table[vector * 4 + 3] = ENTRY_MASKED;
	msix->pending = 0;
}

static void msix_reset(void *self)
{
	pci_msix_reset(self);
}

static const struct state_field msix_fields[] = {
	STATE_ARRAY(struct pci_msix, table),
	STATE_FIELD(struct pci_msix, pending),
};

static int msix_loaded(void *self)
{
	const struct pci_msix *msix = self;

	return msix->pending & ~(BIT(msix->count) - 1) ? -EINVAL : 0;
}

static const struct state_type msix_type = {
	.version = 1,
	.fields = msix_fields,
	.count = ARRAY_SIZE(msix_fields),
	.post_load = msix_loaded,
};

void pci_msix_init(struct pci_msix *msix, struct pci_device *device, const char *name, unsigned bar,
		   unsigned count)
{
	const struct pci_bar window = {
		.size = BAR_SIZE,
		.kind = PCI_BAR_MEMORY32,
		.ops = &msix_ops,
		.ctx = msix,
	};
	char part[STATE_NAME_MAX];

	assert(count && count < PCI_MSIX_VECTORS_MAX);
	*msix = (struct pci_msix){ .device = device, .count = count };
	msix->capability = pci_device_capability(device, PCI_CAP_ID_MSIX, CAPABILITY_SIZE);
	pci_put(device, msix->capability + CONTROL, 2, count - 1);
	pci_put(device, msix->capability + TABLE, 4, bar);
	pci_put(device, msix->capability + PBA, 4, PBA_OFFSET | bar);
	device->writable[msix->capability + CONTROL + 1] = (CONTROL_ENABLE | CONTROL_MASK) >> 8;
	pci_device_bar(device, bar, &window);
	snprintf(part, sizeof(part), "%s.msix", name);
	state_register(&device->platform->state, part, &msix_type, msix);
	platform_on_reset(device->platform, msix_reset, msix);
}
