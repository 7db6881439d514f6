/* SPDX-License-Identifier: MIT */
/* Tests devices/virtio/queue.c alone: the walk through good and hostile split rings. */
#include "ring_guest.h"
#include <string.h>

#define NUM 8
#define DESC RING_DESC
#define AVAIL RING_DRIVER
#define USED RING_DEVICE
#define TABLE RING_TABLE

static int queue_setup(void **state)
{
	static struct ring_guest fixture;

	ring_guest_init(*state = &fixture, NUM, 0);
	return 0;
}

static void queue_offer(struct ring_guest *f, u16 head)
{
	u16 idx = guest_get16(&f->guest, AVAIL + 2);

	guest_put16(&f->guest, AVAIL + 4 + idx % NUM * 2, head);
	guest_put16(&f->guest, AVAIL + 2, idx + 1);
}

/* Offers head 0 with the features. Returns why the walk through its chain fails, or NULL. */
static const char *queue_walk(struct ring_guest *f, u64 features)
{
	queue_offer(f, 0);
	return ring_guest_walk(f, features);
}

static void test_chain_is_split_into_readable_and_writable(void **state)
{
	struct ring_guest *f = *state;

	guest_desc(&f->guest, DESC, 0, GUEST_DATA, 16, FLAGS(F_NEXT, 5));
	guest_desc(&f->guest, DESC, 5, GUEST_DATA + 100, 30, FLAGS(F_NEXT, 2));
	guest_desc(&f->guest, DESC, 2, GUEST_DATA + 200, 7, FLAGS(F_NEXT | F_WRITE, 7));
	guest_desc(&f->guest, DESC, 7, GUEST_DATA + 300, 1, FLAGS(F_WRITE, 0));
	assert_null(queue_walk(f, 0));
	assert_int_equal(f->chain.head, 0);
	assert_int_equal(f->chain.out.count, 2);
	assert_int_equal(f->chain.out.size, 46);
	assert_int_equal(f->chain.in.count, 2);
	assert_int_equal(f->chain.in.size, 8);
	assert_ptr_equal(f->chain.out.iov[1].iov_base, guest_ram(&f->guest, GUEST_DATA + 100));
	assert_ptr_equal(f->chain.in.iov[0].iov_base, guest_ram(&f->guest, GUEST_DATA + 200));
}

static void test_buffer_moves_across_pieces(void **state)
{
	struct ring_guest *f = *state;
	char text[8] = { 0 };

	memcpy(guest_ram(&f->guest, GUEST_DATA), "abc", 3);
	memcpy(guest_ram(&f->guest, GUEST_DATA + 16), "defgh", 5);
	guest_desc(&f->guest, DESC, 0, GUEST_DATA, 3, FLAGS(F_NEXT, 1));
	guest_desc(&f->guest, DESC, 1, GUEST_DATA + 16, 5, FLAGS(F_NEXT, 2));
	guest_desc(&f->guest, DESC, 2, GUEST_DATA + 32, 2, FLAGS(F_NEXT | F_WRITE, 3));
	guest_desc(&f->guest, DESC, 3, GUEST_DATA + 64, 2, FLAGS(F_WRITE, 0));
	assert_null(queue_walk(f, 0));
	assert_false(virtq_buffer_read(&f->chain.out, text, 9));
	assert_int_equal(f->chain.out.size, 8);
	virtq_buffer_skip(&f->chain.out, 1);
	assert_true(virtq_buffer_read(&f->chain.out, text, 4));
	assert_memory_equal(text, "bcde", 4);
	assert_true(virtq_buffer_read(&f->chain.out, text, 3));
	assert_memory_equal(text, "fgh", 3);
	assert_int_equal(f->chain.out.count, 0);
	assert_ptr_equal(virtq_buffer_take_last(&f->chain.in),
			 guest_ram(&f->guest, GUEST_DATA + 65));
	assert_false(virtq_buffer_write(&f->chain.in, "1234", 4));
	assert_true(virtq_buffer_write(&f->chain.in, "123", 3));
	assert_memory_equal(guest_ram(&f->guest, GUEST_DATA + 32), "12", 2);
	assert_memory_equal(guest_ram(&f->guest, GUEST_DATA + 64), "3", 2);
	assert_null(virtq_buffer_take_last(&f->chain.in));
}

