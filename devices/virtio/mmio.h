/* SPDX-License-Identifier: MIT */
/*
 * The virtio-mmio transport (virtio 1.2 section 4.2), version 2, or 1 for a legacy device. A slot
 * is a range of registers with one interrupt line; a slot without a device has device id 0. The
 * transport itself has no state: everything that a driver can set is in struct virtio (virtio.h).
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
	bool empty_is_legacy; /* an empty slot has version 1; virtio_mmio_init clears it */
	struct platform *platform;
	struct irq irq;
};

/*
 * Attaches a slot at `base` with an initialised device or NULL. The slot becomes the device's
 * transport, and resets the device with the machine. Returns 0 or bus_attach's error.
 */
int virtio_mmio_init(struct virtio_mmio *mmio, struct platform *platform, u64 base, struct irq irq,
		     struct virtio *virtio);

/* Writes the slot's node. Linux numbers devices in the order of the nodes. */
void virtio_mmio_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc);

#endif
