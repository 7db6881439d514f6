/* SPDX-License-Identifier: MIT */
/*
 * The virtio transport over PCI (virtio 1.2 section 4.1), only modern: capabilities point to the
 * structures in one BAR. Another BAR has MSI-X if the machine has a controller that receives MSIs.
 */
#ifndef DEVICES_VIRTIO_PCI_H
#define DEVICES_VIRTIO_PCI_H

#include "devices/pci/host.h"
#include "devices/pci/msix.h"
#include "devices/virtio/virtio.h"

struct virtio_pci {
	struct virtio *virtio;
	struct pci_device pci;
	struct pci_msix msix;
	u8 access; /* offset of the capability VIRTIO_PCI_CAP_PCI_CFG */
	/*
	 * State: vectors as the driver has set them, each VIRTIO_MSI_NO_VECTOR or below msix.count
	 */
	u16 config_vector;
	u16 queue_vectors[VIRTIO_QUEUES_MAX];
};

/*
 * Makes `transport` the transport of an initialised device, which it resets with the machine. The
 * caller plugs transport->pci into a slot of the host.
 */
void virtio_pci_init(struct virtio_pci *transport, const struct pci_host *host,
		     struct virtio *virtio);

#endif
