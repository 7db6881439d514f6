/* SPDX-License-Identifier: MIT */
/*
 * Runs random programs in the interpreter and in another tier with a timing model: the model gets
 * the same records, one by one, finds the same in memory at each of them, and its time is read at
 * the same places. It accepts records, or runs of blocks from a tier that has them. If it only adds
 * up prices, its sums must be the same, for each mode, in native code as well.
 */
#include "tests/cmocka.h"
#include "tests/cpu/jit/native_insns.h"
#include "tests/cpu/tiers/tier_guest.h"
#include "tests/cpu/tiers/tier_part.h"
#include "tests/cpu/tiers/tier_program.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/jit/jit.h"
#include "cpu/timed/timed.h"
#include "cpu/timing/kind.h"

#include <stdlib.h>
#include <string.h>

#define PROGRAMS 10
#define POINTS 24
#define PER_POINT 4000 /* instructions of all harts, at most */
#define PARTS 100 /* of a point's instructions, if there is no log to compare */
#define LOG 65536
#define SEED 9000
#define CYCLES_MOST 3 /* cycles of an instruction */
#define LOOP_INSNS 20000 /* of the directed loop, between two comparisons */

/*
 * A record, and the memory at its operand, at that of the last store, and at its page-table entry.
 */
struct seen {
	struct timing_record record;
	u64 operand[2], stored[2], entry;
};

/* A model whose time depends on everything that it is told. */
struct recorder {
	struct timing_model model;
	struct timing_host host;
	struct seen *log;
	u64 count, cycles, stored;
	u64 runs;
};

static struct timing_model *records_create(const struct timing_core *core,
					   const struct timing_host *host)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	assert_non_null(recorder);
	recorder->host = *host;
	recorder->model.shadows = TIMING_SHADOWS_MAX;
	recorder->log = calloc(LOG, sizeof(*recorder->log));
	assert_non_null(recorder->log);
	return &recorder->model;
}

static void records_release(struct timing_model *model)
{
	free(((struct recorder *)model)->log);
	free(model);
}

static void reset(struct timing_model *model, u64 pc)
{
	((struct recorder *)model)->cycles = 0;
}

/* Reads memory; finds 0 where there is none. */
static void records_look(const struct recorder *recorder, u64 pa, void *data, size_t size)
{
	memset(data, 0, size);
	recorder->host.read(recorder->host.ctx, pa, data, size);
}

/*
 * Returns the last level's page table entry for the address that the record's instruction accessed,
 * or for its code if it accessed none (tier_program.c).
 */
static u64 entry_of(const struct recorder *recorder, const struct timing_record *record)
{
	const struct timed *timed = recorder->host.ctx;
	u64 va = record->va ? record->va : record->pc, entry;
	u64 table = TABLES_BASE + (timed->hart->id * 8 + 4) * PAGE_SIZE;

	records_look(recorder, table + bits(va, PAGE_SHIFT, 9) * 8, &entry, sizeof(entry));
	return entry;
}

static void record_one(struct recorder *recorder, const struct timing_record *record)
{
	struct seen *seen = &recorder->log[recorder->count++ % LOG];
	const u8 *bytes = (const u8 *)seen;
	u64 hash = 0;

	memset(seen, 0, sizeof(*seen));
	/* The padding after the last member is not copied, because it may have any value. */
	memcpy(&seen->record, record, offsetof(struct timing_record, shadows) + 1);
	records_look(recorder, align_down(record->pa, 16), seen->operand, sizeof(seen->operand));
	records_look(recorder, align_down(recorder->stored, 16), seen->stored,
		     sizeof(seen->stored));
	seen->entry = entry_of(recorder, record);
	if (record->flags & TIMING_STORE)
		recorder->stored = record->pa;
	for (unsigned n = 0; n < sizeof(*seen); n++)
		hash = hash * 31 + bytes[n];
	recorder->cycles += 1 + hash % CYCLES_MOST;
}

static void records_consume(struct timing_model *model, const struct timing_record *records,
			    unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		record_one((struct recorder *)model, &records[n]);
}

static void take_runs(struct timing_model *model, const struct timing_run *run,
		      const struct timing_run *end)
{
	struct recorder *recorder = (struct recorder *)model;

	for (; run != end; run = timing_run_next(run)) {
		const u64 *operand = run->operand;

		for (unsigned n = 0; n < run->count; n++) {
			struct timing_record record;

			recorder->host.reached(recorder->host.ctx, run, n + 1);
			timing_run_record(run, n, &operand, &record);
			record_one(recorder, &record);
		}
		recorder->runs += run->count;
	}
}

static u64 cycles(struct timing_model *model)
{
	return ((struct recorder *)model)->cycles;
}

static u64 most(const u64 *values, u64 elements)
{
	(void)values, (void)elements;
	return CYCLES_MOST;
}

static void wake(struct timing_model *model, u64 slept)
{
	((struct recorder *)model)->cycles += slept;
}

