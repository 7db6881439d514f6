/* SPDX-License-Identifier: MIT */
/* The virtio entropy device (virtio 1.2 section 5.4), whose bytes come from bus/entropy.h. */
#ifndef DEVICES_VIRTIO_RNG_H
#define DEVICES_VIRTIO_RNG_H

#include "devices/device_type.h"
#include "devices/virtio/virtio.h"

struct virtio_rng {
	struct virtio virtio;
};

/* Initialises the device. `name` is as in struct virtio_setup. */
void virtio_rng_init(struct virtio_rng *rng, struct platform *platform, const char *name);

/* The device's type for -device. */
extern const struct device_type virtio_rng_device;

#endif
