/* SPDX-License-Identifier: MIT */
/*
 * Tests CVA6's data cache with its path to memory: loads that hit and miss, stores that merge and
 * how they are sent, atomics, and which accesses wait for which.
 */
#include "cpu/timing/cva6/dcache/dcache.h"
#include "tests/cpu/timing/unit.h"

#define LATENCY 20
#define BASE 0x80000000ull
#define SETS 4

static const struct cva6_params params = {
	.dcache_sets = SETS, .dcache_ways = 2, .dcache_line = 16, .icache_line = 16,
	.wbuffer_words = 8, .wbuffer_writes = 4, .memory_width = 8,
	.memory_cached_base = BASE, .memory_cached_size = 0x10000,
	.axi_requests = 2, .memory_latency = LATENCY,
};

struct bench {
	struct cva6_dcache dcache;
	struct cva6_axi axi;
	struct cva6_dcache_cycle cycle;
	struct cva6_amo amo;
	bool sends_tag; /* a load was granted in the cycle before */
	unsigned stores; /* sent to memory so far */
	u64 now;
};

/* The requests in a cycle: addresses, or 0 for none. */
struct request {
	u64 load, store;
	u8 bytes;
	bool amo;
};

static void cva6_dcache_step_request(struct bench *bench, struct request request)
{
	struct cva6_dcache_cycle *cycle = &bench->cycle;

	*cycle = (struct cva6_dcache_cycle){
		.returned = bench->axi.dcache_return,
		.axi_accepts = cva6_axi_accepts(&bench->axi.dcache, &params),
		.store_request = request.store, .store = { request.store, request.bytes },
		.amo_request = request.amo, .amo = &bench->amo,
	};
	cycle->read[CVA6_PORT_LOAD].request = request.load;
	cycle->read[CVA6_PORT_LOAD].address = request.load;
	cycle->read[CVA6_PORT_LOAD].tag_valid = bench->sends_tag;
	cva6_dcache_return(&bench->dcache, cycle);
	cva6_dcache_step(&bench->dcache, &params, cycle);
	bench->sends_tag = cycle->reply[CVA6_PORT_LOAD].granted;
	bench->stores += cycle->axi_request && cycle->request.type == CVA6_AXI_STORE;
	cva6_axi_step(&bench->axi, &params, bench->now++, NULL,
		      cycle->axi_request ? &cycle->request : NULL);
}

static int cva6_dcache_setup(void **state)
{
	static struct bench bench;

	memset(&bench, 0, sizeof(bench));
	*state = &bench;
	if (cva6_dcache_init(&bench.dcache, &params))
		return -1;
	cva6_dcache_reset(&bench.dcache);
	bench.axi.bus.latency = LATENCY;
	for (unsigned n = 0; n < SETS; n++)
		cva6_dcache_step_request(&bench, (struct request){ 0 });
	return 0;
}

static int cva6_dcache_teardown(void **state)
{
	cva6_dcache_free(&((struct bench *)*state)->dcache);
	return 0;
}

/* Returns the cycles from the grant of a load to its answer. */
static u64 cva6_dcache_load(struct bench *bench, u64 address)
{
	u64 granted;

	do {
		cva6_dcache_step_request(bench, (struct request){ .load = address });
	} while (!bench->cycle.reply[CVA6_PORT_LOAD].granted && bench->now < 2000);
	granted = bench->now;
	do {
		cva6_dcache_step_request(bench, (struct request){ 0 });
	} while (!bench->cycle.reply[CVA6_PORT_LOAD].answered && bench->now < 2000);
	return bench->now - granted;
}

static void cva6_dcache_store(struct bench *bench, u64 address, u8 bytes)
{
	do {
		cva6_dcache_step_request(bench,
					 (struct request){ .store = address, .bytes = bytes });
	} while (!bench->cycle.store_granted && bench->now < 2000);
}

/* Returns the cycles until all that was stored is in memory. */
static u64 drain(struct bench *bench)
{
	u64 begin = bench->now;

	while (!cva6_dcache_drained(&bench->dcache) && bench->now < 2000)
		cva6_dcache_step_request(bench, (struct request){ 0 });
	return bench->now - begin;
}

