/* SPDX-License-Identifier: MIT */
/* Makes records of what is observed, and keeps the time of a hart (see timed.h). */
#include "cpu/timed/timed.h"

#include "bus/clock.h"
#include "bus/platform.h"
#include "cpu/counters/pmu.h"
#include "cpu/csr/csr.h"
#include "cpu/engine/interp.h"
#include "cpu/hart/hart.h"
#include "cpu/jit/timed/priced.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/view.h"
#include "cpu/mmu/walk.h"
#include "cpu/timed/ahead.h"
#include "cpu/timed/guests.h"
#include "cpu/timed/hooks.h"
#include "cpu/timed/lookahead.h"
#include "cpu/timed/memory.h"
#include "cpu/timed/runs.h"
#include "cpu/timed/switch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The value of SUM is reported in each mode, because a pipeline may still execute what it began in
 * another one.
 */
u8 timed_after(const struct hart *hart)
{
	const struct regime *fetch = hart->fetch_regime, *data = hart->data_regime;
	u8 after = fetch->priv | (u8)(data->priv << TIMING_DATA_MODE_SHIFT);
	u64 status = hart->virt ? hart->s[BANK_VS].status : hart->mstatus;

	return after | (hart->virt ? TIMING_VIRTUAL : 0) | (data->mxr ? TIMING_MXR : 0) |
	       (status & MSTATUS_SUM ? TIMING_SUM : 0);
}

static void on_commit(void *ctx, u64 record, u64 cycle)
{
	struct timed *timed = ctx;

	(void)cycle;
	if (!timed->account)
		return;
	/* Records that only warm up the model, and their cycles, are not counted. */
	if (timed->listens && record >= timed->first)
		timing_account_commit(timed->account, record);
	else
		timing_account_forget(timed->account);
}

static void on_attribute(void *ctx, enum timing_cause cause, u64 cycles)
{
	struct timed *timed = ctx;

	if (timed->account && timed->phase == TIMED_ON)
		timing_account_attribute(timed->account, cause, cycles);
}

bool timed_reports(struct timed *timed)
{
	timed->listens = timing_account_each(timed->account);
	return timed->listens && timed->phase == TIMED_ON;
}

static void timed_give(struct timed *timed)
{
	if (timed_reports(timed))
		timing_account_push(timed->account, timed->batch, timed->count);
	timing_consume(timed->model, timed->batch, timed->count);
}

void timed_flush(struct timed *timed)
{
	if (!timed->count)
		return;
	timed_code_changed(timed);
	if (timed_keeps(timed))
		timing_history_add(timed->history, timed->batch, timed->count);
	if (timed->phase != TIMED_KEEPS) {
		timed_give(timed);
		timed->pushed += timed->count;
	}
	timed->count = 0;
}

/* Completes the last record: its instruction continues at `next`. */
void timed_finish(struct timed *timed, u64 next)
{
	if (!timed->pending)
		return;
	timed->last.next = next;
	if (timing_has_sp(&timed->last))
		timed->last.c = timed->hart->x[2];
	if (timed->count + 1u + timed->last.shadows > TIMING_BATCH) {
		timed_prices_give(timed, false);
		timed_flush(timed);
	}
	timed->batch[timed->count++] = timed->last;
	timed->current = false;
	if (timed->last.shadows)
		memcpy(&timed->batch[timed->count], timed->shadows,
		       timed->last.shadows * sizeof(timed->shadows[0]));
	timed->count += timed->last.shadows;
	timed->pending = false;
}

bool timed_translates(const struct regime *regime)
{
	return regime->s1.levels || regime->s2.levels;
}

/* Returns the physical address of an access that was made, or 0 if it is no longer known. */
static u64 timed_physical(struct hart *hart, const struct timing_record *record, bool guest)
{
	const struct access access = {
		.type = record->flags & TIMING_STORE ? ACCESS_STORE : ACCESS_LOAD, .peek = true,
	};
	struct regime regime = *hart->data_regime;
	struct tlb_entry entry;
	struct trap trap = hart->trap;
	struct xlat xlat;
	bool remembered, good;
	u64 va, pa;

	if (guest)
		regime_guest(hart, &regime);
	va = regime_address(&regime, record->va);
	if (!timed_translates(&regime))
		return va;
	entry = tlb_entry_of(hart->data, tlb_index(va));
	remembered = entry.read == (va & PAGE_MASK) || entry.write == (va & PAGE_MASK);
	if (!guest && remembered &&
	    bus_physical(&hart->platform->bus, mem_host(hart->data, va), &pa))
		return pa;
	good = walk(hart, &regime, va, access, &xlat);
	hart->trap = trap;
	return good ? xlat.pa : 0;
}