static void test_push_writes_used_ring_and_wraps(void **state)
{
	struct ring_guest *f = *state;

	guest_desc(&f->guest, DESC, 0, GUEST_DATA, 4, FLAGS(F_WRITE, 0));
	for (u32 i = 0; i < 65536 + 3; i++) {
		u32 element[2];

		assert_null(queue_walk(f, 0));
		virtq_push(&f->ring, &f->chain, i & 3);
		assert_true(virtq_close(&f->ring));
		memcpy(element, guest_ram(&f->guest, USED + 4 + i % NUM * 8), 8);
		assert_int_equal(element[0], 0);
		assert_int_equal(element[1], i & 3);
		assert_int_equal(guest_get16(&f->guest, USED + 2), (u16)(i + 1));
		assert_int_equal(ring_guest_waiting(f), 0);
	}
}

static void test_notification_flag(void **state)
{
	struct ring_guest *f = *state;

	guest_desc(&f->guest, DESC, 0, GUEST_DATA, 4, FLAGS(F_WRITE, 0));
	ring_guest_open(f, 0);
	assert_false(virtq_close(&f->ring));
	guest_put16(&f->guest, AVAIL, 1); /* VIRTQ_AVAIL_F_NO_INTERRUPT */
	assert_null(queue_walk(f, 0));
	virtq_push(&f->ring, &f->chain, 0);
	assert_false(virtq_close(&f->ring));
	guest_put16(&f->guest, AVAIL, 0);
	assert_null(queue_walk(f, 0));
	virtq_push(&f->ring, &f->chain, 0);
	assert_true(virtq_close(&f->ring));
}

/*
 * The driver is notified of a batch of b entries from index n on if n <= used_event < n + b
 * (2.7.7.2).
 */
static void test_notification_event_index(void **state)
{
	struct ring_guest *f = *state;
	u64 seed = 7;

	guest_desc(&f->guest, DESC, 0, GUEST_DATA, 4, FLAGS(F_WRITE, 0));
	for (unsigned round = 0; round < 20000; round++) {
		unsigned batch = guest_random(&seed) % (NUM + 1);
		u16 first = f->queue.used_idx;
		u16 event = first + (u16)(guest_random(&seed) % 20) - 10;
		bool due = false;

		for (unsigned i = 0; i < batch; i++)
			queue_offer(f, 0);
		guest_put16(&f->guest, AVAIL, 1); /* ignored */
		guest_put16(&f->guest, AVAIL + 4 + NUM * 2, event);
		ring_guest_open(f, VIRTIO_F_EVENT_IDX);
		for (unsigned i = 0; i < batch; i++) {
			assert_null(virtq_peek(&f->ring, &f->chain));
			virtq_push(&f->ring, &f->chain, 0);
			due |= (u16)(first + i) == event;
		}
		assert_int_equal(virtq_close(&f->ring), due);
		/* avail_event says that the driver must notify the device of the next chain. */
		assert_int_equal(guest_get16(&f->guest, USED + 4 + NUM * 8),
				 guest_get16(&f->guest, AVAIL + 2));
	}
}

static void test_indirect(void **state)
{
	struct ring_guest *f = *state;

	guest_desc(&f->guest, DESC, 0, GUEST_DATA, 5, FLAGS(F_NEXT, 1));
	/* Its WRITE flag must be ignored. */
	guest_desc(&f->guest, DESC, 1, TABLE, 3 * 16, FLAGS(F_INDIRECT | F_WRITE, 0));
	guest_desc(&f->guest, TABLE, 0, GUEST_DATA + 8, 6, FLAGS(F_NEXT, 2));
	guest_desc(&f->guest, TABLE, 2, GUEST_DATA + 16, 7, FLAGS(F_WRITE, 0));
	assert_null(queue_walk(f, VIRTIO_F_INDIRECT_DESC));
	assert_int_equal(f->chain.out.count, 2);
	assert_int_equal(f->chain.out.size, 11);
	assert_int_equal(f->chain.in.size, 7);
}

/* An indirect table may have more pieces than the queue has entries. */
static void test_indirect_longer_than_queue(void **state)
{
	struct ring_guest *f = *state;

	guest_desc(&f->guest, DESC, 0, TABLE, VIRTQ_SIZE_MAX * 16, FLAGS(F_INDIRECT, 0));
	for (u32 i = 0; i < VIRTQ_SIZE_MAX; i++)
		guest_desc(&f->guest, TABLE, i, GUEST_DATA, 1,
			   FLAGS(i == VIRTQ_SIZE_MAX - 1 ? 0 : F_NEXT, i + 1));
	assert_null(queue_walk(f, VIRTIO_F_INDIRECT_DESC));
	assert_int_equal(f->chain.out.count, VIRTQ_SIZE_MAX);
}

struct bad {
	const char *what, *fault;
	u64 features;
	u64 addr;
	u32 len, flags_next;
	u64 table_addr;
	u32 table_len, table_flags_next;
};

