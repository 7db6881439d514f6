/* SPDX-License-Identifier: MIT */
/*
 * The PCIe host bridge: configuration space by ECAM (PCI Express Base 5.0, 7.2.2), three windows
 * of addresses in which the guest places BARs, four interrupt lines, and where messages go. Bus 0
 * has 32 slots of one function, the bridge itself in slot 0; behind a root port (port.h) is one of
 * the buses 1 to 255, as the guest numbers it, with one device.
 *
 * The windows are regions of the bus that never move. Which BAR an address in them belongs to is
 * looked up here, so that a BAR can hide nothing but other BARs: of two that overlap the one of the
 * lower slot answers, and one outside of its window is nowhere.
 */
#ifndef DEVICES_PCI_HOST_H
#define DEVICES_PCI_HOST_H

#include "bus/irq.h"
#include "bus/platform.h"
#include "devices/memmap.h"
#include "devices/pci/device.h"

#include <stdio.h>

#define PCI_LINES 4

struct fdt;
struct fdt_intc;

/* PIO at bus address 0 on; the others at the same bus address as the CPU's. */
enum pci_window { PCI_WINDOW_PIO, PCI_WINDOW_32, PCI_WINDOW_64, PCI_WINDOWS };

struct pci_range {
	u64 base, size;
};

struct pci_host_config {
	u64 ecam; /* 256 MiB */
	struct pci_range windows[PCI_WINDOWS];
	struct irq lines[PCI_LINES];
	/* A message: a device's write of 32 bits. NULL: nobody takes them. */
	void (*message)(void *ctx, u64 addr, u32 data);
	void *message_ctx;
};

/* A BAR where the guest can reach it. */
struct pci_mapping {
	u64 base, size; /* addresses of the CPU */
	const struct pci_bar *bar;
};

struct pci_view {
	struct pci_host *host;
	unsigned count;
	struct pci_mapping mappings[2 * PCI_SLOTS * PCI_BARS];
};

struct pci_host {
	struct platform *platform;
	struct pci_host_config config;
	struct pci_device bridge;
	struct pci_device *slots[PCI_SLOTS]; /* NULL: empty */
	u64 asserting[PCI_LINES]; /* for whom the lines were driven last, two bits a slot */
	struct pci_view views[PCI_WINDOWS]; /* follow from the devices' configuration */
};

/* 0 or what bus_attach returns. */
int pci_host_attach(struct pci_host *host, struct platform *platform,
		    const struct pci_host_config *config);

/* Put a device into a slot, which is free. */
void pci_host_plug(struct pci_host *host, unsigned slot, struct pci_device *device);

/* Put a device behind a bridge that has none, but let it not answer yet: set bridge->below. */
void pci_host_plug_below(struct pci_device *bridge, struct pci_device *device);

/* For devices: a BAR, the command register or the pin's level were changed. */
void pci_host_changed(struct pci_host *host);
void pci_host_pins(struct pci_host *host);

/* May any device send messages now? */
bool pci_host_sends(const struct pci_host *host);

/* For people: what is in the slots. */
void pci_host_info(const struct pci_host *host, FILE *out);

/* The node as QEMU's virt has it; sources irq to irq + 3. */
void pci_host_fdt(const struct pci_host *host, struct fdt *fdt, u32 irq,
		  const struct fdt_intc *intc);

#endif
