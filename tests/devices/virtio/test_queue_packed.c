/* SPDX-License-Identifier: MIT */
/* Tests devices/virtio/queue_packed.c: the walk through good and hostile packed rings. */
#include "ring_guest.h"
#include <string.h>

#define NUM 5u /* any size is possible, also one that is not a power of two */
#define DESC RING_DESC
#define DRIVER RING_DRIVER
#define DEVICE RING_DEVICE
#define TABLE RING_TABLE

#define PACKED BIT(34)
#define INDIRECT BIT(28)
#define EVENT_IDX BIT(29)
#define AVAIL 0x80u
#define USED 0x8000u

static int packed_setup(void **state)
{
	static struct ring_guest fixture;

	ring_guest_init(*state = &fixture, NUM, PACKED);
	return 0;
}

/* Makes the next descriptor available. `flags` are those other than AVAIL and USED. */
static void packed_offer(struct ring_guest *f, u64 addr, u32 len, u16 id, u32 flags)
{
	flags |= f->wrap ? AVAIL : USED;
	guest_desc(&f->guest, DESC, f->next, addr, len, id | flags << 16);
	if (++f->next == NUM) {
		f->next = 0;
		f->wrap = !f->wrap;
	}
}

/*
 * Checks that the descriptor is used, with this id and length, in the round with this wrap counter.
 */
static void check_used(struct ring_guest *f, unsigned index, bool wrap, u16 id, u32 len)
{
	const u8 *desc = guest_ram(&f->guest, DESC + index * 16);
	u16 found_id, flags;
	u32 found_len;

	memcpy(&found_len, desc + 8, 4);
	memcpy(&found_id, desc + 12, 2);
	memcpy(&flags, desc + 14, 2);
	assert_int_equal(found_id, id);
	assert_int_equal(found_len, len);
	assert_int_equal(flags & (AVAIL | USED), wrap ? AVAIL | USED : 0);
	assert_int_equal(!!(flags & F_WRITE), len != 0);
}

static void test_nothing_waits_in_a_new_ring(void **state)
{
	struct ring_guest *f = *state;

	ring_guest_open(f, 0);
	assert_int_equal(ring_guest_waiting(f), 0);
	/* All descriptors have both flags set, as if they were used: none is available. */
	memset(guest_ram(&f->guest, DESC), 0xff, NUM * 16);
	assert_int_equal(ring_guest_waiting(f), 0);
}

static void test_chain_is_split_into_readable_and_writable(void **state)
{
	struct ring_guest *f = *state;

	packed_offer(f, GUEST_DATA, 16, 7, F_NEXT);
	packed_offer(f, GUEST_DATA + 100, 30, 8, F_NEXT);
	packed_offer(f, GUEST_DATA + 200, 7, 99, F_WRITE);
	ring_guest_open(f, 0);
	assert_int_equal(ring_guest_waiting(f), 1);
	assert_null(virtq_peek(&f->ring, &f->chain));
	assert_int_equal(f->chain.out.count, 2);
	assert_int_equal(f->chain.out.size, 46);
	assert_int_equal(f->chain.in.size, 7);
	virtq_push(&f->ring, &f->chain, 5);
	assert_int_equal(ring_guest_waiting(f), 0);
	assert_true(virtq_close(&f->ring));
	/* One used descriptor stands for three, and has the id of the last one. */
	check_used(f, 0, true, 99, 5);
}

/* Chains of every length go around the ring many times; both wrap counters follow. */
static void test_wraps(void **state)
{
	struct ring_guest *f = *state;
	u64 seed = 3;

	for (u32 round = 0; round < 20000; round++) {
		unsigned length = 1 + guest_random(&seed) % NUM, first = f->next;
		bool wrap = f->wrap;

		for (unsigned n = 0; n < length; n++)
			packed_offer(f, GUEST_DATA + n, n + 1, (u16)(round + n),
				     n + 1 < length ? F_NEXT : 0);
		ring_guest_open(f, 0);
		assert_int_equal(ring_guest_waiting(f), 1);
		assert_null(virtq_peek(&f->ring, &f->chain));
		assert_int_equal(f->chain.out.count, length);
		virtq_push(&f->ring, &f->chain, round);
		assert_true(virtq_close(&f->ring));
		check_used(f, first, wrap, (u16)(round + length - 1), round);
		assert_int_equal(ring_guest_waiting(f), 0);
	}
}

static void test_notification_flags(void **state)
{
	struct ring_guest *f = *state;

	for (u16 flags = 0; flags < 4; flags++) {
		guest_put16(&f->guest, DRIVER + 2, flags);
		ring_guest_open(f, 0);
		assert_false(virtq_close(&f->ring));
		packed_offer(f, GUEST_DATA, 4, 0, 0);
		assert_null(ring_guest_walk(f, 0));
		virtq_push(&f->ring, &f->chain, 0);
		assert_int_equal(virtq_close(&f->ring), flags != 1);
		/* The driver must notify the device of all chains. */
		assert_int_equal(guest_get16(&f->guest, DEVICE + 2), 0);
	}
}

