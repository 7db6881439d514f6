/* SPDX-License-Identifier: MIT */
/*
 * Runs a random program. A kind of its own is around the real model: it passes on all records, and
 * keeps what the model reports of commits (see run.h).
 */
#include "tests/cycles/random/run.h"

#include "cpu/isa/model.h"
#include "cpu/timed/timed.h"
#include "cpu/timing/kind.h"
#include "tests/cpu/fixture.h"
#include "tests/cycles/random/program.h"

/* The most records in flight in a model, and a batch. */
#define IN_FLIGHT (4 * TIMING_BATCH)

/* The core that the hart is given. */
struct watched_core {
	struct timing_core core; /* the core of the kind below */
	const struct timing_core *inner;
	struct commits *commits;
};

struct watched {
	struct timing_model model;
	struct timing_model *inner;
	struct timing_host host; /* the hart's */
	struct commits *commits;
	u64 consumed; /* records */
	unsigned shadows; /* shadows that are still to come */
	u64 pcs[IN_FLIGHT]; /* by number of the record; NOT_DONE of a shadow */
};

#define NOT_DONE 1 /* no pc is odd */

static bool on_read(void *ctx, u64 pa, void *data, size_t size)
{
	struct watched *watched = ctx;

	return watched->host.read(watched->host.ctx, pa, data, size);
}

static unsigned on_lookahead(void *ctx, struct timing_record *records, unsigned count)
{
	struct watched *watched = ctx;

	return watched->host.lookahead(watched->host.ctx, records, count);
}

static void on_commit(void *ctx, u64 record, u64 cycle)
{
	struct watched *watched = ctx;
	struct commits *commits = watched->commits;
	u64 pc = watched->pcs[record % IN_FLIGHT];

	if (commits->count == commits->size || pc == NOT_DONE)
		return;
	commits->pcs[commits->count] = pc;
	commits->cycles[commits->count++] = cycle;
}

static struct timing_model *watched_create(const struct timing_core *core,
					   const struct timing_host *host)
{
	const struct watched_core *outer = (const struct watched_core *)core;
	struct watched *watched = calloc(1, sizeof(*watched));
	const struct timing_host own = {
		.ctx = watched, .isa = host->isa, .read = on_read, .commit = on_commit,
		.lookahead = on_lookahead,
	};

	assert_non_null(watched);
	watched->host = *host;
	watched->commits = outer->commits;
	watched->inner = timing_create(outer->inner, &own);
	assert_non_null(watched->inner);
	watched->model.shadows = timing_shadows(watched->inner);
	return &watched->model;
}

static void watched_free(struct timing_model *model)
{
	timing_free(((struct watched *)model)->inner);
	free(model);
}

static void watched_reset(struct timing_model *model, u64 pc)
{
	timing_reset(((struct watched *)model)->inner, pc);
}

static void watched_consume(struct timing_model *model, const struct timing_record *records,
			    unsigned count)
{
	struct watched *watched = (struct watched *)model;

	for (unsigned n = 0; n < count; n++) {
		bool shadow = watched->shadows > 0;

		watched->pcs[watched->consumed++ % IN_FLIGHT] = shadow ? NOT_DONE : records[n].pc;
		watched->shadows = shadow ? watched->shadows - 1 : records[n].shadows;
	}
	timing_consume(watched->inner, records, count);
}

static u64 watched_cycles(struct timing_model *model)
{
	return timing_cycles(((struct watched *)model)->inner);
}

static void watched_wake(struct timing_model *model, u64 cycles)
{
	timing_wake(((struct watched *)model)->inner, cycles);
}

static const struct timing_kind watched_kind = {
	.name = "watched", .create = watched_create, .free = watched_free,
	.reset = watched_reset, .consume = watched_consume, .cycles = watched_cycles,
	.wake = watched_wake,
};

void commits_init(struct commits *commits, u32 size)
{
	*commits = (struct commits){
		.size = size,
		.cycles = calloc(size, sizeof(u64)),
		.pcs = calloc(size, sizeof(u64)),
	};
	assert_true(commits->cycles && commits->pcs);
}

void commits_free(struct commits *commits)
{
	free(commits->cycles);
	free(commits->pcs);
}

/* A hart leaves its tier behind a fence that takes long. */
static void run_batch(struct hart *hart)
{
	u64 end = hart->steps + TIMING_BATCH;

	while (hart->steps < end) {
		u64 steps = hart->steps;

		hart_run(hart, observe_run, end - steps);
		if (hart->steps == steps)
			fail_msg("nothing goes on at %llx", hart->pc);
	}
}

/* Runs until the model has reported enough commits: it holds back those under way. */
static void run(struct hart *hart, const struct commits *commits)
{
	while (commits->count < commits->size)
		run_batch(hart);
}

void run_program(const struct timing_core *core, const char *cpu, u64 seed, struct commits *commits)
{
	struct timing_kind kind = watched_kind;
	struct watched_core watched = { .core = *core, .inner = core, .commits = commits };
	struct machine *machine;
	struct watch watch = { .count = 0 };
	struct model_error error;
	struct program program;
	struct ext_set extensions;

	/* The inner kind answers what is asked of the values alone. */
	kind.most = core->kind->most;
	watched.core.kind = &kind;
	if (model_parse(cpu, &extensions, &error) < 0)
		fail_msg("%s", error.text);
	machine = machine_create(extensions);
	program_build(&program, &machine->isa, machine->ram.host, seed);
	hart_reset(&machine->hart, RAM_BASE);
	machine_open_pmp(machine);
	watch_add(&watch, &timed_observer);
	watch_attach(&watch, &machine->hart);
	assert_int_equal(timed_attach(&machine->hart, &watched.core, NULL), 0);
	commits->count = 0;
	run(&machine->hart, commits);
	machine_free(machine);
}
