/* SPDX-License-Identifier: MIT */
/*
 * MSI-X (PCI Local Bus 3.0, 6.8.2): a table of messages and the bits of those that are pending, in
 * a BAR of their own.
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

/* Give the device the capability, and a BAR; `name` of the state, as pci_device_init's. */
void pci_msix_init(struct pci_msix *msix, struct pci_device *device, const char *name,
		   unsigned bar, unsigned count);

/* Are messages what the guest wants, in place of the pin? */
bool pci_msix_enabled(const struct pci_msix *msix);

/* Send the message of a vector, now or when it is unmasked; nothing if there is no such vector. */
void pci_msix_notify(struct pci_msix *msix, unsigned vector);

/* As after a reset of the machine. */
void pci_msix_reset(struct pci_msix *msix);

/* After a write of configuration space: what waited may go out. */
void pci_msix_update(struct pci_msix *msix);

#endif
