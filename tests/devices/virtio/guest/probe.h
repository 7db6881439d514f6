/* SPDX-License-Identifier: MIT */
/*
 * A device that exists only to test the virtio core: it echoes its input, and a test can set what
 * it answers.
 */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_PROBE_H
#define TESTS_DEVICES_VIRTIO_GUEST_PROBE_H

#include "guest.h"
#include "devices/virtio/virtio.h"

#define PROBE_ID 42
#define PROBE_QUEUES 3
#define PROBE_QUEUE_SIZE 16
#define PROBE_FEATURES (BIT(0) | BIT(5))
#define PROBE_CONFIG_SIZE 10

struct probe {
	struct virtio virtio;
	u8 config[PROBE_CONFIG_SIZE];
	enum virtio_served answer;
	unsigned answers; /* after this many chains, `answer` is returned instead of VIRTIO_USED */
	unsigned served[PROBE_QUEUES], resets[PROBE_QUEUES];
	unsigned config_writes;
	u32 config_offset, config_value;
	unsigned config_size;
};

void probe_init(struct probe *probe, struct platform *platform, const char *name);

/* A guest with the probe in its slot, and one queue for the test. */
struct probe_guest {
	struct guest guest;
	struct probe probe;
	struct guest_queue queue;
};
GUEST_COMES_FIRST(struct probe_guest);

/*
 * The setups of cmocka for a test whose state is a struct probe_guest; the teardown is
 * guest_teardown(). The device is modern, or legacy (virtio 1.2, 4.2.4), or the slot is empty.
 */
int probe_guest_setup(void **state);
int probe_guest_setup_legacy(void **state);
int probe_guest_setup_empty(void **state);

#endif
