/* SPDX-License-Identifier: MIT */
/*
 * A PCI Express root port as QEMU's pcie-root-port (PCI Express Base 5.0, 7.5.1.3 Type 1 header,
 * 7.5.3 PCI Express capability): a bus with one slot, into which a device can be plugged while the
 * machine runs. The guest is told by slot status and an interrupt; a device is taken out when the
 * guest, which is asked for it by the attention button, has turned the slot's power off.
 */
#ifndef DEVICES_PCI_PORT_H
#define DEVICES_PCI_PORT_H

#include "devices/pci/host.h"
#include "devices/pci/msix.h"

struct pci_port {
	struct pci_device pci;
	struct pci_msix msix;
	u8 express; /* offset of the capability */
	struct pci_device *plugged; /* what is in the slot; NULL: nothing */
	bool ejected; /* it is to be taken out: whoever plugged it in does so */
	u16 control; /* slot control as it was last looked at */
	bool interrupt; /* what has happened is to be told */
	/* State */
	bool wanted; /* it was asked for */
};

/* On the bus of a host, in a slot that is free; `name` of its state. */
void pci_port_init(struct pci_port *port, struct pci_host *host, const char *name, unsigned slot,
		   unsigned number);

/* Put a device in: before the first reset, or while the guest runs (hot). */
void pci_port_plug(struct pci_port *port, struct pci_device *device, bool hot);

/*
 * Ask the guest for it. 0: port->ejected says whether it can be had at once; -EBUSY: the guest is
 * about to change the slot's power; -EALREADY: it was asked before.
 */
int pci_port_ask(struct pci_port *port);

/* It is out. */
void pci_port_unplug(struct pci_port *port);

#endif
