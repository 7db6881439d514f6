/* SPDX-License-Identifier: MIT */
/*
 * The virtio entropy device (virtio 1.2 section 5.4). Under the host clock its bytes are the
 * host's and pass the journal; under the virtual clock they follow from the machine's seed.
 */
#ifndef DEVICES_VIRTIO_RNG_H
#define DEVICES_VIRTIO_RNG_H

#include "devices/virtio/virtio.h"

struct virtio_rng {
	struct virtio virtio;
	unsigned sink;
	char part[STATE_NAME_MAX]; /* name of the state and of the journal's sink */
	u64 state; /* of the generator used under the virtual clock */
};

/* `name` as virtio_setup's. */
void virtio_rng_init(struct virtio_rng *rng, struct platform *platform, const char *name);

#endif