/* The driver is notified if the descriptor that it names was used in the turn (2.8.10). */
static void test_notification_event_index(void **state)
{
	struct ring_guest *f = *state;
	u64 seed = 7;

	guest_put16(&f->guest, DRIVER + 2, 2);
	for (unsigned round = 0; round < 20000; round++) {
		unsigned batch = guest_random(&seed) % (NUM + 1);
		unsigned event = guest_random(&seed) % NUM;
		bool event_wrap = guest_random(&seed) % 2, due = false;

		guest_put16(&f->guest, DRIVER, (u16)(event | (event_wrap ? 0x8000 : 0)));
		for (unsigned i = 0; i < batch; i++) {
			due |= f->next == event && f->wrap == event_wrap;
			packed_offer(f, GUEST_DATA, 4, 0, 0);
		}
		ring_guest_open(f, EVENT_IDX);
		assert_int_equal(ring_guest_waiting(f), batch);
		for (unsigned i = 0; i < batch; i++) {
			assert_null(virtq_peek(&f->ring, &f->chain));
			virtq_push(&f->ring, &f->chain, 0);
		}
		assert_int_equal(virtq_close(&f->ring), due);
		/* The driver must notify the device of the next chain. */
		assert_int_equal(guest_get16(&f->guest, DEVICE + 2), 2);
		assert_int_equal(guest_get16(&f->guest, DEVICE), f->next | (f->wrap ? 0x8000 : 0));
	}
}

static void test_indirect(void **state)
{
	struct ring_guest *f = *state;

	/* Only the flag WRITE of a table's entries is used: entries always follow each other. */
	guest_desc(&f->guest, TABLE, 0, GUEST_DATA, 6, FLAGS(0xaaaa, AVAIL));
	guest_desc(&f->guest, TABLE, 1, GUEST_DATA + 8, 7, FLAGS(3, F_NEXT | USED));
	guest_desc(&f->guest, TABLE, 2, GUEST_DATA + 16, 8, FLAGS(0, F_WRITE));
	packed_offer(f, TABLE, 3 * 16, 42, F_INDIRECT | F_WRITE);
	assert_null(ring_guest_walk(f, INDIRECT));
	assert_int_equal(f->chain.out.size, 13);
	assert_int_equal(f->chain.in.size, 8);
	virtq_push(&f->ring, &f->chain, 8);
	check_used(f, 0, true, 42, 8);
	assert_int_equal(f->queue.last_avail, 0x8001);
}

struct bad {
	const char *what, *fault;
	u64 features, addr;
	u32 len, flags;
	u64 table_addr;
	u32 table_len, table_flags;
};

static const struct bad bad_chains[] = {
	{ "zero length", "descriptor length", .addr = GUEST_DATA },
	{ "past the end of RAM", "outside RAM", .addr = GUEST_RAM_END - 4, .len = 5 },
	{ "largest length", "outside RAM", .addr = GUEST_DATA, .len = UINT32_MAX },
	{ "wraps", "outside RAM", .addr = UINT64_MAX - 3, .len = 16 },
	{ "registers", "outside RAM", .addr = GUEST_OTHER, .len = 4 },
	{ "writes ROM", "outside RAM", .addr = GUEST_ROM, .len = 4, .flags = F_WRITE },
	{ "indirect unasked", "not negotiated", .addr = TABLE, .len = 16, .flags = F_INDIRECT },
	{ "indirect and next", "with a next one", .features = INDIRECT,
	  .addr = TABLE, .len = 16, .flags = F_INDIRECT | F_NEXT },
	{ "indirect empty", "table length", .features = INDIRECT,
	  .addr = TABLE, .len = 0, .flags = F_INDIRECT },
	{ "indirect odd length", "table length", .features = INDIRECT,
	  .addr = TABLE, .len = 24, .flags = F_INDIRECT },
	{ "indirect in registers", "table outside RAM", .features = INDIRECT,
	  .addr = GUEST_OTHER, .len = 16, .flags = F_INDIRECT },
	{ "indirect past RAM", "table outside RAM", .features = INDIRECT,
	  .addr = GUEST_RAM_END - 16, .len = 32, .flags = F_INDIRECT },
	{ "indirect in indirect", "in an indirect table", .features = INDIRECT,
	  .addr = TABLE, .len = 16, .flags = F_INDIRECT,
	  .table_addr = TABLE, .table_len = 16, .table_flags = F_INDIRECT },
	{ "indirect to registers", "descriptor outside RAM", .features = INDIRECT,
	  .addr = TABLE, .len = 16, .flags = F_INDIRECT,
	  .table_addr = GUEST_OTHER, .table_len = 16 },
	{ "indirect too long", "too long", .features = INDIRECT,
	  .addr = TABLE, .len = (VIRTQ_SIZE_MAX + 1) * 16, .flags = F_INDIRECT,
	  .table_addr = GUEST_DATA, .table_len = 16 },
};