/* A miss takes the latency and 4 cycles more than a hit. */
static void loads(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(cva6_dcache_load(bench, BASE), 1 + LATENCY + 4);
	assert_int_equal(cva6_dcache_load(bench, BASE + 8), 1);
	assert_int_equal(cva6_dcache_load(bench, BASE + 16), 1 + LATENCY + 4);
	/* At least one of three lines of a set of two ways is gone. */
	cva6_dcache_load(bench, BASE + 64);
	cva6_dcache_load(bench, BASE + 128);
	assert_true(cva6_dcache_load(bench, BASE) > 1 || cva6_dcache_load(bench, BASE + 64) > 1);
}

static void uncached_loads_are_not_kept(void **state)
{
	struct bench *bench = *state;
	u64 first = cva6_dcache_load(bench, 0x10000000);

	assert_true(first >= LATENCY);
	assert_int_equal(cva6_dcache_load(bench, 0x10000000), first);
}

static void stores_merge(void **state)
{
	struct bench *bench = *state;

	for (unsigned n = 0; n < 8; n++)
		cva6_dcache_store(bench, BASE + n, (u8)(1 << n));
	drain(bench);
	/* The first byte was sent at once, and then the others in pieces. */
	assert_true(bench->stores >= 2 && bench->stores < 8);
}

/* Aligned doublewords, words and halfwords are sent at once, anything else byte by byte. */
static void pieces(void **state)
{
	static const struct {
		u8 bytes;
		unsigned pieces;
	} rows[] = { { 0xff, 1 }, { 0xf0, 1 }, { 0x0c, 1 }, { 0x80, 1 }, { 0x07, 3 }, { 0x3c, 3 } };
	struct bench *bench = *state;

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		bench->stores = 0;
		cva6_dcache_store(bench, BASE + 0x100, rows[n].bytes);
		drain(bench);
		if (bench->stores != rows[n].pieces)
			fail_msg("%#x: %u pieces, not %u", rows[n].bytes, bench->stores,
				 rows[n].pieces);
	}
}

/* At most four writes are outstanding: more words take a second round. */
static void four_writes_at_a_time(void **state)
{
	struct bench *bench = *state;
	u64 few, many;

	for (unsigned n = 0; n < 4; n++)
		cva6_dcache_store(bench, BASE + 16 * n, 0xff);
	few = drain(bench);
	for (unsigned n = 0; n < 8; n++)
		cva6_dcache_store(bench, BASE + 16 * n, 0xff);
	many = drain(bench);
	assert_true(few < LATENCY + 10);
	assert_true(many > few + LATENCY / 2);
}

/* A load of a line that is being written waits for the write. */
static void misses_wait_for_writes_to_their_line(void **state)
{
	struct bench *bench = *state;

	cva6_dcache_store(bench, BASE, 0xff);
	cva6_dcache_step_request(bench, (struct request){ 0 });
	cva6_dcache_step_request(bench, (struct request){ 0 });
	assert_true(cva6_dcache_load(bench, BASE + 8) > 1 + LATENCY + 4 + LATENCY / 2);
}

static void atomics_forget_their_line(void **state)
{
	struct bench *bench = *state;
	u64 begin;

	cva6_dcache_load(bench, BASE);
	assert_int_equal(cva6_dcache_load(bench, BASE), 1);
	bench->amo = (struct cva6_amo){ .valid = true, .op = CVA6_AMO, .address = BASE };
	begin = bench->now;
	do {
		cva6_dcache_step_request(bench, (struct request){ .amo = true });
	} while (!bench->cycle.amo_done && bench->now < 2000);
	assert_true(bench->now - begin < LATENCY + 6);
	assert_true(cva6_dcache_load(bench, BASE) > 1);
}

/* The miss of a killed load is finished nevertheless. */
static void killed_misses_are_finished(void **state)
{
	struct bench *bench = *state;

	cva6_dcache_step_request(bench, (struct request){ .load = BASE });
	cva6_dcache_step_request(bench, (struct request){ 0 });
	bench->dcache.port[CVA6_PORT_LOAD].state = CVA6_PORT_KILL_MISS_ACK;
	assert_true(cva6_dcache_load(bench, BASE + 16) > 1);
	assert_int_equal(cva6_dcache_load(bench, BASE), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cva6_dcache_setup, cva6_dcache_teardown)

const struct CMUnitTest unit_tests[] = {
	TEST(loads),		    TEST(uncached_loads_are_not_kept),
	TEST(stores_merge),	    TEST(pieces),
	TEST(four_writes_at_a_time), TEST(misses_wait_for_writes_to_their_line),
	TEST(atomics_forget_their_line), TEST(killed_misses_are_finished),
	{ 0 },
};