#define INDIRECT VIRTIO_F_INDIRECT_DESC
static const struct bad bad_chains[] = {
	{ "zero length", "descriptor length",
	  .addr = GUEST_DATA, .len = 0 },
	{ "past the end of RAM", "outside RAM",
	  .addr = GUEST_RAM_END - 4, .len = 5 },
	{ "largest length", "outside RAM",
	  .addr = GUEST_DATA, .len = UINT32_MAX },
	{ "before RAM", "outside RAM",
	  .addr = GUEST_RAM - 1, .len = 2 },
	{ "nowhere", "outside RAM",
	  .addr = 0x4000000000, .len = 1 },
	{ "wraps", "outside RAM",
	  .addr = UINT64_MAX - 3, .len = 16 },
	{ "own registers", "outside RAM",
	  .addr = GUEST_SLOT, .len = 4 },
	{ "other registers", "outside RAM",
	  .addr = GUEST_OTHER, .len = 4 },
	{ "writes ROM", "outside RAM",
	  .addr = GUEST_ROM, .len = 4, .flags_next = FLAGS(F_WRITE, 0) },
	{ "next out of range", "index out of range",
	  .addr = GUEST_DATA, .len = 4, .flags_next = FLAGS(F_NEXT, NUM) },
	{ "next far out", "index out of range",
	  .addr = GUEST_DATA, .len = 4, .flags_next = FLAGS(F_NEXT, 0xffff) },
	{ "loop to itself", "loops",
	  .addr = GUEST_DATA, .len = 4, .flags_next = FLAGS(F_NEXT, 0) },
	{ "readable after writable", "after a device-writable",
	  .addr = GUEST_DATA, .len = 4,
	  .flags_next = FLAGS(F_NEXT | F_WRITE, 1) },
	{ "indirect unasked", "not negotiated",
	  .addr = TABLE, .len = 16, .flags_next = FLAGS(F_INDIRECT, 0) },
	{ "indirect and next", "with a next one",
	  .features = INDIRECT, .addr = TABLE, .len = 16,
	  .flags_next = FLAGS(F_INDIRECT | F_NEXT, 1) },
	{ "indirect empty", "table length",
	  .features = INDIRECT, .addr = TABLE, .len = 0,
	  .flags_next = FLAGS(F_INDIRECT, 0) },
	{ "indirect odd length", "table length",
	  .features = INDIRECT, .addr = TABLE, .len = 24,
	  .flags_next = FLAGS(F_INDIRECT, 0) },
	{ "indirect in registers", "table outside RAM",
	  .features = INDIRECT, .addr = GUEST_OTHER, .len = 16,
	  .flags_next = FLAGS(F_INDIRECT, 0) },
	{ "indirect past RAM", "table outside RAM",
	  .features = INDIRECT, .addr = GUEST_RAM_END - 16, .len = 32,
	  .flags_next = FLAGS(F_INDIRECT, 0) },
	{ "indirect in indirect", "in an indirect table",
	  .features = INDIRECT, .addr = TABLE, .len = 16,
	  .flags_next = FLAGS(F_INDIRECT, 0), .table_addr = TABLE, .table_len = 16,
	  .table_flags_next = FLAGS(F_INDIRECT, 0) },
	{ "indirect next out of table", "index out of range",
	  .features = INDIRECT, .addr = TABLE, .len = 16,
	  .flags_next = FLAGS(F_INDIRECT, 0), .table_addr = GUEST_DATA, .table_len = 16,
	  .table_flags_next = FLAGS(F_NEXT, 1) },
	{ "indirect loop", "loops",
	  .features = INDIRECT, .addr = TABLE, .len = 16,
	  .flags_next = FLAGS(F_INDIRECT, 0), .table_addr = GUEST_DATA, .table_len = 16,
	  .table_flags_next = FLAGS(F_NEXT, 0) },
	{ "indirect to registers", "descriptor outside RAM",
	  .features = INDIRECT, .addr = TABLE, .len = 16,
	  .flags_next = FLAGS(F_INDIRECT, 0), .table_addr = GUEST_OTHER, .table_len = 16 },
};

static void test_bad_chains(void **state)
{
	struct ring_guest *f = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(bad_chains); i++) {
		const struct bad *bad = &bad_chains[i];

		guest_teardown(state);
		queue_setup(state);
		guest_desc(&f->guest, DESC, 0, bad->addr, bad->len, bad->flags_next);
		guest_desc(&f->guest, DESC, 1, GUEST_DATA, 4, 0);
		guest_desc(&f->guest, TABLE, 0, bad->table_addr, bad->table_len,
			   bad->table_flags_next);
		const char *fault = queue_walk(f, bad->features);

		ring_guest_check_fault(f, bad->what, fault, bad->fault);
	}
}

