/* SPDX-License-Identifier: MIT */
/*
 * The virtio-mmio transport (virtio 1.2 section 4.2), version 2, or 1 for a device that is legacy.
 * A slot is a window of registers with one interrupt line; a slot with no device says so by device
 * id 0. Owns no state
 * of its own: all that a driver can set is the device's (virtio.h).
 */
#ifndef DEVICES_VIRTIO_MMIO_H
#define DEVICES_VIRTIO_MMIO_H

#include "bus/irq.h"
#include "bus/platform.h"

struct fdt;
struct fdt_intc;
struct virtio;

#define VIRTIO_MMIO_SIZE 0x1000ull

struct virtio_mmio {
	struct virtio *virtio; /* NULL: empty slot */
	struct platform *platform;
	struct irq irq;
};

/*
 * Attach a slot at `base`, with an initialised device (whose transport it becomes, and which it
 * resets with the machine) or NULL. 0 or bus_attach's error.
 */
int virtio_mmio_init(struct virtio_mmio *mmio, struct platform *platform, u64 base, struct irq irq,
		     struct virtio *virtio);

/* The slot's node. Linux numbers devices in the order of the nodes. */
void virtio_mmio_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc);

#endif
