/* SPDX-License-Identifier: MIT */
/*
 * The PCIe host bridge: configuration space by ECAM (PCI Express Base 5.0, 7.2.2), three windows of
 * addresses in which the guest places BARs, four interrupt lines, and a function that receives
 * MSIs. Bus 0 has room for 32 functions in 32 slots; the bridge itself is in slot 0. The bus of a
 * root port (port.h) has a number from 1 to 255, which the guest sets, and one device.
 *
 * The windows are regions of the machine's bus (bus/bus.h) that never move. The host bridge finds
 * the BAR for an address in them, so a BAR can hide only other BARs: where two overlap, that of the
 * lower slot responds. A BAR outside of its window cannot be reached.
 */
#ifndef DEVICES_PCI_HOST_H
#define DEVICES_PCI_HOST_H

#include "bus/irq.h"
#include "bus/platform.h"
#include "devices/memmap.h"
#include "devices/pci/device.h"

#include <stdio.h>

#define PCI_LINES 4
#define PCI_DEVICES_MAX 32 /* on bus 0, including the bridge */

struct fdt;
struct fdt_intc;

/*
 * The windows. PCI_WINDOW_PIO begins at PCI address 0. In the others PCI addresses equal the CPU's.
 */
enum pci_window { PCI_WINDOW_PIO, PCI_WINDOW_32, PCI_WINDOW_64, PCI_WINDOWS };

struct pci_range {
	u64 base, size;
};

struct pci_host_config {
	u64 ecam; /* 256 MiB */
	struct pci_range windows[PCI_WINDOWS];
	struct irq lines[PCI_LINES];
	/* Sends an MSI: a device's write of 32 bits. NULL: MSIs are dropped. */
	void (*message)(void *ctx, u64 addr, u32 data);
	void *message_ctx;
};

/* A BAR that the guest can reach. */
struct pci_mapping {
	u64 base, size; /* in the CPU's addresses */
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
	struct pci_device *devices[PCI_DEVICES_MAX]; /* on bus 0, sorted by place */
	unsigned count;
	/*
	 * The pins that were asserted when each line was last driven: two bits per device on bus 0.
	 */
	u64 asserting[PCI_LINES];
	struct pci_view views[PCI_WINDOWS]; /* these follow from the devices' configuration */
};

/* Attaches the bridge, with no other devices. Returns 0 or bus_attach's error. */
int pci_host_attach(struct pci_host *host, struct platform *platform,
		    const struct pci_host_config *config);

/* Returns the device on bus 0 that has this place (see struct pci_device), or NULL. */
struct pci_device *pci_host_at(const struct pci_host *host, unsigned place);

/*
 * Returns whether a device can be plugged in at this place: it is free, the bus is not full, and
 * function 0 of the slot exists unless the place is that function's.
 */
bool pci_host_has_room(const struct pci_host *host, unsigned place);

/* Puts a device into a place that has room. */
void pci_host_plug(struct pci_host *host, unsigned place, struct pci_device *device);

/*
 * Puts a device on the bus of a bridge that has none. The device responds once the caller has set
 * bridge->below.
 */
void pci_host_plug_below(struct pci_device *bridge, struct pci_device *device);

/*
 * Update the mappings of BARs and the interrupt lines. For devices: pci_host_changed must be called
 * after a BAR or the command register changed, pci_host_pins after the level of the pin did.
 */
void pci_host_changed(struct pci_host *host);
void pci_host_pins(struct pci_host *host);

/* Returns whether some device may send MSIs now. */
bool pci_host_sends(const struct pci_host *host);

/* Prints the devices in the slots. */
void pci_host_info(const struct pci_host *host, FILE *out);

/*
 * Writes the device-tree node, as in QEMU's virt. The lines are the four interrupt sources from irq
 * on.
 */
void pci_host_fdt(const struct pci_host *host, struct fdt *fdt, u32 irq,
		  const struct fdt_intc *intc);

#endif
