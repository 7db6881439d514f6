/* SPDX-License-Identifier: MIT */
/*
 * A PCI Express root port like QEMU's pcie-root-port (PCI Express Base 5.0, 7.5.1.3 Type 1 header,
 * 7.5.3 PCI Express capability): a bus with one slot, into which a device can be plugged while the
 * machine runs. The slot status register and an interrupt notify the guest. Pressing the attention
 * button asks the guest to release the device, which is removed when the guest has powered off the
 * slot.
 */
#ifndef DEVICES_PCI_PORT_H
#define DEVICES_PCI_PORT_H

#include "devices/device_type.h"
#include "devices/pci/host.h"
#include "devices/pci/msix.h"

struct pcie_root_port_properties {
	u64 chassis, slot; /* numbers that identify the slot to users */
	u64 port; /* QEMU's number of the port, which has no effect */
};

/* The device's type for -device; its properties are struct pcie_root_port_properties. */
extern const struct device_type pcie_root_port_device;

struct pci_port {
	struct pci_device pci;
	struct pci_msix msix;
	u8 express; /* offset of the PCI Express capability */
	struct pci_device *plugged; /* the device in the slot; NULL: none */
	bool ejected; /* the device can be removed, by the code that plugged it in */
	u16 control; /* the value of slot control when it was last checked */
	bool interrupt; /* an event is being signalled to the guest */
	/* State */
	bool wanted; /* the guest was asked to release the device */
};

/*
 * Puts the port into a free place on the host's bus. `name` is that of its state; `number`
 * identifies the slot to users.
 */
void pci_port_init(struct pci_port *port, struct pci_host *host, const char *name, unsigned place,
		   unsigned number);

/* Plugs a device into the slot, before the first reset, or if `hot` while the guest runs. */
void pci_port_plug(struct pci_port *port, struct pci_device *device, bool hot);

/*
 * Asks the guest to release the device. Returns 0, and then port->ejected is set if the device can
 * be removed at once; -EBUSY if the guest is changing the slot's power; -EALREADY if this was
 * requested before.
 */
int pci_port_ask(struct pci_port *port);

/* Removes the device from the slot. */
void pci_port_unplug(struct pci_port *port);

#endif
