/* SPDX-License-Identifier: MIT */
/*
 * C906's CP0 (aq_cp0_iui.v, aq_cp0_special.v, aq_cp0_fence_inst.v): CSRs, fences, returns from
 * traps, and instructions that trap. It begins when the pipeline is empty, except with fences. See
 * core.h.
 */
#include "cpu/timing/c906/core.h"
#include "cpu/timing/memo/actions.h"

#include "cpu/isa/isa.h"

/* Cycles before an operation on caches or TLBs, and from its end to the request of the next one. */
#define STARTS 2
#define OPERATION_ENDS 4
#define TLB_WRITE 3 /* aq_mmu_tlboper.v, IVA_4K_WR and WT: an entry that was found is cleared */
#define TLB_LAST_WRITE 2 /* IASID_FIN: by ASID, the last entry of all is cleared */

static bool is_trap(const struct timing_record *record)
{
	return record->flags & TIMING_TRAP;
}

static void c906_cp0_start(struct c906_core *core, const struct timing_record *record)
{
	struct c906_ex1 *ex1 = &core->pipe.ex1;

	ex1->cp0 = C906_CP0_READY;
	ex1->until = core->env.now + STARTS;
	if (ex1->barrier || (ex1->uop.op == C906_CP0_FENCE && !is_trap(record)))
		ex1->cp0 = C906_CP0_BARRIER;
	else if (is_trap(record))
		return;
	else if (ex1->uop.op == C906_CP0_FENCE_I)
		ex1->cp0 = C906_CP0_DRAIN;
	else if (ex1->uop.op == C906_CP0_SFENCE_VMA)
		ex1->cp0 = C906_CP0_TLB;
	else if (ex1->uop.op == C906_CP0_SYNC)
		ex1->cp0 = C906_CP0_SYNCING;
	else if (record->flags & TIMING_WAITS)
		ex1->cp0 = C906_CP0_SLEEP;
	/* Operations on caches and TLBs are not among the actions of actions.h. */
	if (ex1->cp0 != C906_CP0_READY && ex1->cp0 != C906_CP0_BARRIER)
		actions_refuse(core->env.actions);
	if (ex1->cp0 != C906_CP0_SLEEP)
		return;
	ex1->until = core->env.now + core->sleep;
	core->sleep = 0;
}

/* Writes dirty lines back, as FENCE.I does before it invalidates. */
static void c906_cp0_clean(struct c906_core *core)
{
	if (!c906_lsu_empty(&core->pipe.lsu) || core->env.now < core->pipe.ex1.until)
		return;
	core->pipe.ex1.until = core->env.now + c906_lsu_clean(&core->env) + OPERATION_ENDS;
	core->pipe.ex1.cp0 = C906_CP0_INVALIDATE;
}

/*
 * Clears the TLBs: by address; by ASID alone, for which the whole joint TLB is read; or all
 * entries. The operation is requested in one cycle, and the joint TLB's arbiter accepts it in the
 * next one, or when a refill that has begun is done.
 */
static void clear_tlbs(struct c906_core *core, const struct timing_record *record)
{
	const struct c906_params *params = &core->env.params;
	bool by_va = bits(record->raw, 15, 5), by_asid = bits(record->raw, 20, 5);
	struct c906_mmu *mmu = &core->pipe.mmu;
	u64 cycles = by_va   ? params->fence_tlb_address :
		     by_asid ? params->fence_tlb_asid :
			       params->fence_tlb_all;

	if (core->env.now == core->pipe.ex1.until)
		c906_mmu_hold(mmu, &core->env, by_va, record->a);
	if (core->env.now <= core->pipe.ex1.until || mmu->walker.state != C906_WALK_IDLE)
		return;
	if (by_va)
		cycles += TLB_WRITE * c906_mmu_fence_address(&core->env, record->a);
	else if (c906_mmu_fence(&core->env, by_asid ? record->b : 0))
		cycles += TLB_LAST_WRITE;
	core->pipe.ex1.until = core->env.now - 1 + cycles;
	/* If all entries are cleared, CP0 gets the signal at once, else a cycle later. */
	mmu->held = core->pipe.ex1.until - OPERATION_ENDS + 1 + (!by_va && !by_asid);
	core->pipe.ex1.cp0 = C906_CP0_INVALIDATE;
}

