/* SPDX-License-Identifier: MIT */
/* A cycle of C906: the order in which its parts speak. See core.h. */
#include "cpu/timing/c906/events.h"

#include <string.h>

/* Without a dispatch for so long, fetch and the records do not agree on the code. */
#define LOST 16384
#define LOST_READS 64 /* and so many reads of memory */

void c906_core_init(struct c906_core *core, const struct c906_params *params,
		    const struct timing_host *host)
{
	core->env.params = *params;
	core->env.host = *host;
	core->ifu.decoder.isa = host->isa;
}

void c906_core_reset(struct c906_core *core, u64 pc)
{
	const struct isa *isa = core->ifu.decoder.isa;
	const struct c906_env env = core->env;
	struct c906_view *view = core->view;

	memset(core, 0, sizeof(*core));
	core->env.params = env.params;
	core->env.host = env.host;
	core->env.tally = env.tally;
	core->env.seen = env.seen;
	core->view = view;
	core->ifu.decoder.isa = isa;
	c906_ifu_reset(&core->ifu, 0);
	c906_mmu_reset(&core->mmu);
	core->rtu.context = core->mmu.context;
	core->refills_behind = core->starves = SPENT_FETCH;
	core->drained = core->starts = true;
	core->start_pc = pc;
}

bool c906_core_starves(const struct c906_core *core)
{
	const struct c906_ex1 *ex1 = &core->ex1;
	bool waits = ex1->valid && !ex1->strayed && ex1->uop.unit == C906_CP0 &&
		     ex1->uop.op == C906_CP0_WFI && ex1->cp0 == C906_CP0_IDLE &&
		     c906_record(&core->records, ex1->number)->flags & TIMING_WAITS;

	return core->records.issue == core->records.end || (waits && !core->sleep_known);
}

/* Code that changed under the core's feet: begin again at the next record. */
static void find_way(struct c906_core *core)
{
	const struct c906_records *records = &core->records;
	u64 limit = LOST + LOST_READS * core->env.params.memory_latency;

	if (core->env.now < core->last_dispatch + limit || core->ex1.valid ||
	    records->issue == records->end)
		return;
	core->starts = true;
	core->start_pc = c906_record(records, records->issue)->pc;
	core->last_dispatch = core->env.now;
}

static void begin(struct c906_core *core, struct c906_wires *wires)
{
	c906_rtu_begin(core, wires);
	if (core->starts) {
		c906_redirect(core, wires, core->start_pc, core->records.issue);
		core->refills_behind = SPENT_FETCH;
	}
	core->starts = false;
	c906_bju_resolve(core, wires);
	c906_ex1_execute(core, wires);
}

static void access_memory(struct c906_core *core, struct c906_wires *wires)
{
	struct c906_vpu_cycle *vpu = &wires->vpu;
	struct c906_lsu_cycle *lsu = &wires->lsu;
	const struct c906_da *da = &core->lsu.da;

	vpu->loaded = da->valid && da->reg >= C906_F ? da->reg : 0;
	vpu->rbus_busy = core->iu.written;
	vpu->flush = wires->flush_be;
	c906_vpu_ask(&core->vpu, vpu);

	lsu->entering = wires->accesses ? &wires->access : NULL;
	lsu->fp_written = core->vpu.forwarded;
	lsu->fp_writing = vpu->writing;
	lsu->holds_float = core->vpu.buffer.valid && core->vpu.buffer.load;
	lsu->held = core->vpu.buffer.number;
	lsu->fence = wires->fence;
	lsu->sync = wires->sync;
	c906_lsu_step(&core->lsu, &core->env, &core->mmu, lsu);
}

static void commit(struct c906_core *core, u64 record)
{
	const struct timing_host *host = &core->env.host;

	if (host->commit)
		host->commit(host->ctx, core->records.number[record % C906_RECORDS], core->env.now);
	core->last_commit = core->env.now;
	core->records.commit = record + 1;
}

static void complete(struct c906_core *core, struct c906_wires *wires)
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
		core->rtu.context.after = record->after;
	}
	c906_count_cycle(core, wires);
	if (wires->completes && wires->done)
		commit(core, wires->number);
}

static bool is_drained(const struct c906_core *core)
{
	const struct c906_iu *iu = &core->iu;

	return !core->rtu.retires && !iu->written && !core->ex1.valid &&
	       iu->div == C906_DIV_IDLE && !iu->mul2.valid && !iu->mul3.valid &&
	       !core->bju.valid && !core->bju.wrong_return && c906_lsu_drained(&core->lsu) &&
	       c906_vpu_idle(&core->vpu);
}

void c906_core_step(struct c906_core *core)
{
	const struct c906_before before = {
		.fetches = core->ifu.icache.reading,
		.iutlb = core->mmu.iutlb.state, .dutlb = core->mmu.dutlb.state,
	};
	struct c906_wires wires = { 0 };

	find_way(core);
	begin(core, &wires);
	access_memory(core, &wires);
	complete(core, &wires);
	c906_iu_results(core, &wires);
	c906_idu_decode(core, &wires);

	if (wires.dispatches && !wires.entry.strayed)
		core->last_dispatch = core->env.now;
	c906_iu_step(core, &wires);
	c906_idu_step(core, &wires);
	c906_vpu_step(&core->vpu, &wires.vpu);
	c906_bju_step(core, &wires);
	c906_rtu_step(core, &wires);
	c906_blame_dispatch(core, &wires);
	wires.ifu.id_stalls = wires.id_stalls;
	wires.ifu.lsu_asks = wires.lsu.asks_bus;
	c906_ifu_step(&core->ifu, &core->env, &core->mmu, &wires.ifu);
	c906_mmu_step(&core->mmu, &core->env);
	c906_count_events(core, &wires, &before);
	if (wires.writes_satp)
		c906_mmu_clear_utlbs(&core->mmu);
	core->lsu.da = wires.lsu.da;
	core->iu.written = wires.writes;
	if (core->view)
		c906_view_cycle(core->view, core, &wires);
	core->env.now++;
	core->drained = is_drained(core);
}