static void on_fetch(void *ctx, struct hart *hart, const struct event *event)
{
	struct timed *timed = hart->timed;

	(void)ctx;
	if (timed->phase == TIMED_OFF)
		return;
	timed_runs_drain(timed);
	if (unlikely(timed->waits)) {
		if (event->pc != timed->from)
			return;
		timed_begin(timed);
	}
	timed_finish(timed, event->pc);
	timed->last = (struct timing_record){ .pc = event->pc, .op = OP_illegal };
	timed->pending = timed->running = true;
}

/*
 * Describes an instruction. If it stores, the model gets all records before: it may read memory,
 * and what it reads must not depend on how records are divided into batches.
 */
static void on_before(void *ctx, struct hart *hart, const struct event *event)
{
	struct timed *timed = hart->timed;

	(void)ctx;
	if (!timed->pending)
		return;
	timed_describe(hart, event, &timed->last);
	if ((timed->last.flags & TIMING_STORE) && !timed->priced)
		timed_flush(timed);
}

/* Sets the new value of a CSR that was written. */
static void set_csr(struct timing_record *record, struct hart *hart, const struct insn *insn)
{
	if (timing_writes_csr(record))
		csr_peek(hart, csr_number_now(hart, (u16)bits(insn->raw, 20, 12)), &record->a);
}

static void on_after(void *ctx, struct hart *hart, const struct event *event)
{
	struct timed *timed = hart->timed;
	struct timing_record *last = &timed->last;

	/* An instruction before whose fetch a trigger fired was not reported as fetched. */
	if (!event->fetched && !timed->pending)
		on_fetch(ctx, hart, event);
	timed->running = false;
	if (!timed->pending)
		return;
	if (event->trapped) {
		last->flags |= TIMING_TRAP | (event->fetched ? 0 : TIMING_FETCH);
		last->cause = (u8)hart->trap.cause;
		if (event->fetched && timing_shadows(timed->model))
			last->shadows = (u8)lookahead(hart, last, timed->shadows,
						      timing_shadows(timed->model));
		return;
	}
	last->after = timed_after(hart);
	if (hart->waiting)
		last->flags |= TIMING_WAITS;
	if (isa_ops[last->op].class == CLASS_CSR)
		set_csr(last, hart, &event->insn);
	if ((last->op == OP_sc_w || last->op == OP_sc_d) && hart->x[event->insn.rd])
		last->flags |= TIMING_SC_FAILED;
	if (last->flags & (TIMING_LOAD | TIMING_STORE))
		last->pa = timed_physical(hart, last, event->guest);
	if (last->op == OP_fence_i || last->op == OP_sfence_vma)
		timed_fence(timed);
	if (isa_ops[last->op].class == CLASS_SYSTEM)
		timed_check_guest(timed);
	timed_finish(timed, hart->pc);
}

static void on_interrupt(void *ctx, struct hart *hart)
{
	struct timed *timed = hart->timed;

	(void)ctx;
	if (timed->phase == TIMED_OFF || timed->waits)
		return;
	timed_runs_drain(timed);
	timed_finish(timed, hart->trap.from);
	timed->last = (struct timing_record){
		.pc = hart->trap.from, .op = OP_illegal,
		.flags = TIMING_TRAP | TIMING_INTERRUPT, .cause = (u8)hart->trap.cause,
	};
	timed->pending = true;
	timed_trapped(timed);
}

void timed_trapped(struct timed *timed)
{
	timed->last.after = timed_after(timed->hart);
	timed_finish(timed, timed->hart->pc);
}

/*
 * Executes an instruction for a model that needs only the operation, and whether it traps. It is no
 * branch, for which the model would need more: branches are in runs, or are checked jumps
 * (engine/jump.h).
 */
static enum hart_exit step_priced(struct hart *hart, const struct insn *insn)
{
	struct timed *timed = hart->timed;
	struct timing_record *last = &timed->last;
	enum hart_exit left;

	*last = (struct timing_record){
		.pc = hart->pc, .raw = insn->raw, .op = insn->op, .after = timed_after(hart),
		.a = isa_ops[insn->op].class > CLASS_VSET ? hart->vector.vl : 0,
	};
	timed->pending = timed->running = true;
	left = interp_execute(hart, insn);
	timed->running = false;
	if (left == EXIT_TRAP) {
		last->flags = TIMING_TRAP;
		last->cause = (u8)hart->trap.cause;
	} else {
		last->after = timed_after(hart);
		timed_finish(timed, hart->pc);
	}
	return left;
}

static enum hart_exit timed_step_insn(struct hart *hart, const struct insn *insn)
{
	struct event event = { .pc = hart->pc, .raw = insn->raw, .insn = *insn, .fetched = true };
	enum hart_exit left;

	on_fetch(NULL, hart, &event);
	observe_operand(hart, &event);
	on_before(NULL, hart, &event);
	left = interp_execute(hart, &event.insn);
	event.trapped = left == EXIT_TRAP;
	on_after(NULL, hart, &event);
	return left;
}