static const struct timing_kind takes_records = {
	.name = "records", .create = records_create, .free = records_release, .reset = reset,
	.consume = records_consume,
	.cycles = cycles, .most = most, .wake = wake,
};

static const struct timing_kind takes_runs = {
	.name = "runs", .create = records_create, .free = records_release, .reset = reset,
	.consume = records_consume,
	.runs = take_runs, .cycles = cycles, .most = most, .wake = wake,
};

static struct recorder *recorder_of(struct machines *machines, unsigned machine, unsigned hart)
{
	return (struct recorder *)machines->m[machine].harts.hart[hart]->timed->model;
}

/*
 * Runs to exactly `count` retired instructions; returns false when all harts sleep for ever, or are
 * dead.
 */
static bool records_run_to(struct tier_machine *machine, u64 count)
{
	enum harts_exit left = tier_run_to(machine, count);

	state_pre_save(&machine->platform.state);
	return left == HARTS_LIMIT;
}

static void records_print(const char *tier, const struct seen *seen)
{
	const struct timing_record *r = &seen->record;

	print_error("%s: pc %llx next %llx va %llx pa %llx a %llx"
		    " b %llx c %llx raw %x op %u flags %x size %u cause %u after %x "
		    "shadows %u; memory %llx %llx, %llx %llx"
		    ", %llx\n",
		    tier, r->pc, r->next, r->va, r->pa, r->a, r->b, r->c, r->raw, r->op, r->flags,
		    r->size, r->cause, r->after, r->shadows, seen->operand[0], seen->operand[1],
		    seen->stored[0], seen->stored[1], seen->entry);
}

/* Returns whether the model keeps what it is told. */
static bool records(const struct timing_kind *kind)
{
	return kind != &timing_simple;
}

/* Compares what both were told since the last call, and forgets it. */
static bool same_records(struct machines *machines, unsigned hart)
{
	struct recorder *a = recorder_of(machines, 0, hart), *b = recorder_of(machines, 1, hart);
	u64 count = a->count;

	assert_true(a->count <= LOG && b->count <= LOG);
	for (u64 n = 0; n < MIN(count, b->count); n++) {
		if (!memcmp(&a->log[n], &b->log[n], sizeof(a->log[n])))
			continue;
		print_error("hart %u, record %llu of these\n", hart, n);
		records_print("interp", &a->log[n]);
		records_print("the other tier", &b->log[n]);
		return false;
	}
	a->count = 0;
	if (b->count != count)
		print_error("hart %u: %llu records, and %llu\n", hart, count, b->count);
	b->count -= count;
	return b->count == 0 && a->cycles == b->cycles;
}

static bool run_points(struct machines *machines, u64 seed)
{
	unsigned parts = records(machines->config.timing->kind) ? 1 : PARTS;
	char difference[256];
	u64 count = 0;

	for (unsigned point = 0; point < POINTS * parts; point++) {
		count += 1 + below(&seed, PER_POINT / parts);
		if (!records_run_to(&machines->m[0], count) ||
		    !records_run_to(&machines->m[1], count)) {
			print_error("all harts sleep or are dead\n");
			return false;
		}
		for (unsigned hart = 0; hart < machines->config.harts; hart++)
			if (records(machines->config.timing->kind) && !same_records(machines, hart))
				return false;
		if (machines_differs(machines, difference, sizeof(difference))) {
			print_error("the tiers differ after %llu instructions: %s\n", count,
				    difference);
			return false;
		}
	}
	return true;
}

struct tally {
	u64 instructions, runs;
	u64 native; /* instructions in native code */
};

/* The second tier. In CALLS, native code only calls bodies. */
enum tier { THREADED, NATIVE, CALLS };

/*
 * Returns a core with random parameters. The period is 3 ns, so that remainders matter; prices are
 * random and mostly low.
 */
static struct timing_core core_of(const struct timing_kind *kind, u64 *seed)
{
	struct timing_core core = { .kind = kind, .values = { 333333333 } };

	for (unsigned n = 1; n < kind->count; n++)
		core.values[n] = below(seed, below(seed, 64) ? 8 : kind->params[n].max + 1);
	return core;
}

static void run_program(bool guests, const struct timing_kind *kind, enum tier tier, u64 program,
			struct tally *tally)
{
	u64 seed = program * 0x9e3779b97f4a7c15ull + 1;
	const struct timing_core core = core_of(kind, &seed);
	struct tier_config config = {
		.harts = 1 + (unsigned)below(&seed, PROGRAM_HARTS_MAX),
		.extensions = TIER_EXTENSIONS,
	};
	struct machines *machines = calloc(1, sizeof(*machines));
	bool good;

