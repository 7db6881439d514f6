/* SPDX-License-Identifier: MIT */
/*
 * Tests atomics of C906 that wait: for a load's data, however late they arrive; and for the
 * instructions before them, also if the atomics trap.
 */
#include "cpu/hart/exception.h"
#include "tests/cpu/timing/default_core.h"
#include "tests/cpu/timing/unit.h"

#include <stdlib.h>

#define BASE 0x80000000ull
#define HANDLER (BASE + 0x400)
#define DATA (BASE + 0x1000)
#define LINE 64
#define MEMORY 4096
#define GAP_MOST 40 /* instructions between a load and what needs its data */
#define PATIENCE 1000 /* cycles: many times what the longest of these sequences takes */

#define NOP 0x00000013u
#define LD_A5 0x00053783u /* ld a5, (a0) */
#define SD_A5 0x00f6b023u /* sd a5, (a3) */
#define AMOADD_A5 0x00f6b22fu /* amoadd.d tp, a5, (a3) */
#define AMOADD_RA 0x0016322fu /* amoadd.d tp, ra, (a2) */
#define SC_A5 0x18f6b22fu /* sc.d tp, a5, (a3) */
#define AQRL (3u << 25)

struct bench {
	struct isa isa;
	struct timing_core core;
	struct timing_host host;
	struct timing_model *model;
	u32 code[MEMORY / 4];
	u64 pc, consumed, commits; /* commits: records that retired, in order */
};

static bool atomics_read(void *ctx, u64 pa, void *data, size_t size)
{
	const struct bench *bench = ctx;

	if (!range_within(pa, size, BASE, MEMORY))
		return false;
	memcpy(data, (const u8 *)bench->code + (pa - BASE), size);
	return true;
}

static void atomics_on_commit(void *ctx, u64 record, u64 cycle)
{
	struct bench *bench = ctx;

	assert_int_equal(record, bench->commits);
	bench->commits++;
}

static struct bench *atomics_begin(void)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	isa_init(&bench->isa, EXT_TOGETHER);
	for (unsigned n = 0; n < MEMORY / 4; n++)
		bench->code[n] = NOP;
	bench->pc = BASE;
	default_core(&bench->core, &timing_c906);
	bench->host = (struct timing_host){
		.ctx = bench, .isa = &bench->isa, .read = atomics_read,
		.commit = atomics_on_commit,
	};
	bench->model = timing_create(&bench->core, &bench->host);
	assert_non_null(bench->model);
	timing_reset(bench->model, BASE);
	return bench;
}

static void atomics_end(struct bench *bench)
{
	timing_free(bench->model);
	free(bench);
}

/*
 * Executes an instruction with its operand at va. If it traps, execution continues at the handler.
 */
static void atomics_run(struct bench *bench, u32 raw, u64 va, bool traps)
{
	struct timing_record record = { .pc = bench->pc, .va = va, .pa = traps ? 0 : va };
	struct insn insn;

	bench->code[(bench->pc - BASE) / 4] = raw;
	isa_decode(&bench->isa, raw, &insn);
	record.raw = raw;
	record.op = insn.op;
	record.after = 0xf;
	record.next = traps ? HANDLER : bench->pc + 4;
	if (va) {
		record.size = 8;
		record.flags |= raw == SD_A5 ? 0 : TIMING_LOAD;
		record.flags |= raw == LD_A5 ? 0 : TIMING_STORE;
	}
	if (traps) {
		record.flags |= TIMING_TRAP;
		record.cause = CAUSE_STORE_PAGE;
	}
	timing_consume(bench->model, &record, 1);
	bench->consumed++;
	bench->pc = record.next;
}

/*
 * Returns the cycles of a sequence in which `raw` needs the result of a load `gap` instructions
 * before it.
 */
static u64 cycles_of(u32 raw, unsigned gap, u64 loaded)
{
	struct bench *bench = atomics_begin();
	u64 begin, cycles;

	atomics_run(bench, LD_A5, DATA, false);
	atomics_run(bench, SD_A5, DATA + 2 * LINE, false);
	begin = timing_cycles(bench->model);
	atomics_run(bench, AMOADD_RA, DATA + 4 * LINE, false);
	atomics_run(bench, LD_A5, loaded, false);
	for (unsigned n = 0; n < gap; n++)
		atomics_run(bench, NOP, 0, false);
	atomics_run(bench, raw, DATA + 2 * LINE, false);
	atomics_run(bench, LD_A5, DATA, false);
	cycles = timing_cycles(bench->model) - begin;
	atomics_end(bench);
	return cycles;
}

static void data_of_an_atomic_come_in_any_cycle(void **state)
{
	static const u32 raws[] = { SD_A5, SC_A5, AMOADD_A5 };
	static const u64 loads[] = { DATA, DATA + 8 * LINE };

	for (unsigned n = 0; n < ARRAY_SIZE(raws); n++)
		for (unsigned k = 0; k < ARRAY_SIZE(loads); k++)
			for (unsigned gap = 0; gap < GAP_MOST; gap++)
				assert_true(cycles_of(raws[n], gap, loads[k]) < PATIENCE);
}

/* An atomic is split into parts, of which only the access traps. */
static void atomic_with_ordering_traps_once(void **state)
{
	struct bench *bench = atomics_begin();
	u64 begin;

	atomics_run(bench, NOP, 0, false);
	begin = timing_cycles(bench->model);
	atomics_run(bench, AMOADD_A5 | AQRL, DATA, true);
	assert_true(timing_cycles(bench->model) - begin < PATIENCE);
	for (unsigned n = 0; n < GAP_MOST; n++)
		atomics_run(bench, NOP, 0, false);
	timing_finish(bench->model);
	assert_int_equal(bench->commits, bench->consumed);
	atomics_end(bench);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(data_of_an_atomic_come_in_any_cycle),
	cmocka_unit_test(atomic_with_ordering_traps_once),
	{ 0 },
};
