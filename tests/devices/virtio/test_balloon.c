/* SPDX-License-Identifier: MIT */
/* Tests devices/virtio/balloon.c: pages that are given back, statistics, and hostile drivers. */
#include "guest.h"
#include "devices/virtio/balloon.h"

#include <string.h>
#include <sys/stat.h>

#define ALL                                                                                        \
	(BIT(32) | VIRTIO_BALLOON_F_STATS_VQ | VIRTIO_BALLOON_F_PAGE_POISON |                      \
	 VIRTIO_BALLOON_F_PAGE_REPORTING)
#define NUM 64
#define PAGE_A (GUEST_RAM + 16 * MiB)
#define ACTUAL (MMIO_CONFIG + 4)
#define POISON (MMIO_CONFIG + 12)

struct fixture {
	struct guest guest;
	struct virtio_balloon balloon;
	struct guest_queue inflate, deflate, stats, reporting;
};
GUEST_COMES_FIRST(struct fixture);

static void balloon_make(struct fixture *f)
{
	static const struct virtio_balloon_properties properties = {
		.deflate_on_oom = true,
		.reporting = true,
	};

	memset(f, 0, sizeof(*f));
	guest_init(&f->guest, CLOCK_VIRTUAL);
	virtio_balloon_init(&f->balloon, &f->guest.platform, "balloon", &properties);
	guest_attach(&f->guest, &f->balloon.virtio);
}

static int setup(void **state)
{
	static struct fixture fixture;

	balloon_make(*state = &fixture);
	return 0;
}

static void balloon_start(struct fixture *f, unsigned reporting)
{
	assert_true(guest_negotiate(&f->guest, ALL));
	guest_queue_start(&f->guest, &f->inflate, 0, NUM);
	guest_queue_start(&f->guest, &f->deflate, 1, NUM);
	guest_queue_start(&f->guest, &f->stats, 2, NUM);
	guest_queue_start(&f->guest, &f->reporting, reporting, NUM);
	guest_driver_ok(&f->guest);
}

/* Fills `count` pages from PAGE_A on. Returns the number of blocks that all memory then takes. */
static u64 balloon_fill(struct fixture *f, unsigned count)
{
	memset(guest_ram(&f->guest, PAGE_A), 0x5a, count * PAGE_SIZE);
	struct stat status;

	assert_int_equal(fstat(f->guest.ram.fd, &status), 0);
	return (u64)status.st_blocks;
}

static void check_zero(struct fixture *f, u64 addr, u64 len, u64 blocks_before)
{
	struct stat status;

	assert_int_equal(fstat(f->guest.ram.fd, &status), 0);
	/* Pages may have been allocated for rings and arrays meanwhile. */
	assert_in_range(blocks_before - (u64)status.st_blocks, (len - 4 * PAGE_SIZE) / 512,
			len / 512);
	assert_true(ram_is_zero(guest_ram(&f->guest, addr), len));
}

static void put_pages(struct fixture *f, u64 first, unsigned count)
{
	u32 *pages = guest_ram(&f->guest, GUEST_DATA);

	for (unsigned n = 0; n < count; n++)
		pages[n] = (u32)(first >> BALLOON_PAGE_SHIFT) + n;
}

static void test_inflate_and_deflate(void **state)
{
	struct fixture *f = *state;
	u64 blocks;

	balloon_start(f, 4);
	blocks = balloon_fill(f, 8);
	put_pages(f, PAGE_A, 7);
	ring_desc(&f->inflate, 0, GUEST_DATA, 28, 0);
	assert_int_equal(guest_run(&f->inflate, 0), 0);
	check_zero(f, PAGE_A, 7 * PAGE_SIZE, blocks);
	assert_int_equal(*(u8 *)guest_ram(&f->guest, PAGE_A + 7 * PAGE_SIZE), 0x5a);
	guest_set(&f->guest, ACTUAL, 7);
	assert_int_equal(f->balloon.config.actual, 7);
	ring_desc(&f->deflate, 0, GUEST_DATA, 28, 0);
	assert_int_equal(guest_run(&f->deflate, 0), 0);
	assert_int_equal(f->balloon.returned, 7 * PAGE_SIZE);
}

static void test_what_the_host_wants(void **state)
{
	struct fixture *f = *state;

	balloon_start(f, 4);
	virtio_balloon_want(&f->balloon, 1234);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG), 1234);
	assert_int_equal(guest_get(&f->guest, MMIO_INTERRUPT_STATUS), VIRTIO_ISR_CONFIG);
	guest_set(&f->guest, MMIO_CONFIG, 5);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG), 1234);
	guest_set(&f->guest, ACTUAL, 9);
	guest_set(&f->guest, POISON, 9);
	guest_set(&f->guest, MMIO_STATUS, 0);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG), 1234);
	assert_int_equal(guest_get(&f->guest, ACTUAL), 0);
	assert_int_equal(guest_get(&f->guest, POISON), 0);
}

