/* SPDX-License-Identifier: MIT */
/*
 * Runs a loop of vector instructions with a model that adds up prices, in the interpreter, in
 * threaded and in native code: each has exactly the cycles that follow from the prices of its
 * instructions and of their elements up to vl.
 */
#include "tests/cmocka.h"
#include "tests/cpu/jit/native_insns.h"
#include "tests/cpu/tiers/tier_emit.h"
#include "tests/cpu/tiers/tier_machine.h"
#include "tests/cpu/timing/default_core.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/jit/jit.h"
#include "cpu/timed/timed.h"

#include <stdlib.h>

#define DATA (RAM_BASE + 16 * PAGE_SIZE)
#define ROUNDS 200
#define VM BIT(25) /* not masked */
#define E32_M2 0xd1 /* with VLEN 128 eight elements */
#define VLMAX 8
#define ROUND_INSNS 8

/* The scalar instructions cost nothing. */
static const char *const prices[] = {
	"price.alu=0", "price.branch=0", "price.taken=0", "price.csr=0", "price.vset=3",
	"price.vector=7", "element.load=2", "element.store=3", "element.alu=4", "element.perm=16",
	"element.fadd=6",
};
#define ROUND_PRICE (3 + 5 * 7)
#define ELEMENT_PRICES (4 + 2 + 3 + 16 + 6)

static void core_make(struct timing_core *core)
{
	struct timing_error error;

	default_core(core, &timing_simple);
	for (unsigned n = 0; n < ARRAY_SIZE(prices); n++)
		assert_int_equal(timing_core_set(core, prices[n], &error), 0);
}

/*
 * Emits the loop, whose vl is the number of remaining rounds, at most VLMAX. v0 is 0, so the masked
 * addition has no active element, and costs the same. Returns the number of instructions before the
 * loop.
 */
static u64 make_loop(struct emit *e)
{
	u64 start = e->pc, loop;

	emit_constant(e, 5, MSTATUS_VS | MSTATUS_FS);
	emit_csr(e, e->match[OP_csrrs], 0, 5, CSR_MSTATUS);
	emit_constant(e, 10, ROUNDS);
	emit_constant(e, 11, DATA);
	loop = e->pc;
	emit(e, e->match[OP_vsetvli] | E32_M2 << 20 | 10 << 15);
	emit_r(e, e->match[OP_vadd_vv], 8, 2, 4);
	emit_r(e, e->match[OP_vle32_v] | VM, 6, 11, 0);
	emit_r(e, e->match[OP_vse32_v] | VM, 6, 11, 0);
	emit_r(e, e->match[OP_vrgather_vv] | VM, 8, 2, 4);
	emit_r(e, e->match[OP_vfadd_vv] | VM, 8, 6, 6);
	emit_addi(e, 10, 10, -1);
	emit_branch_to(e, e->match[OP_bne], 10, loop);
	emit_jump(e, e->pc);
	return (loop - start) / 4;
}

static u64 cycles_after(struct tier_machine *machine, u64 count)
{
	assert_int_equal(tier_run_to(machine, count), HARTS_LIMIT);
	return timed_cycles(machine->harts.hart[0]->timed);
}

static u64 cycles_of(u64 rounds)
{
	u64 cycles = rounds * ROUND_PRICE;

	for (u64 n = 0; n < rounds; n++)
		cycles += MIN(ROUNDS - n, VLMAX) * ELEMENT_PRICES;
	return cycles;
}

static void run(bool native)
{
	static const u64 rounds[] = { 0, 1, 2, 100, 192, 193, 194, ROUNDS };
	struct timing_core core;
	struct tier_config config = {
		.harts = 1, .extensions = TIER_EXTENSIONS, .native = native, .timing = &core,
	};
	struct machines *machines = calloc(1, sizeof(*machines));
	struct emit e;
	u64 before;

	assert_non_null(machines);
	core_make(&core);
	machines_init(machines, &config);
	emit_start(&e, machines->m[0].harts.hart[0]->isa, machines->ram, RAM_BASE);
	before = make_loop(&e);
	machines_commit(machines);
	machines_begin(machines);
	for (unsigned n = 0; n < ARRAY_SIZE(rounds); n++)
		for (unsigned machine = 0; machine < 2; machine++)
			assert_int_equal(cycles_after(&machines->m[machine],
						      before + rounds[n] * ROUND_INSNS),
					 cycles_of(rounds[n]));
	if (native)
		assert_true(native_insns(machines->m[1].jit) > ROUNDS);
	machines_free(machines);
	free(machines);
}

static void threaded(void **state)
{
	run(false);
}

static void native(void **state)
{
	run(true);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(threaded),
	cmocka_unit_test(native),
	{ 0 },
};
