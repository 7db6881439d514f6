/* SPDX-License-Identifier: MIT */
/*
 * Tests instructions that trap before a tier executes them: in any tier, a timing model is told of
 * each once, with the mode in which its handler runs.
 */
#include "cpu/debug/observe.h"
#include "cpu/engine/block_cache.h"
#include "cpu/engine/threaded.h"
#include "cpu/timed/threaded_timed.h"
#include "cpu/timed/timed.h"
#include "cpu/timing/kind.h"
#include "tests/cpu/fixture.h"

#define HANDLER (RAM_BASE + 0x100)
#define LOG 16

#define JALR_A1 0x00058067u
#define NOP 0x00000013u
#define LPAD 0x00000017u /* any label */

/* A model that keeps what it is told. */
struct recorder {
	struct timing_model model;
	struct timing_record log[LOG];
	unsigned count;
};

static struct timing_model *refused_create(const struct timing_core *core,
					   const struct timing_host *host)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	assert_non_null(recorder);
	return &recorder->model;
}

static void refused_release(struct timing_model *model)
{
	free(model);
}

static void reset(struct timing_model *model, u64 pc)
{
}

static void refused_consume(struct timing_model *model, const struct timing_record *records,
			    unsigned count)
{
	struct recorder *recorder = (struct recorder *)model;

	assert_true(recorder->count + count <= LOG);
	memcpy(&recorder->log[recorder->count], records, count * sizeof(*records));
	recorder->count += count;
}

static u64 cycles(struct timing_model *model)
{
	return ((struct recorder *)model)->count;
}

static u64 most(const u64 *values, u64 elements)
{
	(void)values, (void)elements;
	return 1;
}

static const struct timing_kind recorders = {
	.name = "records",
	.create = refused_create,
	.free = refused_release,
	.reset = reset,
	.consume = refused_consume,
	.cycles = cycles,
	.most = most,
};

struct refusal {
	u64 target; /* the target of a jump in user mode, with landing pads */
	bool there; /* the target is a landing pad */
	u8 cause; /* the cause of the trap */
	bool fetched;
};

static const struct refusal refusals[] = {
	{ .target = RAM_BASE + 8, .cause = CAUSE_SOFTWARE_CHECK },
	{ .target = RAM_BASE + 10, .cause = CAUSE_SOFTWARE_CHECK }, /* it must be a multiple of 4 */
	{ .target = HOLE, .cause = CAUSE_FETCH_ACCESS },
	{ .target = RAM_BASE + 8, .there = true, .cause = CAUSE_ECALL_U, .fetched = true },
};

static struct machine *refused_prepare(const struct refusal *refusal, struct watch *watch)
{
	const u32 code[] = { NOP, JALR_A1, refusal->there ? LPAD : NOP, 0x00000073 /* ecall */ };
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct hart *hart = &machine->hart;

	memcpy(machine_ram(machine, RAM_BASE), code, sizeof(code));
	for (u64 at = HANDLER; at < HANDLER + 64; at += 8)
		*machine_ram(machine, at) = (u64)NOP << 32 | NOP;
	hart_reset(hart, RAM_BASE);
	machine_open_pmp(machine);
	watch_add(watch, &timed_observer);
	watch_attach(watch, hart);
	hart->priv = PRIV_U;
	hart->senvcfg = MENVCFG_LPE;
	hart->mtvec = HANDLER;
	hart->x[11] = refusal->target;
	hart_regime_changed(hart);
	return machine;
}

/* Checks the records, and the one that trapped among them. */
static void refused_check_refused(const struct recorder *recorder, const struct refusal *refusal)
{
	const struct timing_record *trap = NULL;

	for (unsigned n = 0; n < recorder->count; n++) {
		const struct timing_record *record = &recorder->log[n];
		enum timing_mode mode = timing_mode_of(record->after);

		if (record->flags & TIMING_TRAP) {
			assert_null(trap);
			trap = record;
		}
		assert_int_equal(mode, trap ? TIMING_M : TIMING_U);
		if (n)
			assert_int_equal(record->pc, recorder->log[n - 1].next);
	}
	assert_non_null(trap);
	assert_int_equal(trap->pc, refusal->fetched ? RAM_BASE + 12 : refusal->target);
	assert_int_equal(trap->next, HANDLER);
	assert_int_equal(trap->cause, refusal->cause);
	assert_int_equal(!(trap->flags & TIMING_FETCH), refusal->fetched);
}

static void refused_run(hart_tier tier, const struct refusal *refusal)
{
	const struct timing_core core = { .kind = &recorders, .values = { 1000000000 } };
	struct watch watch = { .count = 0 };
	struct machine *machine = refused_prepare(refusal, &watch);
	struct hart *hart = &machine->hart, *harts[] = { hart };

	hart->blocks = block_cache_create(harts, 1);
	assert_non_null(hart->blocks);
	assert_int_equal(block_cache_watch(hart->blocks, &machine->ram, RAM_BASE), 0);
	assert_int_equal(timed_attach(hart, &core, NULL), 0);
	hart_run(hart, tier, 8);
	timed_flush(hart->timed);
	refused_check_refused((const struct recorder *)hart->timed->model, refusal);
	block_cache_free(hart->blocks);
	machine_free(machine);
}

static void test_models_are_told(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(refusals); n++) {
		refused_run(observe_run, &refusals[n]);
		refused_run(threaded_timed_run, &refusals[n]);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_models_are_told),
	{ 0 },
};