/*
 * Pages are reported on the queue that the specification names, and on the one that older drivers
 * use.
 */
static void test_reporting(void **state)
{
	struct fixture *f = *state;

	for (unsigned queue = 3; queue <= 4; queue++) {
		u64 blocks;

		balloon_start(f, queue);
		blocks = balloon_fill(f, 600);
		ring_desc(&f->reporting, 0, PAGE_A, 512 * PAGE_SIZE, FLAGS(F_WRITE | F_NEXT, 1));
		ring_desc(&f->reporting, 1, PAGE_A + 513 * PAGE_SIZE, 2 * PAGE_SIZE,
			  FLAGS(F_WRITE, 0));
		assert_int_equal(guest_run(&f->reporting, 0), 0);
		assert_int_equal(*(u8 *)guest_ram(&f->guest, PAGE_A + 512 * PAGE_SIZE), 0x5a);
		assert_true(
			ram_is_zero(guest_ram(&f->guest, PAGE_A + 513 * PAGE_SIZE), 2 * PAGE_SIZE));
		check_zero(f, PAGE_A, 512 * PAGE_SIZE, blocks - 2 * PAGE_SIZE / 512);
	}
}

/* Free pages that contain poison still contain it afterwards (5.5.6.5). */
static void test_poison(void **state)
{
	struct fixture *f = *state;

	balloon_start(f, 4);
	balloon_fill(f, 4);
	guest_set(&f->guest, POISON, 0x5a5a5a5a);
	ring_desc(&f->reporting, 0, PAGE_A, 4 * PAGE_SIZE, FLAGS(F_WRITE, 0));
	guest_run(&f->reporting, 0);
	assert_int_equal(*(u8 *)guest_ram(&f->guest, PAGE_A + PAGE_SIZE), 0x5a);
	assert_int_equal(f->balloon.returned, 0);
}

static void put_stats(struct fixture *f, u16 first, unsigned count)
{
	u8 *at = guest_ram(&f->guest, GUEST_DATA);

	for (u16 n = 0; n < count; n++, at += 10) {
		u16 tag = (u16)(first + n);
		u64 value = 1000ull + tag;

		memcpy(at, &tag, 2);
		memcpy(at + 2, &value, 8);
	}
}

static void test_statistics(void **state)
{
	struct fixture *f = *state;

	balloon_start(f, 4);
	virtio_balloon_ask(&f->balloon);
	put_stats(f, 4, 3);
	ring_desc(&f->stats, 0, GUEST_DATA, 30, 0);
	/* A request that was made before there was a buffer returns the buffer immediately. */
	assert_int_equal(guest_run(&f->stats, 0), 0);
	guest_submit(&f->stats, 0);
	assert_false(guest_returned(&f->stats));
	assert_int_equal(f->balloon.stats[4], 1004);
	assert_int_equal(f->balloon.stats[6], 1006);
	assert_int_equal(f->balloon.stats[7], UINT64_MAX);
	virtio_balloon_ask(&f->balloon);
	assert_true(guest_returned(&f->stats));
	guest_set(&f->guest, MMIO_STATUS, 0);
	assert_int_equal(f->balloon.stats[4], UINT64_MAX);
}

static void test_malformed_statistics(void **state)
{
	struct fixture *f = *state;

	for (u32 size = 1; size < 4000; size += 37) {
		balloon_start(f, 4);
		put_stats(f, 0xfff8, 400);
		ring_desc(&f->stats, 0, GUEST_DATA, size, 0);
		guest_submit(&f->stats, 0);
		assert_false(guest_needs_reset(&f->guest));
		assert_true(size < 100 || f->balloon.stats[0] == 1000);
	}
}

/* The pages are not memory, or are ROM or registers; and the same page is given back repeatedly. */
static void test_pages_that_are_none(void **state)
{
	static const u64 pages[] = { 0, GUEST_ROM, GUEST_SLOT, GUEST_OTHER, GUEST_RAM - PAGE_SIZE,
				     GUEST_RAM_END, 0xffffffffull << 12 };
	struct fixture *f = *state;

	balloon_start(f, 4);
	for (unsigned n = 0; n < ARRAY_SIZE(pages); n++) {
		put_pages(f, pages[n], 1);
		ring_desc(&f->inflate, 0, GUEST_DATA, 4, 0);
		guest_run(&f->inflate, 0);
	}
	assert_int_equal(f->balloon.returned, 0);
	assert_int_equal(f->guest.other_accesses, 0);
	assert_false(guest_needs_reset(&f->guest));
}

