/* SPDX-License-Identifier: MIT */
/*
 * Tests the cost of vector instructions on kind simple: a price, and another for each element up to
 * vl. Records and sums of prices give the same cycles.
 */
#include "tests/cpu/timing/default_core.h"
#include "tests/cpu/timing/unit.h"

#include <stdlib.h>

struct simple {
	struct timing_core core;
	struct timing_host host;
	struct timing_model *model;
};

/* Each class has its own price of an element. */
static const char *const prices[] = {
	"price.vset=3", "price.vector=7", "price.trap=1000", "element.load=2", "element.store=3",
	"element.alu=4", "element.mul=5", "element.div=11", "element.fadd=6", "element.fmul=8",
	"element.fdiv=13", "element.fcvt=9", "element.fmove=10", "element.freduce=12",
	"element.reduce=14", "element.mask=15", "element.perm=16", "element.crypto=17",
};

/* Instructions with their vl, and their cycles by these prices and by those of simple.core. */
static const struct {
	u16 op;
	u64 vl, cycles, usual;
} insns[] = {
	{ OP_vsetvli, 5, 3, 1 },
	{ OP_vle32_v, 5, 17, 7 },
	{ OP_vse32_v, 5, 22, 7 },
	{ OP_vadd_vv, 0, 7, 2 },
	{ OP_vadd_vv, 1, 11, 3 },
	{ OP_vadd_vv, 5, 27, 7 },
	{ OP_vadd_vv, 1024, 4103, 1026 },
	{ OP_vmul_vv, 5, 32, 7 },
	{ OP_vdiv_vv, 5, 62, 42 },
	{ OP_vfadd_vv, 5, 37, 7 },
	{ OP_vfmacc_vv, 5, 47, 7 },
	{ OP_vfdiv_vv, 5, 72, 42 },
	{ OP_vfcvt_x_f_v, 5, 52, 7 },
	{ OP_vfmv_v_f, 5, 57, 7 },
	{ OP_vfredusum_vs, 5, 67, 7 },
	{ OP_vredsum_vs, 5, 77, 7 },
	{ OP_vmand_mm, 5, 82, 7 },
	{ OP_vrgather_vv, 5, 87, 12 },
	{ OP_vaesem_vv, 4, 75, 18 },
};

static void make(struct simple *simple, bool usual)
{
	struct timing_error error;

	memset(simple, 0, sizeof(*simple));
	default_core(&simple->core, &timing_simple);
	for (unsigned n = 0; n < ARRAY_SIZE(prices) && !usual; n++)
		assert_int_equal(timing_core_set(&simple->core, prices[n], &error), 0);
	simple->model = timing_create(&simple->core, &simple->host);
	assert_non_null(simple->model);
	timing_reset(simple->model, 0);
}

/* Returns the cycles of a record. */
static u64 spent(struct timing_model *model, const struct timing_record *record)
{
	u64 before = timing_cycles(model);

	timing_consume(model, record, 1);
	return timing_cycles(model) - before;
}

static void a_record_costs_its_elements(void **state)
{
	struct simple simple;

	for (unsigned usual = 0; usual < 2; usual++) {
		make(&simple, usual);
		for (unsigned n = 0; n < ARRAY_SIZE(insns); n++) {
			const struct timing_record record = { .op = insns[n].op, .a = insns[n].vl };

			assert_int_equal(spent(simple.model, &record),
					 usual ? insns[n].usual : insns[n].cycles);
		}
		timing_free(simple.model);
	}
}

static void a_trap_costs_no_elements(void **state)
{
	const struct timing_record record = { .op = OP_vle32_v, .a = 5, .flags = TIMING_TRAP };
	struct simple simple;

	make(&simple, false);
	assert_int_equal(spent(simple.model, &record), 1000);
	timing_free(simple.model);
}

static void prices_are_those_of_records(void **state)
{
	struct simple simple;

	make(&simple, false);
	for (unsigned n = 0; n < ARRAY_SIZE(insns); n++) {
		const struct timing_insn insn = { .op = insns[n].op };

		assert_int_equal(timing_price(&simple.core, &insn) +
					 timing_price_element(&simple.core, &insn) * insns[n].vl,
				 insns[n].cycles);
	}
	timing_free(simple.model);
}

/* Makes a block of vadd.vv, vdiv.vv and vle32.v. */
static struct timing_block *make_block(const struct timing_core *core)
{
	static const u16 ops[] = { OP_vadd_vv, OP_vdiv_vv, OP_vle32_v };
	struct timing_block *block = calloc(1, timing_block_size(ARRAY_SIZE(ops)));

	assert_non_null(block);
	block->count = ARRAY_SIZE(ops);
	for (unsigned n = 0; n < ARRAY_SIZE(ops); n++) {
		struct timing_insn *insn = &block->insn[n];

		insn->op = ops[n];
		insn->element = (u8)timing_price_element(core, insn);
		insn[1].sum = insn->sum + timing_price(core, insn);
	}
	return block;
}

/*
 * Runs `done` instructions of the block, and begins the next one if it `traps`. Returns the cycles.
 */
static u64 run_block(struct simple *simple, struct timing_block *block, unsigned done, bool traps)
{
	struct timing_prices sums = { .block = block };
	u64 before = timing_cycles(simple->model);

	for (unsigned n = 0; n < done + traps; n++)
		timing_prices_begin_vector(&sums, n, 10 + n);
	timing_sums_add(&sums.sums, block, done);
	timing_prices_end_vector(&sums, done);
	timing_add(simple->model, &sums.sums);
	return timing_cycles(simple->model) - before;
}

static void a_block_counts_elements_of_what_is_done(void **state)
{
	struct timing_block *block;
	struct simple simple;

	make(&simple, false);
	block = make_block(&simple.core);
	assert_int_equal(run_block(&simple, block, 1, false), 7 + 10 * 4);
	assert_int_equal(run_block(&simple, block, 1, true), 7 + 10 * 4);
	assert_int_equal(run_block(&simple, block, 2, true), 14 + 10 * 4 + 11 * 11);
	assert_int_equal(run_block(&simple, block, 3, false), 21 + 10 * 4 + 11 * 11 + 12 * 2);
	free(block);
	timing_free(simple.model);
}

static void the_most_is_all_elements_of_the_dearest(void **state)
{
	struct simple simple;

	make(&simple, false);
	assert_int_equal(timing_most(&simple.core, 64), 7 + 64 * 17);
	assert_int_equal(timing_most(&simple.core, 0), 1000);
	timing_free(simple.model);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(a_record_costs_its_elements),
	cmocka_unit_test(a_trap_costs_no_elements),
	cmocka_unit_test(prices_are_those_of_records),
	cmocka_unit_test(a_block_counts_elements_of_what_is_done),
	cmocka_unit_test(the_most_is_all_elements_of_the_dearest),
	{ 0 },
};