enum hart_exit timed_step(struct hart *hart, const struct insn *insn)
{
	return timed_adds_prices(hart->timed) ? step_priced(hart, insn) :
						timed_step_insn(hart, insn);
}

const struct observer timed_observer = {
	.interrupt = on_interrupt,
	.fetch = on_fetch,
	.before = on_before,
	.after = on_after,
};

/*
 * Returns the number of records that a lookahead fills in. The result of an instruction that reads
 * a CSR is unknown; before any other instruction everything is known.
 */
static unsigned lookahead_records(void *ctx, struct timing_record *records, unsigned count)
{
	const struct timed *timed = ctx;
	const struct timing_record *last = &timed->last;
	bool reads = timed->running && isa_ops[last->op].class == CLASS_CSR;

	return lookahead(timed->hart, reads ? last : NULL, records, count);
}

#define COUNTS(member)                                                                             \
	STATE_ARRAY(struct timed, member.in[TIMING_M]),                                            \
	STATE_ARRAY(struct timed, member.in[TIMING_S]),                                            \
	STATE_ARRAY(struct timed, member.in[TIMING_U]),                                            \
	STATE_ARRAY(struct timed, member.in[TIMING_VS]),                                           \
	STATE_ARRAY(struct timed, member.in[TIMING_VU])

static const struct state_field timed_fields[] = {
	STATE_FIELD(struct timed, phase),
	STATE_FIELD(struct timed, waits),
	STATE_FIELD(struct timed, from),
	STATE_FIELD(struct timed, before),
	STATE_FIELD(struct timed, steps),
	STATE_FIELD(struct timed, origin),
	STATE_FIELD(struct timed, earlier),
	STATE_FIELD(struct timed, epoch),
	STATE_FIELD(struct timed, model_cycle),
	STATE_FIELD(struct timed, pushed),
	STATE_FIELD(struct timed, first),
	STATE_FIELD(struct timed, current),
	STATE_FIELD(struct timed, retired),
	STATE_FIELD(struct timed, done.cycles),
	STATE_FIELD(struct timed, done.instructions),
	COUNTS(past),
	COUNTS(events),
	COUNTS(modes),
	COUNTS(modes_base),
	STATE_FIELD(struct timed, past_cycles),
	STATE_FIELD(struct timed, pace),
	STATE_FIELD(struct timed, paced_steps),
	STATE_FIELD(struct timed, paced_cycles),
	STATE_FIELD(struct timed, not_before),
	STATE_FIELD(struct timed, fenced),
};

/*
 * Gives the model all that was recorded, so that it is in the model's state. Reads the time, so
 * that the state does not depend on whether a frontend has read it.
 */
static void timed_pre_save(void *self)
{
	timed_synchronize(self);
	timed_cycles(self);
}

/*
 * Checks a loaded state. Until everything else is loaded the model is not used, and what it
 * returned last is the time.
 */
static int timed_loaded(void *self)
{
	struct timed *timed = self;

	timed->count = 0;
	timed_runs_drop(timed->runs);
	timed->prices = (struct timing_prices){ 0 };
	hart_time_native(timed->hart, 0, NULL);
	timed->pending = timed->running = false;
	if (timed->history)
		timing_history_end(timed->history);
	timed->current_loaded = timed->current;
	timed->current = true;
	if (timed->phase > TIMED_ON)
		return -EINVAL;
	if (timed->before > TIMED_MAX || timed->epoch > CLOCK_LAST ||
	    timed->model_cycle > TIMED_MAX || timed->earlier > TIMED_MAX)
		return -EINVAL;
	if (timing_core_cycles(timed->core, CLOCK_LAST) < MAX(timed->model_cycle, timed->before))
		return -EINVAL;
	if (!timed_pace_loaded(timed))
		return -EINVAL;
	return timed->origin <= timed->model_cycle && timed->steps <= timed->hart->steps ? 0 :
											   -EINVAL;
}

static const struct state_type timed_state = {
	.version = 6,
	.fields = timed_fields,
	.count = ARRAY_SIZE(timed_fields),
	.pre_save = timed_pre_save,
	.post_load = timed_loaded,
};

void timed_resume(struct timed *timed)
{
	timed->current = timed->current_loaded;
	if (timed->phase != TIMED_OFF)
		timed_check_guest(timed);
	if (timed->account)
		timed_account(timed, timed->account);
}

static void register_state(struct timed *timed)
{
	struct state *state = &timed->hart->platform->state;
	char name[STATE_NAME_MAX];

	/* The model's own pre_save must come after timed_pre_save, which gives it records. */
	snprintf(name, sizeof(name), "timed%u", timed->hart->id);
	state_register(state, name, &timed_state, timed);
	snprintf(name, sizeof(name), "core%u", timed->hart->id);
	timing_register_state(timed->model, state, name);
}