static void test_head_out_of_range(void **state)
{
	struct ring_guest *f = *state;

	for (u32 head = NUM; head < 65536; head += 13) {
		guest_put16(&f->guest, AVAIL + 4, (u16)head);
		ring_guest_open(f, 0);
		assert_non_null(virtq_peek(&f->ring, &f->chain));
	}
}

static void test_available_index_ran_ahead(void **state)
{
	struct ring_guest *f = *state;
	unsigned count;

	ring_guest_open(f, 0);
	for (u32 idx = 0; idx < 65536; idx++) {
		guest_put16(&f->guest, AVAIL + 2, (u16)idx);
		assert_int_equal(virtq_waiting(&f->ring, &count) == NULL, idx <= NUM);
	}
}

/* The total of a chain is limited to 2^32 bytes, even if it contains the same RAM many times. */
static void test_chain_total_length(void **state)
{
	struct ring_guest *f = *state;
	const u32 most = (1ull << 32) / GUEST_RAM_SIZE;

	guest_desc(&f->guest, DESC, 0, TABLE, VIRTQ_SIZE_MAX * 16, FLAGS(F_INDIRECT, 0));
	for (u32 i = 0; i < most; i++)
		guest_desc(&f->guest, TABLE, i, GUEST_RAM, GUEST_RAM_SIZE,
			   FLAGS(i == most - 1 ? 0 : F_NEXT, i + 1));
	assert_null(queue_walk(f, INDIRECT));
	assert_true(f->chain.out.size == 1ull << 32);
	guest_desc(&f->guest, TABLE, most - 1, GUEST_RAM, GUEST_RAM_SIZE, FLAGS(F_NEXT, most));
	guest_desc(&f->guest, TABLE, most, GUEST_RAM, 1, 0);
	assert_non_null(virtq_peek(&f->ring, &f->chain));
}

static void test_queue_sizes(void **state)
{
	struct ring_guest *f = *state;
	struct virtq queue = { .num_max = 16, .desc = DESC, .driver = AVAIL, .device = USED };

	for (u32 num = 0; num < 0x20000; num++) {
		bool possible = num == 1 || num == 2 || num == 4 || num == 8 || num == 16;
		struct bus *bus = &f->guest.platform.bus;

		virtq_set_num(&queue, num);
		assert_int_equal(queue.num, num <= 16 ? num : 0);
		assert_int_equal(virtq_enable(&queue, bus, 0) == NULL, possible);
		assert_int_equal(virtq_enable(&queue, bus, VIRTIO_F_RING_PACKED) == NULL,
				 num && num <= 16);
	}
}

static void test_ring_placement(void **state)
{
	struct ring_guest *f = *state;
	/*
	 * The sizes of the areas (2.7) are 16, 2 and 8 bytes for each entry, and 6 more for the
	 * rings.
	 */
	const struct ring_place places[] = {
		{ DESC, AVAIL, USED, true },
		{ DESC + 8, AVAIL, USED, false },
		{ DESC, AVAIL + 1, USED, false },
		{ DESC, AVAIL, USED + 2, false },
		{ GUEST_RAM_END - 16 * NUM, AVAIL, USED, true },
		{ GUEST_RAM_END - 16 * NUM + 16, AVAIL, USED, false },
		{ DESC, GUEST_RAM_END - (6 + 2 * NUM), USED, true },
		{ DESC, GUEST_RAM_END - (6 + 2 * NUM) + 2, USED, false },
		{ DESC, AVAIL, GUEST_RAM_END - (8 + 8 * NUM), true },
		{ DESC, AVAIL, GUEST_RAM_END - (6 + 8 * NUM) + 2, false },
		{ GUEST_OTHER, AVAIL, USED, false },
		{ DESC, GUEST_OTHER, USED, false },
		{ DESC, AVAIL, GUEST_OTHER, false },
		{ DESC, AVAIL, GUEST_ROM, false },
		{ UINT64_MAX & ~15ull, AVAIL, USED, false },
		{ DESC, UINT64_MAX & ~1ull, USED, false },
		{ DESC, AVAIL, UINT64_MAX & ~3ull, false },
	};

	ring_guest_check_places(f, places, ARRAY_SIZE(places));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, queue_setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_chain_is_split_into_readable_and_writable),
	TEST(test_buffer_moves_across_pieces),
	TEST(test_push_writes_used_ring_and_wraps),
	TEST(test_notification_flag),
	TEST(test_notification_event_index),
	TEST(test_indirect),
	TEST(test_indirect_longer_than_queue),
	TEST(test_bad_chains),
	TEST(test_head_out_of_range),
	TEST(test_available_index_ran_ahead),
	TEST(test_chain_total_length),
	TEST(test_queue_sizes),
	TEST(test_ring_placement),
	{ 0 },
};