static void test_bad_chains(void **state)
{
	struct ring_guest *f = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(bad_chains); i++) {
		const struct bad *bad = &bad_chains[i];
		const char *fault;

		guest_teardown(state);
		packed_setup(state);
		for (u32 n = 0; n <= VIRTQ_SIZE_MAX; n++)
			guest_desc(&f->guest, TABLE, n, bad->table_addr, bad->table_len,
				   FLAGS(0, bad->table_flags));
		packed_offer(f, bad->addr, bad->len, 0, bad->flags);
		fault = ring_guest_walk(f, bad->features);
		ring_guest_check_fault(f, bad->what, fault, bad->fault);
	}
}

/* A chain never ends: it goes around the ring, whatever follows its first descriptor. */
static void test_endless_chain(void **state)
{
	struct ring_guest *f = *state;
	unsigned count;

	for (unsigned n = 0; n < NUM; n++)
		packed_offer(f, GUEST_DATA, 4, 0, F_NEXT);
	ring_guest_open(f, 0);
	assert_non_null(virtq_waiting(&f->ring, &count));
	assert_non_null(virtq_peek(&f->ring, &f->chain));
}

static void test_readable_after_writable(void **state)
{
	struct ring_guest *f = *state;

	packed_offer(f, GUEST_DATA, 4, 0, F_NEXT | F_WRITE);
	packed_offer(f, GUEST_DATA, 4, 0, 0);
	assert_non_null(strstr(ring_guest_walk(f, 0), "after a device-writable"));
}

/*
 * Whatever is in the ring, and in a state from a file, a walk never sees more descriptors than the
 * ring has.
 */
static void test_noise(void **state)
{
	struct ring_guest *f = *state;
	struct bus *bus = &f->guest.platform.bus;
	u64 seed = 11;

	for (unsigned round = 0; round < 20000; round++) {
		unsigned count = 0;

		f->queue.last_avail = (u16)guest_random(&seed);
		f->queue.num = guest_random(&seed) % (f->queue.num_max + 1u);
		for (u64 n = 0; n < 16 * 16; n += 2)
			guest_put16(&f->guest, DESC + n, (u16)guest_random(&seed));
		if (!virtq_loaded(&f->queue, bus, PACKED))
			continue;
		ring_guest_open(f, INDIRECT | EVENT_IDX);
		if (!virtq_waiting(&f->ring, &count))
			assert_true(count <= f->queue.num);
		if (!virtq_peek(&f->ring, &f->chain))
			virtq_push(&f->ring, &f->chain, 1);
		virtq_close(&f->ring);
	}
}

static void test_ring_placement(void **state)
{
	struct ring_guest *f = *state;
	/*
	 * Descriptors have 16 bytes each and are aligned to 16; the other areas have 4 bytes and
	 * are aligned to 4 (2.8.10.1).
	 */
	const struct ring_place places[] = {
		{ DESC, DRIVER, DEVICE, true },
		{ DESC + 8, DRIVER, DEVICE, false },
		{ DESC, DRIVER + 2, DEVICE, false },
		{ DESC, DRIVER, DEVICE + 2, false },
		{ GUEST_RAM_END - 16 * NUM, DRIVER, DEVICE, true },
		{ GUEST_RAM_END - 16 * NUM + 16, DRIVER, DEVICE, false },
		{ DESC, GUEST_RAM_END - 4, GUEST_RAM_END - 4, true },
		{ DESC, GUEST_RAM_END, DEVICE, false },
		{ DESC, DRIVER, GUEST_RAM_END, false },
		{ DESC, DRIVER, GUEST_ROM, false },
		{ GUEST_ROM, DRIVER, DEVICE, false },
		{ DESC, GUEST_OTHER, DEVICE, false },
	};

	ring_guest_check_places(f, places, ARRAY_SIZE(places));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, packed_setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_nothing_waits_in_a_new_ring),
	TEST(test_chain_is_split_into_readable_and_writable),
	TEST(test_wraps),
	TEST(test_notification_flags),
	TEST(test_notification_event_index),
	TEST(test_indirect),
	TEST(test_bad_chains),
	TEST(test_endless_chain),
	TEST(test_readable_after_writable),
	TEST(test_noise),
	TEST(test_ring_placement),
	{ 0 },
};