/* Notes that the model has consumed all instructions of the run before the n-th. */
static void on_reached(void *ctx, const struct timing_run *run, unsigned n)
{
	struct timed *timed = ctx;

	timed_runs_reach(timed->runs, run, n);
}

/* Returns the number of elements of the longest vector. */
static u64 most_elements(const struct hart *hart)
{
	return isa_has(hart->isa, EXT_zve32x) ? 8 * hart->vector.vlenb : 0;
}

static void timed_release(struct timed *timed)
{
	timing_free(timed->model);
	timing_history_free(timed->history);
	free(timed->runs);
	free(timed);
}

int timed_attach(struct hart *hart, const struct timing_core *core,
		 struct timing_coherence *coherence)
{
	struct timed *timed = calloc(1, sizeof(*timed));
	struct timing_host host = {
		.ctx = timed, .isa = hart->isa, .read = timed_read_memory, .commit = on_commit,
		.attribute = on_attribute, .reached = on_reached, .listens = &timed->listens,
		.watch_code = timed_watch_code,
		.lookahead = lookahead_records, .coherence = coherence,
	};

	if (!timed)
		return -ENOMEM;
	timed->hart = hart;
	timed->core = core;
	if (timed_runs_create(timed) == 0) {
		host.code_changes = &timed->runs->code_changes;
		timed->model = timing_create(core, &host);
	}
	if (!timed->model) {
		timed_release(timed);
		return -ENOMEM;
	}
	timed->priced = timing_is_priced(timed->model);
	timed->most = timing_most(core, most_elements(hart));
	if (timed->priced)
		timed->priced_steps = PRICED_CYCLES_MOST / timed->most;
	/* The guest's counters continue with the model's cycles. */
	pmu_pause(hart, 0);
	hart->timed = timed;
	hart_hooks_add(hart, &timed_hooks);
	register_state(timed);
	timed_reset(timed, 0);
	pmu_loaded(hart);
	pmu_resume(hart, 0);
	return 0;
}

void timed_detach(struct hart *hart)
{
	struct state *state = &hart->platform->state;
	char name[STATE_NAME_MAX];

	if (!hart->timed)
		return;
	snprintf(name, sizeof(name), "core%u", hart->id);
	state_remove(state, name);
	snprintf(name, sizeof(name), "timed%u", hart->id);
	state_remove(state, name);
	hart_time_native(hart, 0, NULL);
	timed_release(hart->timed);
	hart->timed = NULL;
	hart_hooks_remove(hart, &timed_hooks);
	hart->pmu.modelled = 0;
}

void timed_account(struct timed *timed, struct timing_account *account)
{
	timed->account = account;
	timing_account_begin(account, timed->pushed, timed_after(timed->hart));
}

/* Returns the model's cycle. An instruction that reads it by reading a CSR counts as done. */
static u64 timed_read_model(struct timed *timed)
{
	const struct timing_record *last = &timed->last;

	timed_prices_give(timed, true);
	timed_runs_drain(timed);
	if (timed->pending && timed->running && isa_ops[last->op].class == CLASS_CSR)
		timed_finish(timed, last->pc + insn_length(last->raw));
	if (!timed->current) {
		timed_flush(timed);
		timed->model_cycle = MAX(timed->model_cycle, timing_cycles(timed->model));
		timed->current = true;
	}
	return timed->model_cycle;
}

u64 timed_cycles(struct timed *timed)
{
	if (!timed_counts(timed))
		return timed->before + hart_steps(timed->hart) - timed->steps;
	return timed->before + timed_read_model(timed) - timed->origin;
}

u64 timed_ns(struct timed *timed)
{
	u64 cycle = MAX(timed_cycles(timed), timed->not_before);

	return timed->epoch + timing_core_ns(timed->core, cycle);
}

void timed_synchronize(struct timed *timed)
{
	if (timed->phase == TIMED_OFF || timed->waits)
		return;
	timed_prices_give(timed, false);
	timed_runs_drain(timed);
	timed_flush(timed);
}

void timed_idle(struct timed *timed, u64 ns)
{
	u64 now = timed_cycles(timed),
	    from = timing_core_cycles(timed->core, timed_ns(timed) - timed->epoch);
	u64 cycles = timing_core_cycles(timed->core, timed_ns(timed) + ns - timed->epoch) -
		     MIN(from, now);

	timed_pace_idle(timed, cycles);
	/*
	 * A model that was given no records cannot sleep; the cycles are added to `before` instead.
	 */
	if (timed->phase >= TIMED_WARMS && !timed->waits && timed->pushed) {
		timing_wake(timed->model, cycles);
		timed->current = false;
	}
	if (!timed_counts(timed) || !timed->pushed)
		timed->before += cycles;
}