	assert_non_null(machines);
	if (guests)
		guest_config(&config, seed);
	config.timing = &core;
	config.native = tier != THREADED;
	config.calls = tier == CALLS ? JIT_ALL : 0;
	machines_init(machines, &config);
	if (guests)
		guest_make(machines, seed);
	else
		program_make(machines, seed);
	good = run_points(machines, seed);
	for (unsigned hart = 0; hart < config.harts && records(kind); hart++)
		tally->runs += recorder_of(machines, 1, hart)->runs;
	tally->instructions += harts_retired(&machines->m[1].harts);
	tally->native += native_insns(machines->m[1].jit);
	machines_free(machines);
	free(machines);
	if (!good)
		fail_msg("program %llu with%s guests, of model \"%s\"", program,
			 guests ? "" : "out", kind->name);
}

static void run_programs(bool guests)
{
	struct tally tally = { 0 }, noted = { 0 }, native = { 0 };

	for (u64 n = 0; n < tier_part_of(PROGRAMS); n++) {
		run_program(guests, &takes_records, THREADED, SEED + n, &(struct tally){ 0 });
		run_program(guests, &takes_runs, THREADED, SEED + n, &tally);
		run_program(guests, &takes_records, NATIVE, SEED + n, &(struct tally){ 0 });
		run_program(guests, &takes_runs, NATIVE, SEED + n, &noted);
		run_program(guests, &timing_simple, THREADED, SEED + n, &(struct tally){ 0 });
		run_program(guests, &timing_simple, NATIVE, SEED + n, &native);
		run_program(guests, &timing_simple, CALLS, SEED + n, &(struct tally){ 0 });
	}
	print_message("%llu instructions, %llu of them in runs, %llu in those of native code, "
		      "%llu native with prices\n",
		      tally.instructions, tally.runs, noted.native, native.native);
	assert_true(tally.runs > tally.instructions / 10);
	assert_true(noted.native > noted.instructions / 50);
	assert_true(native.native > native.instructions / 20);
}

/*
 * Emits an endless loop that, in native code, notes accesses, and calls the bodies of a division by
 * 0, of an instruction without an emitter, and of a maximum that is a NaN. One round in 16 has an
 * access to a device, which is left undone. Returns the number of instructions before the loop.
 */
static u64 make_loop(struct emit *e)
{
	u64 start = e->pc, loop;
	u16 *skip;

	emit_constant(e, 5, MSTATUS_FS);
	emit_csr(e, e->match[OP_csrrs], 0, 5, CSR_MSTATUS);
	emit_constant(e, 10, RAM_BASE + 0x4000);
	emit_constant(e, 11, WORDS_BASE);
	emit_constant(e, 12, ~0ull << 51);
	emit_r(e, e->match[OP_fmv_d_x], 1, 12, 0);
	loop = e->pc;
	emit_load(e, e->match[OP_ld], 13, 10, 0);
	emit_addi(e, 13, 13, 1);
	emit_store(e, e->match[OP_sd], 10, 13, 0);
	emit_r(e, e->match[OP_amoadd_w], 14, 10, 13);
	emit_r(e, e->match[OP_div], 15, 13, 0);
	emit_r(e, e->match[OP_mulhsu], 15, 15, 13);
	emit_r(e, e->match[OP_fmax_d], 2, 1, 1);
	emit_r(e, e->match[OP_andi] | 15 << 20, 16, 13, 0);
	skip = emit_branch(e, e->match[OP_bne], 16, 0);
	emit_load(e, e->match[OP_lw], 17, 11, 0);
	emit_patch_branch(e, skip);
	emit_jump(e, loop);
	return (loop - start) / 4;
}

/* Runs the loop for so long at once that the queue of runs fills up in native code. */
static void run_loop(const struct timing_kind *kind)
{
	u64 seed = SEED, before;
	const struct timing_core core = core_of(kind, &seed);
	struct tier_config config = {
		.harts = 1, .extensions = TIER_EXTENSIONS, .native = true, .timing = &core,
	};
	struct machines *machines = calloc(1, sizeof(*machines));
	struct emit e;

	assert_non_null(machines);
	machines_init(machines, &config);
	emit_start(&e, machines->m[0].harts.hart[0]->isa, machines->ram, RAM_BASE);
	before = make_loop(&e);
	machines_commit(machines);
	machines_begin(machines);
	for (unsigned point = 1; point <= 4; point++) {
		for (unsigned machine = 0; machine < 2; machine++)
			assert_true(
				records_run_to(&machines->m[machine], before + point * LOOP_INSNS));
		assert_true(same_records(machines, 0));
	}
	assert_true(native_insns(machines->m[1].jit) > 4 * LOOP_INSNS / 2);
	machines_free(machines);
	free(machines);
}

static void loop(void **state)
{
	run_loop(&takes_records);
	run_loop(&takes_runs);
}

static void plain(void **state)
{
	run_programs(false);
}

static void with_guests(void **state)
{
	run_programs(true);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(loop),
	cmocka_unit_test(plain),
	cmocka_unit_test(with_guests),
	{ 0 },
};
