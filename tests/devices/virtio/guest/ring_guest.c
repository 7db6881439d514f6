/* SPDX-License-Identifier: MIT */
/* See ring_guest.h. */
#include "ring_guest.h"

#include <string.h>

void ring_guest_init(struct ring_guest *f, u32 num, u64 features)
{
	*f = (struct ring_guest){ .features = features, .wrap = true };
	guest_init(&f->guest, CLOCK_VIRTUAL);
	f->queue = (struct virtq){ .num_max = RING_NUM_MAX };
	virtq_reset(&f->queue);
	virtq_set_num(&f->queue, num);
	f->queue.desc = RING_DESC;
	f->queue.driver = RING_DRIVER;
	f->queue.device = RING_DEVICE;
	assert_null(virtq_enable(&f->queue, &f->guest.platform.bus, features));
}

void ring_guest_open(struct ring_guest *f, u64 features)
{
	assert_null(
		virtq_open(&f->ring, &f->queue, &f->guest.platform.bus, features | f->features));
}

unsigned ring_guest_waiting(struct ring_guest *f)
{
	unsigned count;

	assert_null(virtq_waiting(&f->ring, &count));
	return count;
}

const char *ring_guest_walk(struct ring_guest *f, u64 features)
{
	ring_guest_open(f, features);
	return virtq_peek(&f->ring, &f->chain);
}

void ring_guest_check_fault(struct ring_guest *f, const char *what, const char *fault,
			    const char *words)
{
	if (!fault || !strstr(fault, words))
		fail_msg("%s: %s", what, fault ? fault : "accepted");
	assert_int_equal(f->guest.other_accesses, 0);
}

void ring_guest_check_places(struct ring_guest *f, const struct ring_place *places, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct virtq queue = { .num_max = RING_NUM_MAX, .num = f->queue.num };
		const char *fault;

		queue.desc = places[i].desc;
		queue.driver = places[i].driver;
		queue.device = places[i].device;
		fault = virtq_enable(&queue, &f->guest.platform.bus, f->features);
		if (!fault != places[i].good)
			fail_msg("place %u: %s", i, fault ? fault : "accepted");
		assert_int_equal(queue.ready, places[i].good);
	}
}
