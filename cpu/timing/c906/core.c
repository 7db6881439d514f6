/* SPDX-License-Identifier: MIT */
/* Steps a cycle of C906: its units, in their order. See core.h. */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/events.h"
#include "cpu/timing/c906/key.h"

#include <string.h>

/*
 * An instruction retires within this many cycles, and reads of memory. If none does, fetch and the
 * records do not agree about the code.
 */
#define PATIENCE 16384
#define PATIENCE_READS 64

static void begin_at(struct c906_core *core, u64 pc)
{
	memset(&core->pipe, 0, sizeof(core->pipe));
	memset(&core->env.biu, 0, sizeof(core->env.biu));
	memset(&core->env.tables->learned, 0, sizeof(core->env.tables->learned));
	c906_mmu_reset(&core->pipe.mmu, &core->env);
	c906_all_fetches_change(core->env.tables);
	core->pipe.rtu.context = core->pipe.mmu.context;
	core->refills_behind = core->starves = CPI_FETCH;
	core->drained = core->starts = true;
	core->start_pc = pc;
}

/* Clears the tables, but not their version, which never decreases. */
static void reset_tables(struct c906_tables *tables)
{
	const u64 version = tables->version;

	memset(tables, 0, sizeof(*tables));
	tables->version = version;
	c906_all_fetches_change(tables);
}

void c906_core_reset(struct c906_core *core, u64 pc)
{
	core->records = (struct c906_records){ .ring = core->records.ring };
	core->env.now = core->last_commit = core->alive = core->sleep = 0;
	core->cycles_returned = core->cycles_returned_at = 0;
	reset_tables(core->env.tables);
	begin_at(core, pc);
}

void c906_core_copy(struct c906_core *to, const struct c906_core *from)
{
	const struct c906_env own = to->env;

	*to = *from;
	to->view = NULL;
	to->env.host = own.host;
	to->env.tables = own.tables;
	to->env.tally = own.tally;
	to->env.seen = own.seen;
	to->env.actions = NULL;
	*own.tables = *from->env.tables;
	*own.tally = *from->env.tally;
}

/* While the pipeline restarts, instructions that are killed in EX1 have to be known as well. */
bool c906_core_needs_record(const struct c906_core *core)
{
	u64 needed = core->pipe.rtu.resumes ? C906_SHADOWS : 1;

	return core->records.end - core->records.issue < needed;
}

static bool c906_core_sleeps(const struct c906_core *core)
{
	return core->pipe.ex1.valid && core->pipe.ex1.cp0 == C906_CP0_SLEEP;
}

u64 c906_core_gives_up(const struct c906_core *core)
{
	u64 limit = PATIENCE + PATIENCE_READS * core->env.params.memory_latency;

	return MAX(core->last_commit, core->alive) + limit + 1;
}

/*
 * Returns whether the core makes no progress. This is asked in each cycle, so the part that depends
 * on no parameter comes first.
 */
static bool is_stuck(const struct c906_core *core)
{
	return core->env.now - core->last_commit > PATIENCE &&
	       core->env.now >= c906_core_gives_up(core) && !c906_core_sleeps(core);
}

/*
 * Restarts a core that makes no progress: code has changed while it was in the pipeline, or a
 * loaded state is one that no core ever had. The pipeline, and what is known of the code, is lost,
 * and the core begins again with the oldest record that has not retired. This is no action that
 * could be recorded, so a trace in which it happens is not kept.
 */
static void c906_core_recover(struct c906_core *core)
{
	const struct c906_context context = core->pipe.rtu.context;
	struct c906_records *records = &core->records;

	actions_refuse(core->env.actions);
	records->issue = records->commit;
	begin_at(core, c906_record(records, records->commit)->pc);
	core->pipe.rtu.context = context;
	c906_mmu_use(&core->pipe.mmu, &core->env, &context);
	memset(core->env.tables->icache, 0, sizeof(core->env.tables->icache));
	core->alive = core->env.now;
}

static void c906_core_begin(struct c906_core *core, struct c906_wires *wires)
{
	c906_rtu_begin(core, wires);
	/* aq_lsu_ag.v, lsu_mmu_abort */
	core->pipe.mmu.dutlb.drops = wires->flush_be;
	if (core->starts) {
		c906_redirect(core, wires, core->start_pc, core->records.issue);
		core->refills_behind = CPI_FETCH;
	}
	core->starts = false;
	c906_bju_resolve(core, wires);
	c906_ex1_execute(core, wires);
}

