/* SPDX-License-Identifier: MIT */
/*
 * MSI-X (PCI Local Bus 3.0, 6.8.2): a table of messages, and their pending bits, in their own BAR.
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
	u8 capability; /* its offset; 0: the device has none */
	/* State */
	u32 table[PCI_MSIX_VECTORS_MAX * 4]; /* each entry is a struct pci_msix_entry */
	u64 pending; /* one bit per vector */
};

/*
 * Adds the capability and the BAR number `bar` to the device. `name` is that of the state, as in
 * pci_device_init.
 */
void pci_msix_init(struct pci_msix *msix, struct pci_device *device, const char *name, unsigned bar,
		   unsigned count);

/* Returns whether the guest has enabled MSI-X instead of the pin. */
bool pci_msix_enabled(const struct pci_msix *msix);

/*
 * Sends the message of a vector, now or when it is unmasked. Ignores a vector that does not exist.
 */
void pci_msix_notify(struct pci_msix *msix, unsigned vector);

/* Resets the table and the pending bits. */
void pci_msix_reset(struct pci_msix *msix);

/* Sends the pending messages that can be sent now. Called after a write to configuration space. */
void pci_msix_update(struct pci_msix *msix);

#endif