/*
 * Steps the invalidation of the instruction cache. CP0 learns a cycle later that it begins or ends.
 */
static void c906_cp0_invalidate(struct c906_core *core)
{
	struct c906_icache *icache = &core->pipe.ifu.icache;
	struct c906_ex1 *ex1 = &core->pipe.ex1;

	if (core->env.now < ex1->until)
		return;
	if (ex1->cp0 == C906_CP0_INVALIDATE) {
		c906_icache_invalidate(icache);
		ex1->cp0 = C906_CP0_INVALIDATING;
	} else if (icache->invalidation == C906_INVALIDATION_NONE) {
		ex1->cp0 = C906_CP0_LAST;
		ex1->until = core->env.now + 1;
	}
}

/* Steps an operation of several cycles. Returns whether it is done. */
static bool c906_cp0_proceed(struct c906_core *core, struct c906_wires *wires,
			     const struct timing_record *record)
{
	struct c906_ex1 *ex1 = &core->pipe.ex1;
	bool ends = core->env.now >= ex1->until;

	switch (ex1->cp0) {
	case C906_CP0_DRAIN:
		/* Caches are requested to synchronize (aq_lsu_icc.v, icc_xx_sync_req). */
		wires->fence = wires->sync = ends;
		c906_cp0_clean(core);
		return false;
	case C906_CP0_TLB:
		clear_tlbs(core, record);
		return false;
	case C906_CP0_INVALIDATE:
	case C906_CP0_INVALIDATING:
		c906_cp0_invalidate(core);
		return false;
	case C906_CP0_BARRIER:
		wires->fence = true;
		return c906_lsu_empty(&core->pipe.lsu);
	case C906_CP0_SYNCING:
		wires->fence = wires->sync = true;
		c906_lsu_allocate(&core->pipe.lsu, &core->env);
		/*
		 * A fence does not wait for the bus, but SYNC does (aq_lsu_top.v,
		 * lsu_cp0_sync_ack).
		 */
		if (!c906_lsu_empty(&core->pipe.lsu) ||
		    c906_biu_writes_done(&core->env.biu) > core->env.now)
			ex1->until = core->env.now + STARTS;
		return ends;
	case C906_CP0_LAST:
		return ends;
	case C906_CP0_SLEEP:
		wires->sleeps = !ends;
		return ends;
	default:
		return true;
	}
}

static void write_csr(struct c906_core *core, struct c906_wires *wires,
		      const struct timing_record *record)
{
	wires->csr_result = core->pipe.ex1.uop.rd;
	if (!core->pipe.ex1.uop.writes_csr)
		return;
	wires->restart = true;
	if (core->pipe.ex1.uop.csr != C906_CSR_SATP)
		return;
	actions_refuse(core->env.actions);
	core->pipe.rtu.context.satp = record->a;
	wires->writes_satp = true;
}

static void c906_cp0_finish(struct c906_core *core, struct c906_wires *wires,
			    const struct timing_record *record)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	/* An atomic traps in the LSU, not in the part that waits for other accesses. */
	if (ex1->barrier)
		return;
	if (is_trap(record))
		wires->restart = wires->trap = true;
	else if (ex1->uop.op == C906_CP0_CSR)
		write_csr(core, wires, record);
	else if (ex1->uop.op != C906_CP0_FENCE && ex1->last)
		wires->restart = true;
	if (ex1->last && record->next != record->pc + insn_length(record->raw))
		wires->restart = true;
	if (!wires->restart)
		return;
	wires->next = record->next;
	core->pipe.rtu.context.after = record->after;
}

void c906_cp0_execute(struct c906_core *core, struct c906_wires *wires)
{
	const struct timing_record *record = c906_record(&core->records, core->pipe.ex1.number);

	if (core->pipe.ex1.cp0 == C906_CP0_IDLE)
		c906_cp0_start(core, record);
	if (!c906_cp0_proceed(core, wires, record)) {
		wires->stalls = true;
		return;
	}
	wires->completes = true;
	c906_cp0_finish(core, wires, record);
}