/*
 * A huge array is served in several turns. Its own pages may be in it, and it may become shorter
 * between turns.
 */
static void test_huge_arrays(void **state)
{
	struct fixture *f = *state;

	balloon_start(f, 4);
	put_pages(f, GUEST_DATA, 100000);
	ring_desc(&f->inflate, 0, GUEST_DATA, 400000, 0);
	guest_submit(&f->inflate, 0);
	assert_false(guest_returned(&f->inflate));
	assert_in_range(f->balloon.done, 1, 1024);
	guest_sleep(&f->guest, CLOCK_HZ / 100);
	assert_true(guest_returned(&f->inflate));
	put_pages(f, PAGE_A, 100000);
	guest_submit(&f->inflate, 0);
	ring_desc(&f->inflate, 0, GUEST_DATA, 4, 0);
	guest_sleep(&f->guest, CLOCK_HZ / 100);
	assert_true(guest_returned(&f->inflate));
	assert_int_equal(f->balloon.done, 0);
}

static void test_malformed_chains_need_a_reset(void **state)
{
	struct fixture *f = *state;
	struct guest_queue *const queues[] = { &f->inflate, &f->deflate, &f->stats, &f->reporting };

	for (unsigned n = 0; n < ARRAY_SIZE(queues); n++) {
		balloon_start(f, 4);
		ring_desc(queues[n], 0, GUEST_DATA, 40, FLAGS(n < 3 ? F_WRITE : 0, 0));
		guest_submit(queues[n], 0);
		assert_true(guest_needs_reset(&f->guest));
	}
	for (u32 size = 1; size < 9; size++) {
		balloon_start(f, 4);
		ring_desc(&f->inflate, 0, GUEST_DATA, size, 0);
		guest_submit(&f->inflate, 0);
		assert_int_equal(guest_needs_reset(&f->guest), size % 4 != 0);
	}
}

/* Counts how often the block cache is notified that a page with cached code was given back. */
static void count_code(void *ctx, u64 offset, u64 len)
{
	assert_int_equal(offset & PAGE_MASK, PAGE_A - GUEST_RAM);
	++*(unsigned *)ctx;
}

static void test_code_is_dropped(void **state)
{
	struct fixture *f = *state;
	unsigned dropped = 0;

	balloon_start(f, 4);
	balloon_fill(f, 1);
	f->guest.ram.before_code_write = count_code;
	f->guest.ram.code_ctx = &dropped;
	f->guest.ram.watch[(PAGE_A - GUEST_RAM) >> PAGE_SHIFT].code = 1;
	put_pages(f, PAGE_A, 1);
	ring_desc(&f->inflate, 0, GUEST_DATA, 4, 0);
	guest_run(&f->inflate, 0);
	assert_int_equal(dropped, 1);
	balloon_fill(f, 1);
	f->guest.ram.watch[(PAGE_A - GUEST_RAM) >> PAGE_SHIFT].code = 1;
	ring_desc(&f->reporting, 0, PAGE_A, PAGE_SIZE, FLAGS(F_WRITE, 0));
	guest_run(&f->reporting, 0);
	assert_int_equal(dropped, 2);
}

static void test_reload(void **state)
{
	struct fixture *f = *state;
	static struct fixture other;

	balloon_make(&other);
	balloon_start(f, 4);
	virtio_balloon_want(&f->balloon, 77);
	put_pages(f, PAGE_A, 2000);
	ring_desc(&f->inflate, 0, GUEST_DATA, 8000, 0);
	guest_submit(&f->inflate, 0);
	assert_int_equal(guest_clone(&other.guest, &f->guest), 0);
	assert_int_equal(other.balloon.config.num_pages, 77);
	guest_sleep(&other.guest, CLOCK_HZ / 100);
	f->inflate.guest = &other.guest;
	assert_true(guest_returned(&f->inflate));
	assert_int_equal(other.balloon.returned, 2000 * PAGE_SIZE);
	guest_free(&other.guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_inflate_and_deflate),
	TEST(test_what_the_host_wants),
	TEST(test_reporting),
	TEST(test_poison),
	TEST(test_statistics),
	TEST(test_malformed_statistics),
	TEST(test_pages_that_are_none),
	TEST(test_huge_arrays),
	TEST(test_malformed_chains_need_a_reset),
	TEST(test_code_is_dropped),
	TEST(test_reload),
	{ 0 },
};