static void c906_core_access_memory(struct c906_core *core, struct c906_wires *wires)
{
	struct c906_vpu_cycle *vpu = &wires->vpu;
	struct c906_lsu_cycle *lsu = &wires->lsu;
	const struct c906_da *da = &core->pipe.lsu.da;

	vpu->loaded = da->valid && da->reg >= C906_F ? da->reg : 0;
	vpu->rbus_busy = core->pipe.rtu.port_taken;
	vpu->flush = wires->flush_be;
	c906_vpu_request(&core->pipe.vpu, vpu);

	if (!wires->accesses && !wires->sync && c906_lsu_idle(&core->pipe.lsu, &core->pipe.mmu))
		return;
	lsu->entering = wires->accesses ? &wires->access : NULL;
	lsu->fp_written = core->pipe.vpu.forwarded;
	lsu->fp_writing = vpu->writing;
	lsu->holds_float = c906_vpu_holds_access(&core->pipe.vpu);
	lsu->held = core->pipe.vpu.buffer.number;
	lsu->fence = wires->fence;
	lsu->sync = wires->sync;
	c906_lsu_step(&core->pipe.lsu, &core->env, &core->pipe.mmu, lsu);
}

static void c906_core_commit(struct c906_core *core, u64 record)
{
	const struct c906_input *input = &core->records.ring[record % C906_RECORDS];
	const struct timing_host *host = &core->env.host;
	struct actions *actions = core->env.actions;

	if (actions)
		actions_report(actions, RETIRED_RECORD, core->env.now - actions->begin);
	if (actions && input->record.shadows)
		actions_report(actions, RETIRED_SHADOWS, input->record.shadows);
	if (host->commit)
		host->commit(host->ctx, input->number, core->env.now);
	core->last_commit = core->env.now;
	core->records.commit = record + 1;
}

static void c906_core_complete(struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_lsu_cycle *lsu = &wires->lsu;
	const struct timing_record *record;

	if (lsu->completes) {
		wires->completes = true;
		wires->number = lsu->number;
		wires->done = lsu->last;
	}
	if (lsu->traps) {
		record = c906_record(&core->records, lsu->number);
		wires->restart = wires->trap = wires->done = true;
		wires->next = record->next;
		core->pipe.rtu.context.after = record->after;
	}
	c906_count_cycle(core, wires);
	if (wires->completes && wires->done)
		c906_core_commit(core, wires->number);
}

static bool is_drained(const struct c906_core *core)
{
	const struct c906_pipeline *pipe = &core->pipe;
	const struct c906_iu *iu = &pipe->iu;

	return !pipe->rtu.retires && !iu->written && !pipe->ex1.valid && iu->div == C906_DIV_IDLE &&
	       !iu->mul2.valid && !iu->mul3.valid && !pipe->bju.valid && !pipe->bju.wrong_return &&
	       c906_lsu_drained(&pipe->lsu) && c906_vpu_idle(&pipe->vpu);
}

/* Stops recording actions if the trace will not be kept. */
static void look_at_actions(struct c906_core *core)
{
	if (!core->env.actions->log.refused)
		return;
	c906_action_later(&core->env);
	c906_core_resolve(core, core->env.actions);
	core->env.actions = NULL;
}

/* Returns whether an instruction, a word of code or a line has made progress. */
static bool moves_on(const struct c906_wires *wires)
{
	return wires->completes || wires->dispatches || wires->ifu.granted || wires->lsu.ag_moves ||
	       wires->lsu.fill_port;
}

static unsigned actions_so_far(const struct c906_core *core)
{
	return core->env.actions ? core->env.actions->log.count : 0;
}

void c906_core_step(struct c906_core *core)
{
	const unsigned actions = actions_so_far(core);
	const struct c906_before before = {
		.fetches = core->pipe.ifu.icache.reading,
		.iutlb = core->pipe.mmu.iutlb.state, .dutlb = core->pipe.mmu.dutlb.state,
	};
	struct c906_wires wires;

	if (is_stuck(core))
		c906_core_recover(core);
	/* The padding between fields is cleared, too, because it gets into keys. */
	memset(&wires, 0, sizeof(wires));
	c906_core_begin(core, &wires);
	c906_core_access_memory(core, &wires);
	c906_core_complete(core, &wires);
	c906_iu_results(core, &wires);
	c906_idu_decode(core, &wires);

	c906_iu_step(core, &wires);
	c906_idu_step(core, &wires);
	c906_vpu_step(&core->pipe.vpu, &wires.vpu);
	c906_bju_step(core, &wires);
	c906_rtu_step(core, &wires);
	c906_stall_dispatch(core, &wires);
	wires.ifu.id_stalls = wires.id_stalls;
	wires.ifu.lsu_requests = wires.lsu.requests_bus;
	c906_ifu_step(&core->pipe.ifu, &core->env, &core->pipe.mmu, &wires.ifu);
	c906_mmu_step(&core->pipe.mmu, &core->env);
	c906_count_events(core, &wires, &before);
	if (wires.writes_satp)
		c906_mmu_clear_utlbs(&core->env);
	core->pipe.lsu.da = wires.lsu.da;
	core->pipe.iu.written = wires.writes;
	core->pipe.rtu.port_taken = wires.writes || wires.takes_port;
	if (core->view)
		c906_view_cycle(core->view, core, &wires);
	core->env.now++;
	core->quiet = moves_on(&wires) || actions != actions_so_far(core) ? 0 : core->quiet + 1;
	core->drained = is_drained(core);
	if (core->env.actions)
		look_at_actions(core);
}
