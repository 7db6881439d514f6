/* SPDX-License-Identifier: MIT */
/*
 * The PCIe host bridge: configuration space by ECAM (PCI Express Base 5.0, 7.2.2), three windows of
 * addresses in which the guest places BARs, four interrupt lines, and a function that receives
 * messages. Bus 0 has room for 32 functions in 32 slots; the bridge itself is in slot 0. Behind a
 * root port (port.h) is one of the buses 1 to 255, as the guest numbers it, with one device.
 *
 * The windows are regions of the bus that never move. The host bridge looks up the BAR of an
 * address in them, so a BAR can hide only other BARs: where two overlap, that of the lower slot
 * answers. A BAR outside of its window cannot be reached.
 */
#ifndef DEVICES_PCI_HOST_H
#define DEVICES_PCI_HOST_H

#include "bus/irq.h"
#include "bus/platform.h"
#include "devices/memmap.h"
#include "devices/pci/device.h"

#include <stdio.h>

#define PCI_LINES 4
#define PCI_DEVICES_MAX 32 /* on bus 0, the bridge included */

struct fdt;
struct fdt_intc;

/* PIO begins at bus address 0. In the other windows bus addresses are those of the CPU. */
enum pci_window { PCI_WINDOW_PIO, PCI_WINDOW_32, PCI_WINDOW_64, PCI_WINDOWS };

struct pci_range {
	u64 base, size;
};

struct pci_host_config {
	u64 ecam; /* 256 MiB */
	struct pci_range windows[PCI_WINDOWS];
	struct irq lines[PCI_LINES];
	/* Sends a message: a device's write of 32 bits. NULL: messages are dropped. */
	void (*message)(void *ctx, u64 addr, u32 data);
	void *message_ctx;
};

/* A BAR that the guest can reach. */
struct pci_mapping {
	u64 base, size; /* addresses of the CPU */
	const struct pci_bar *bar;
};

struct pci_view {
	struct pci_host *host;
	unsigned count;
	struct pci_mapping mappings[2 * PCI_DEVICES_MAX * PCI_BARS];
};

struct pci_host {
	struct platform *platform;
	struct pci_host_config config;
	struct pci_device bridge;
	struct pci_device *devices[PCI_DEVICES_MAX]; /* on bus 0, by place */
	unsigned count;
	/* The pins for which the lines were driven last, two bits a device on bus 0. */
	u64 asserting[PCI_LINES];
	struct pci_view views[PCI_WINDOWS]; /* follow from the devices' configuration */
};

/* Returns 0 or bus_attach's error. */
int pci_host_attach(struct pci_host *host, struct platform *platform,
		    const struct pci_host_config *config);

/* Returns the device on bus 0 that has this place (see struct pci_device), or NULL. */
struct pci_device *pci_host_at(const struct pci_host *host, unsigned place);

/*
 * Returns whether the place is free, the bus is not full, and function 0 of the slot exists if the
 * place is another function's.
 */
bool pci_host_has_room(const struct pci_host *host, unsigned place);

/* Puts a device into such a place. */
void pci_host_plug(struct pci_host *host, unsigned place, struct pci_device *device);

/*
 * Puts a device behind a bridge that has none. The device answers once the caller sets
 * bridge->below.
 */
void pci_host_plug_below(struct pci_device *bridge, struct pci_device *device);

/* For devices: must be called after a BAR, the command register or the pin's level changed. */
void pci_host_changed(struct pci_host *host);
void pci_host_pins(struct pci_host *host);

/* Returns whether a device may send messages now. */
bool pci_host_sends(const struct pci_host *host);

/* Prints the contents of the slots. */
void pci_host_info(const struct pci_host *host, FILE *out);

/* Writes the node, as in QEMU's virt; sources irq to irq + 3. */
void pci_host_fdt(const struct pci_host *host, struct fdt *fdt, u32 irq,
		  const struct fdt_intc *intc);

#endif
