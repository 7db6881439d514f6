/* SPDX-License-Identifier: MIT */
/*
 * Counts events by the signals between units within a cycle. The core's own counters are those of
 * aq_hpcp_top.v; ../models.md says what differs.
 */
#include "cpu/timing/c906/events.h"
#include "cpu/timing/memo/actions.h"

#include "cpu/isa/isa.h"

/* Attributes cycles to a cause. The cycle of the reset is not counted. */
static void c906_events_attribute(struct c906_core *core, enum timing_cause cause, u64 cycles)
{
	const struct timing_host *host = &core->env.host;

	if (!core->env.now)
		return;
	timing_attribute(core->env.tally, cause, cycles);
	if (core->env.actions)
		actions_report(core->env.actions, cause, cycles);
	if (host->attribute)
		host->attribute(host->ctx, cause, cycles);
}

void c906_count_sleep(struct c906_core *core, u64 cycles)
{
	c906_events_attribute(core, CPI_SLEEP, cycles);
}

void c906_count_idle(struct c906_core *core, const struct timing_tally *before, u64 cycles)
{
	const enum timing_cause cause = core->last_cause;
	struct timing_tally *tally = core->env.tally;

	for (unsigned event = 0; event < TIMING_EVENTS; event++)
		if (event != TIMING_CPI + cause)
			tally->count[event] +=
				cycles * (tally->count[event] - before->count[event]);
	c906_events_attribute(core, cause, cycles);
}

void c906_count_retired(struct timing_tally *tally, const struct timing_record *record, u64 cycle)
{
	enum insn_class class = isa_ops[record->op].class;

	if (!(record->flags & TIMING_TRAP) && (class == CLASS_BRANCH || class == CLASS_JUMP))
		timing_count(tally, TIMING_BRANCH);
	timing_tally_retire(tally, record, cycle);
}

/* Returns whether an instruction that could not be dispatched waits for a result in this cycle. */
static bool waits_for_result(enum timing_cause cause)
{
	switch (cause) {
	case CPI_LOAD_USE:
	case CPI_L1D:
	case CPI_STORES:
	case CPI_MULDIV:
	case CPI_FP:
		return true;
	default:
		return false;
	}
}

/*
 * Counts a cycle in which nothing completes: as a stall of the front end if the program has nothing
 * to complete, and nothing that waits for a result in ID; else of the back end.
 */
static void c906_events_stall(struct c906_core *core, const struct c906_wires *wires,
			      enum timing_cause cause)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	bool empty = !core->pipe.lsu.ag_valid &&
		     (!ex1->valid || ex1->on_wrong_path || !wires->commits);
	bool front = empty && !waits_for_result(cause);

	if (core->env.now)
		timing_count(core->env.tally, front ? TIMING_STALL_FRONT : TIMING_STALL_BACK);
}

void c906_count_cycle(struct c906_core *core, const struct c906_wires *wires)
{
	enum timing_cause cause = c906_stall_cause(core, wires);
	u8 mode = core->env.tally->mode;

	c906_events_attribute(core, cause, 1);
	core->last_cause = cause;
	if (!wires->completes && cause != CPI_SLEEP)
		c906_events_stall(core, wires, cause);
	if (!wires->completes || !wires->done)
		return;
	c906_count_retired(core->env.tally, c906_record(&core->records, wires->number),
			   core->env.now);
	if (core->env.actions && core->env.tally->mode != mode)
		actions_enter(core->env.actions, core->env.tally);
	if (wires->number + 1 == core->records.end)
		*core->env.seen = *core->env.tally;
}

/* Counts an access that DC has compared and need not replay. */
static void count_data(struct c906_core *core, const struct c906_lsu_cycle *lsu)
{
	struct timing_tally *tally = core->env.tally;
	enum timing_event event = c906_access_loads(&lsu->dc) ? TIMING_L1D_READ : TIMING_L1D_WRITE;

	if (lsu->dc.walks)
		event = TIMING_WALK_READ;
	timing_count(tally, event);
	/* The next event is the miss. */
	if (!lsu->hit)
		timing_count(tally, event + 1);
}

static void count_fetch(struct c906_core *core, const struct c906_icache_cycle *icache)
{
	timing_count(core->env.tally, TIMING_L1I_READ);
	if (icache->missed)
		timing_count(core->env.tally, TIMING_L1I_READ_MISS);
	if (c906_fetch_mode(&core->pipe.mmu, &core->env) == C906_TRANSLATED)
		timing_count(core->env.tally, TIMING_ITLB_READ);
}

static bool begins_to_miss(u8 before, const struct c906_utlb *utlb)
{
	return before == C906_UTLB_IDLE && utlb->state == C906_UTLB_WAIT_GRANT &&
	       utlb->mode == C906_TRANSLATED;
}

static void count_translations(struct c906_core *core, const struct c906_wires *wires,
			       const struct c906_before *before)
{
	struct timing_tally *tally = core->env.tally;
	const struct c906_lsu *lsu = &core->pipe.lsu;
	/* An access that is killed in EX1 looks its page up, but stays in no stage. */
	const struct c906_access *access = lsu->ag_valid ? &lsu->ag : &wires->access;

	if (wires->lsu.ag_moves && c906_data_mode(&core->pipe.mmu, &core->env) == C906_TRANSLATED)
		timing_count(tally, c906_access_loads(&core->pipe.lsu.dc) ? TIMING_DTLB_READ :
									    TIMING_DTLB_WRITE);
	if (begins_to_miss(before->dutlb, &core->pipe.mmu.dutlb))
		timing_count(tally, c906_access_loads(access) ? TIMING_DTLB_READ_MISS :
								TIMING_DTLB_WRITE_MISS);
	if (begins_to_miss(before->iutlb, &core->pipe.mmu.iutlb))
		timing_count(tally, TIMING_ITLB_READ_MISS);
}

void c906_count_events(struct c906_core *core, const struct c906_wires *wires,
		       const struct c906_before *before)
{
	const struct c906_resolved *resolved = &wires->ifu.resolved;
	const struct c906_icache_cycle *icache = &wires->ifu.icache;

	/* Indirect jumps other than returns are not predicted at all. */
	if (resolved->mispredict || resolved->jump || wires->late_return)
		timing_count(core->env.tally, TIMING_MISPREDICT);
	if (wires->lsu.compares && !wires->lsu.replays)
		count_data(core, &wires->lsu);
	if (before->fetches && icache->translated && !icache->cancel)
		count_fetch(core, icache);
	count_translations(core, wires, before);
}
