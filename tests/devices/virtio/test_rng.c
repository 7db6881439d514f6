/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/rng.c: requests are filled, reproducibly with the virtual clock, and can be
 * replayed.
 */
#include "guest.h"
#include "devices/virtio/rng.h"
#include <string.h>

struct machine {
	struct guest guest;
	struct virtio_rng rng;
	struct guest_queue queue;
};

static void rng_start(struct machine *m, enum clock_mode mode)
{
	guest_init(&m->guest, mode);
	virtio_rng_init(&m->rng, &m->guest.platform, "virtio2");
	guest_attach(&m->guest, &m->rng.virtio);
	guest_start(&m->guest, &m->queue, BIT(32), 8);
}

/* Requests `size` bytes, which are written to GUEST_DATA. Returns how many were. */
static u32 draw(struct machine *m, u32 size)
{
	ring_desc(&m->queue, 0, GUEST_DATA, size, FLAGS(F_WRITE, 0));
	return guest_run(&m->queue, 0);
}

static const void *drawn(struct machine *m)
{
	return guest_ram(&m->guest, GUEST_DATA);
}

static void test_identity(void **state)
{
	static struct machine m;

	rng_start(&m, CLOCK_VIRTUAL);
	assert_int_equal(guest_get(&m.guest, MMIO_DEVICE_ID), 4);
	guest_set(&m.guest, MMIO_QUEUE_SEL, 1);
	assert_int_equal(guest_get(&m.guest, MMIO_QUEUE_NUM_MAX), 0);
	assert_int_equal(guest_get(&m.guest, MMIO_CONFIG), 0);
	guest_free(&m.guest);
}

static void test_fills_exactly(void **state)
{
	static struct machine m;

	for (int mode = CLOCK_VIRTUAL; mode <= CLOCK_HOST; mode++) {
		rng_start(&m, mode);
		for (u32 size = 1; size < 300; size++) {
			u8 *data = guest_ram(&m.guest, GUEST_DATA);
			unsigned zeros = 0;

			memset(data, 0, 512);
			assert_int_equal(draw(&m, size), size);
			for (u32 i = 0; i < size; i++)
				zeros += !data[i];
			/* 31 zeros among 300 bytes are extremely improbable. */
			assert_true(zeros <= 30 && (size < 8 || zeros < size));
			for (u32 i = size; i < 512; i++)
				assert_int_equal(data[i], 0);
		}
		guest_free(&m.guest);
	}
}

/* Row 11: the largest request needs only a bounded buffer, and gets at least a byte. */
static void test_row_11_largest_request(void **state)
{
	static struct machine m;
	u32 got;

	rng_start(&m, CLOCK_VIRTUAL);
	got = draw(&m, GUEST_RAM_END - GUEST_DATA);
	assert_in_range(got, 1, 64 * KiB);
	guest_free(&m.guest);
}

static void test_same_seed_same_bytes(void **state)
{
	static struct machine a, b;

	rng_start(&a, CLOCK_VIRTUAL);
	rng_start(&b, CLOCK_VIRTUAL);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(draw(&a, 24), 24);
		assert_int_equal(draw(&b, 24), 24);
		assert_memory_equal(drawn(&a), drawn(&b), 24);
	}
	assert_true(state_hash(&a.guest.platform.state) == state_hash(&b.guest.platform.state));
	guest_free(&b.guest);
	guest_init(&b.guest, CLOCK_VIRTUAL);
	b.guest.platform.entropy.state = 2;
	virtio_rng_init(&b.rng, &b.guest.platform, "virtio2");
	guest_attach(&b.guest, &b.rng.virtio);
	guest_start(&b.guest, &b.queue, BIT(32), 8);
	draw(&b, 24);
	assert_memory_not_equal(drawn(&a), drawn(&b), 24);
	guest_free(&a.guest);
	guest_free(&b.guest);
}

static void test_generator_is_state(void **state)
{
	static struct machine a, b;

	rng_start(&a, CLOCK_VIRTUAL);
	rng_start(&b, CLOCK_VIRTUAL);
	draw(&a, 1000);
	assert_int_equal(guest_clone(&b.guest, &a.guest), 0);
	b.queue = a.queue;
	b.queue.guest = &b.guest;
	draw(&a, 64);
	draw(&b, 64);
	assert_memory_equal(drawn(&a), drawn(&b), 64);
	guest_free(&a.guest);
	guest_free(&b.guest);
}

/* With the host's clock the bytes are input of the journal: a replay returns the same ones. */
static void test_host_entropy_is_replayed(void **state)
{
	static struct machine a, b;
	u8 first[64];

	rng_start(&a, CLOCK_HOST);
	rng_start(&b, CLOCK_HOST);
	journal_record_start(&a.guest.platform.journal);
	draw(&a, 64);
	memcpy(first, drawn(&a), 64);
	draw(&b, 64);
	assert_memory_not_equal(first, drawn(&b), 64);
	journal_follow(&b.guest.platform.journal, &a.guest.platform.journal);
	draw(&b, 64);
	assert_memory_equal(first, drawn(&b), 64);
	guest_free(&a.guest);
	guest_free(&b.guest);
}

static void test_readable_buffer_needs_reset(void **state)
{
	static struct machine m;

	rng_start(&m, CLOCK_VIRTUAL);
	ring_desc(&m.queue, 0, GUEST_DATA, 8, 0);
	guest_submit(&m.queue, 0);
	assert_true(guest_needs_reset(&m.guest));
	guest_free(&m.guest);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_identity),
	cmocka_unit_test(test_fills_exactly),
	cmocka_unit_test(test_row_11_largest_request),
	cmocka_unit_test(test_same_seed_same_bytes),
	cmocka_unit_test(test_generator_is_state),
	cmocka_unit_test(test_host_entropy_is_replayed),
	cmocka_unit_test(test_readable_buffer_needs_reset),
	{ 0 },
};
