/* SPDX-License-Identifier: MIT */
/* Tests CVA6's path to memory: from a request to its return, and which requests delay others. */
#include "cpu/timing/cva6/dcache/axi.h"
#include "tests/cpu/timing/unit.h"

#define LATENCY 20

static const struct cva6_params params = {
	.icache_line = 16, .dcache_line = 16, .memory_width = 8, .axi_requests = 2,
	.wbuffer_writes = 4,
};

struct bench {
	struct cva6_axi axi;
	u64 now;
};

static void cva6_axi_prepare(struct bench *bench)
{
	*bench = (struct bench){ .axi.bus.latency = LATENCY };
}

static void cva6_axi_step_both(struct bench *bench, const struct cva6_axi_request *icache,
			       const struct cva6_axi_request *dcache)
{
	cva6_axi_step(&bench->axi, &params, bench->now, icache, dcache);
	bench->now++;
}

/* Returns the cycle in which the data cache gets a return of this type. */
static u64 cva6_axi_await(struct bench *bench, u8 type)
{
	while (bench->axi.dcache_return.type != type && bench->now < 500)
		cva6_axi_step_both(bench, NULL, NULL);
	return bench->now;
}

static const struct cva6_axi_request load = { .type = CVA6_AXI_LOAD, .cached = true };

static struct cva6_axi_request cva6_axi_store(u8 number)
{
	return (struct cva6_axi_request){ .type = CVA6_AXI_STORE, .write = number };
}

/* A refill takes a cycle in the queue, the latency, two beats, and a cycle in a register. */
static void a_refill(void **state)
{
	struct bench bench;

	cva6_axi_prepare(&bench);
	cva6_axi_step_both(&bench, NULL, &load);
	assert_int_equal(cva6_axi_await(&bench, CVA6_RETURN_LOAD), 1 + LATENCY + 1 + 1);
	cva6_axi_prepare(&bench);
	cva6_axi_step_both(&bench, &load, NULL);
	while (!bench.axi.icache_return && bench.now < 500)
		cva6_axi_step_both(&bench, NULL, NULL);
	assert_int_equal(bench.now, 1 + LATENCY + 1 + 1);
}

static void a_store(void **state)
{
	const struct cva6_axi_request request = cva6_axi_store(3);
	struct bench bench;

	cva6_axi_prepare(&bench);
	cva6_axi_step_both(&bench, NULL, &request);
	assert_int_equal(cva6_axi_await(&bench, CVA6_RETURN_STORE), 1 + LATENCY + 1);
	assert_int_equal(bench.axi.dcache_return.write, 3);
	assert_int_equal(bench.axi.writes, 0);
}

/* A read after four outstanding writes waits for the first acknowledgement. */
static void four_writes_stop_reads(void **state)
{
	struct bench bench;

	cva6_axi_prepare(&bench);
	for (u8 n = 0; n < 4; n++) {
		const struct cva6_axi_request request = cva6_axi_store(n);

		cva6_axi_step_both(&bench, NULL, &request);
	}
	cva6_axi_step_both(&bench, NULL, &load);
	assert_true(cva6_axi_await(&bench, CVA6_RETURN_LOAD) > 2 * LATENCY);
}

/* If both caches request all the time and memory keeps up, they take turns. */
static void caches_take_turns(void **state)
{
	const struct cva6_axi_request word = { .type = CVA6_AXI_LOAD };
	struct bench bench = { .axi.bus.latency = 4 };
	unsigned icache = 0, dcache = 0;

	while (bench.now < 200) {
		bool i = cva6_axi_accepts(&bench.axi.icache, &params);
		bool d = cva6_axi_accepts(&bench.axi.dcache, &params);

		cva6_axi_step_both(&bench, i ? &word : NULL, d ? &word : NULL);
		icache += bench.axi.icache_return;
		dcache += bench.axi.dcache_return.type == CVA6_RETURN_LOAD;
	}
	assert_true(icache > 90 && dcache > 90);
	assert_true(icache - dcache <= 1 || dcache - icache <= 1);
}

/* An atomic invalidates its line at once, and returns the old value. */
static void atomics(void **state)
{
	static const u8 types[] = { CVA6_AXI_AMO, CVA6_AXI_LR, CVA6_AXI_SC };

	for (unsigned n = 0; n < ARRAY_SIZE(types); n++) {
		const struct cva6_axi_request request = { .type = types[n], .address = 0x1230 };
		struct bench bench;

		cva6_axi_prepare(&bench);
		cva6_axi_step_both(&bench, NULL, &request);
		assert_int_equal(cva6_axi_await(&bench, CVA6_RETURN_INVALIDATE), 2);
		assert_int_equal(bench.axi.dcache_return.address, 0x1230);
		assert_int_equal(cva6_axi_await(&bench, CVA6_RETURN_ATOMIC), 1 + LATENCY + 1);
		cva6_axi_step_both(&bench, NULL, NULL);
		cva6_axi_step_both(&bench, NULL, NULL);
		assert_int_equal(bench.axi.writes, 0);
		assert_int_equal(bench.axi.acknowledged_count, 0);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(a_refill),	     cmocka_unit_test(a_store),
	cmocka_unit_test(four_writes_stop_reads), cmocka_unit_test(caches_take_turns),
	cmocka_unit_test(atomics),
	{ 0 },
};
