/* SPDX-License-Identifier: MIT */
/*
 * MSI-X (PCI Local Bus 3.0, 6.8.2): a table of messages and their pending bits, in a BAR of their
 * own.
 */
#ifndef DEVICES_PCI_MSIX_H
#define DEVICES_PCI_MSIX_H

#include "devices/pci/device.h"

#define PCI_MSIX_VECTORS_MAX 64

struct pci_msix_entry {
	u32 addr_low, addr_high, data, control;
};

struct pci_msix {
	struct pci_device *device;
	unsigned count;
	u8 capability; /* offset; 0: the device has none */
	/* State */
	u32 table[PCI_MSIX_VECTORS_MAX * 4]; /* struct pci_msix_entry each */
	u64 pending; /* a bit per vector */
};

/*
 * Adds the capability and a BAR to the device; `name` is that of the state, as in pci_device_init.
 */
void pci_msix_init(struct pci_msix *msix, struct pci_device *device, const char *name, unsigned bar,
		   unsigned count);

/* Returns whether the guest enabled MSI-X in place of the pin. */
bool pci_msix_enabled(const struct pci_msix *msix);

/*
 * Sends the message of a vector, now or when it is unmasked. A vector that does not exist is
 * ignored.
 */
void pci_msix_notify(struct pci_msix *msix, unsigned vector);

/* Resets the table and the pending bits. */
void pci_msix_reset(struct pci_msix *msix);

/* Called after a write of configuration space: pending messages may be sent now. */
void pci_msix_update(struct pci_msix *msix);

#endif
