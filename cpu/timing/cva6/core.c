/* SPDX-License-Identifier: MIT */
/* Steps a cycle of CVA6: its units, in their order. See core.h. */
#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/cva6/events.h"
#include "cpu/timing/cva6/view.h"

#include <string.h>

/* A core is stuck if it retires nothing for this many cycles, and for this many cache misses. */
#define PATIENCE 100000
#define PATIENCE_MISSES 100

#define RESET_AFTER (TIMING_FETCH_MODE | TIMING_DATA_MODE) /* machine mode */

int cva6_core_init(struct cva6_core *core, const struct cva6_params *params,
		   const struct timing_host *host)
{
	int error;

	core->params = *params;
	core->host = *host;
	error = cva6_icache_init(&core->icache, params);
	return error ? error : cva6_dcache_init(&core->dcache, params);
}

void cva6_core_free(struct cva6_core *core)
{
	cva6_icache_free(&core->icache);
	cva6_dcache_free(&core->dcache);
}

static void reset_predictors(struct cva6_core *core)
{
	memset(&core->predictors, 0, sizeof(core->predictors));
	core->predictors.bht.entries = (unsigned)core->params.bht_entries;
	core->predictors.btb.entries = (unsigned)core->params.btb_entries;
	core->predictors.ras.depth = (unsigned)core->params.ras_depth;
}

void cva6_core_reset(struct cva6_core *core, u64 pc)
{
	core->records = (struct cva6_records){ .ring = core->records.ring };
	core->last = UINT64_MAX;
	core->cycle = core->last_commit = core->wake = core->sleep = core->sleep_record = 0;
	core->quiet = 0;
	core->refills_behind = core->last_cause = CPI_FETCH;
	core->alive = core->cycles_returned = core->cycles_returned_at = 0;
	memset(&core->pipe, 0, sizeof(core->pipe));
	core->pipe.frontend.npc = pc;
	core->pipe.context.after = RESET_AFTER;
	core->pipe.axi.bus.latency = (unsigned)core->params.memory_latency;
	reset_predictors(core);
	cva6_tlbs_reset(&core->tlbs, &core->params);
	cva6_icache_reset(&core->icache);
	cva6_dcache_reset(&core->dcache);
}

void cva6_core_copy(struct cva6_core *to, const struct cva6_core *from)
{
	/* Everything before the tables is copied, except what the copy reports to. */
	const struct timing_host host = to->host;
	struct timing_tally *tally = to->tally, *seen = to->seen;
	struct cva6_view *view = to->view;

	memcpy(to, from, offsetof(struct cva6_core, predictors));
	to->host = host;
	to->tally = tally;
	to->seen = seen;
	to->view = view;
	*tally = *from->tally;
	bht_copy(&to->predictors.bht, &from->predictors.bht);
	btb_copy(&to->predictors.btb, &from->predictors.btb);
	to->predictors.ras = from->predictors.ras;
	plru_tlb_copy(&to->tlbs.itlb, &from->tlbs.itlb);
	plru_tlb_copy(&to->tlbs.dtlb, &from->tlbs.dtlb);
	cva6_icache_copy(&to->icache, &from->icache);
	cva6_dcache_copy(&to->dcache, &from->dcache);
}

void cva6_core_record_actions(struct cva6_core *core, struct actions *actions)
{
	cva6_tlbs_changed(&core->tlbs);
	if (core->actions)
		cva6_action_arbiters(core);
	core->actions = core->predictors.actions = core->icache.actions = core->dcache.actions =
		actions;
}

static bool cva6_core_misaligned(const struct cva6_entry *entry)
{
	return entry->flags & TIMING_TRAP && (entry->cause == 4 || entry->cause == 6);
}

static bool page_faults(const struct cva6_entry *entry)
{
	return entry->flags & TIMING_TRAP && (entry->cause == 13 || entry->cause == 15);
}

static bool place_is_known(const struct cva6_core *core, const struct cva6_entry *entry)
{
	return core->pipe.context.data_translated && entry->flags & TIMING_TRANSLATED && entry->pa;
}

/*
 * Returns the physical address of an access by the translation that is in force now. For an access
 * after a change that has not committed yet, that is the old one. 0: it is not known.
 */
static u64 cva6_core_place_of(const struct cva6_core *core, const struct cva6_mmu_cycle *mmu,
			      const struct cva6_entry *entry)
{
	if (place_is_known(core, entry))
		return entry->pa;
	return mmu->data_hit ? mmu->data_pa : 0;
}

static void cva6_core_translate(struct cva6_core *core, struct cva6_wires *wires)
{
	struct cva6_lsu_cycle *lsu = &wires->lsu;
	struct cva6_mmu_cycle *mmu = &wires->mmu;
	struct cva6_entry *entry = lsu->slot < 0 ? NULL : &core->pipe.sb.entry[lsu->slot];

	mmu->tlbs = &core->tlbs;
	mmu->actions = core->actions;
	mmu->context = &core->pipe.context;
	mmu->fetch_request = cva6_icache_translates(&core->icache);
	mmu->fetch_va = core->icache.vaddr & ~3ull;
	if (entry) {
		mmu->data_request = lsu->translate && !cva6_core_misaligned(entry);
		mmu->data_store = lsu->is_store && lsu->translate;
		mmu->data_fails = page_faults(entry);
		mmu->data_looks_up = true;
		mmu->data_unknown = !place_is_known(core, entry);
		mmu->data_va = entry->va;
	}
	cva6_mmu_lookup(&core->pipe.mmu, mmu);
	lsu->hit = mmu->data_hit;
	lsu->walk_failed = mmu->data_walk_failed;
	if (entry)
		entry->pa = cva6_core_place_of(core, mmu, entry);
}

/* Performs the first half of a cycle: the units' requests and results, and commit. */
static void cva6_core_begin(struct cva6_core *core, struct cva6_wires *wires)
{
	const struct cva6_entry *executing = &core->pipe.sb.entry[core->pipe.execute_slot];
	bool memory = core->pipe.executing &&
		      (executing->uop.unit == CVA6_LOAD || executing->uop.unit == CVA6_STORE);

	wires->dcache.returned = core->pipe.axi.dcache_return;
	wires->dcache.axi_accepts = cva6_axi_accepts(&core->pipe.axi.dcache, &core->params);
	wires->dcache.amo = &core->pipe.lsu.amo;
	cva6_dcache_return(&core->dcache, &wires->dcache);
	wires->lsu_ready = core->pipe.lsu.waiting_count == 0 && !core->pipe.lsu.jammed;
	wires->lsu.actions = core->actions;
	wires->lsu.entering = memory ? core->pipe.execute_slot : -1;
	cva6_lsu_request(&core->pipe.lsu, &core->pipe.sb, &wires->lsu);
	cva6_core_translate(core, wires);
	cva6_execute(core, wires);
	cva6_lsu_result(&core->pipe.lsu, &core->pipe.sb, &wires->lsu, &wires->writeback);
	cva6_atomic_answers(&core->pipe.lsu, &core->pipe.sb, &wires->lsu);
	cva6_commit(core, wires);
}

static void cva6_core_access_memory(struct cva6_core *core, struct cva6_wires *wires)
{
	const struct cva6_store_queue *committed = &core->pipe.lsu.committed;
	struct cva6_dcache_cycle *dcache = &wires->dcache;
	struct cva6_lsu_cycle *lsu = &wires->lsu;
	u8 walker = core->pipe.mmu.walker.state;

	dcache->read[CVA6_PORT_WALKER].request = wires->mmu.walker_request;
	dcache->read[CVA6_PORT_WALKER].tag_valid = core->pipe.mmu.walker.tag_valid;
	dcache->read[CVA6_PORT_WALKER].address = core->pipe.mmu.walker.pointer;
	dcache->read[CVA6_PORT_LOAD].request = lsu->load_request;
	dcache->read[CVA6_PORT_LOAD].tag_valid = lsu->tag_valid;
	dcache->read[CVA6_PORT_LOAD].kill = lsu->kill;
	dcache->read[CVA6_PORT_LOAD].id = lsu->load_id;
	if (lsu->slot >= 0)
		dcache->read[CVA6_PORT_LOAD].address = core->pipe.sb.entry[lsu->slot].pa;
	dcache->store_request = committed->count > 0;
	dcache->store = committed->store[0];
	dcache->amo_request = core->pipe.lsu.amo.valid && wires->amo_commits && !committed->count;
	cva6_dcache_step(&core->dcache, &core->params, dcache);

	wires->mmu.granted = dcache->reply[CVA6_PORT_WALKER].granted;
	wires->mmu.answered = dcache->reply[CVA6_PORT_WALKER].answered;
	wires->mmu.flush = wires->flush;
	cva6_mmu_step(&core->pipe.mmu, &core->host, &wires->mmu);

	lsu->granted = dcache->reply[CVA6_PORT_LOAD].granted;
	lsu->answered = dcache->reply[CVA6_PORT_LOAD].answered;
	lsu->answered_id = dcache->reply[CVA6_PORT_LOAD].answered_id;
	lsu->store_granted = dcache->store_granted;
	lsu->amo_done = dcache->amo_done;
	lsu->commit = wires->store_commits;
	lsu->amo_commits = wires->amo_commits;
	lsu->flush = wires->flush;
	cva6_lsu_step(&core->pipe.lsu, &core->params, &core->pipe.sb, lsu);
	cva6_count_memory(core, wires, walker);
}

/*
 * Steps the scoreboard: results are written, what commits leaves, and what was issued gets a slot.
 * Then the next instruction is decoded.
 */
static void step_scoreboard(struct cva6_core *core, struct cva6_wires *wires)
{
	cva6_issue(core, wires);
	cva6_commit_apply(core, wires);
	cva6_scoreboard_write(&core->pipe.sb, &core->params, &wires->writeback);
	cva6_scoreboard_retire(&core->pipe.sb, &core->params, wires->commits);
	core->pipe.executing = wires->issued && wires->entry.uop.unit != CVA6_NONE;
	if (wires->issued) {
		core->refills_behind = CPI_FETCH;
		core->pipe.execute_slot = (u8)cva6_scoreboard_add(&core->pipe.sb, &core->params);
		core->pipe.sb.entry[core->pipe.execute_slot] = wires->entry;
		core->pipe.decoded_valid = false;
	}
	if (!core->pipe.decoded_valid)
		core->pipe.decoded_valid =
			cva6_queue_pop(&core->pipe.frontend.queue, &core->pipe.decoded);
}

/* Steps the instruction cache. Returns whether it requests a refill from memory. */
static bool cva6_core_fetch(struct cva6_core *core, const struct cva6_wires *wires,
			    const struct cva6_queue_room *room, struct cva6_axi_request *request)
{
	struct cva6_frontend *fe = &core->pipe.frontend;
	struct cva6_icache_in in = { .request = cva6_queue_ready(room) };
	u8 icache = core->icache.state;
	struct cva6_icache_out out;
	struct cva6_scan scan;

	cva6_frontend_scan(fe, &core->predictors, core->decoder, room, &scan);
	in.kill_s1 = wires->flush || wires->resolved.mispredict || scan.replay;
	in.kill_s2 = in.kill_s1 || scan.predicted;
	in.vaddr = scan.predicted ? scan.target : fe->npc;
	in.flush = wires->flush_icache;
	in.translated = wires->mmu.fetch_valid;
	in.fault = wires->mmu.fetch_fault;
	in.paddr = wires->mmu.fetch_pa;
	in.mode = core->pipe.context.after & TIMING_FETCH_MODE;
	in.returned = core->pipe.axi.icache_return;
	in.accepts = cva6_axi_accepts(&core->pipe.axi.icache, &core->params);
	cva6_icache_step(&core->icache, &core->params, &core->host, &in, &out);
	cva6_count_fetch(core, icache, &out);
	cva6_frontend_step(fe, &core->predictors, &scan, &in, &out);
	*request = (struct cva6_axi_request){
		.type = CVA6_AXI_LOAD, .cached = core->icache.cached, .address = core->icache.paddr,
	};
	return out.miss;
}

static void cva6_core_redirect(struct cva6_core *core, const struct cva6_wires *wires)
{
	if (wires->resolved.mispredict)
		core->pipe.frontend.npc = wires->resolved.target;
	if (wires->flush)
		core->pipe.frontend.npc = wires->restart;
	if (!wires->flush && !wires->resolved.mispredict)
		return;
	core->refills_behind = wires->flush && wires->commits ? CPI_FENCE : CPI_MISPREDICT;
	cva6_queue_flush(&core->pipe.frontend.queue);
	core->pipe.decoded_valid = false;
	if (!wires->flush)
		return;
	core->records.issue = MIN(wires->restart_record, core->records.end);
	core->records.diverted = false;
	core->records.shadow = core->records.shadow_end = 0;
	cva6_scoreboard_flush(&core->pipe.sb);
	core->pipe.executing = false;
}

void cva6_core_step(struct cva6_core *core)
{
	struct cva6_queue_room room = cva6_queue_room(&core->pipe.frontend.queue, &core->params);
	struct cva6_axi_request fetched;
	struct cva6_wires wires;
	bool misses;

	memset(&wires, 0, sizeof(wires));
	cva6_core_begin(core, &wires);
	cva6_count_cycle(core, &wires);
	cva6_core_access_memory(core, &wires);
	cva6_execute_step(core, &wires);
	step_scoreboard(core, &wires);
	misses = cva6_core_fetch(core, &wires, &room, &fetched);
	cva6_predictors_learn(&core->predictors, &wires.resolved);
	cva6_action_arbitrate(&core->dcache, CVA6_ARBITER_BUS, &core->pipe.axi.rr,
			      cva6_axi_requests(&core->pipe.axi, &core->params));
	cva6_axi_step(&core->pipe.axi, &core->params, core->cycle, misses ? &fetched : NULL,
		      wires.dcache.axi_request ? &wires.dcache.request : NULL);
	if (core->view)
		cva6_view_cycle(core->view, core, &wires);
	cva6_core_redirect(core, &wires);
	core->quiet = wires.issued || wires.commits ? 0 : core->quiet + 1;
	core->cycle++;
}

static void copy_still(struct cva6_still *still, const struct cva6_core *core)
{
	memcpy(&still->pipe, &core->pipe, sizeof(still->pipe));
	memcpy(&still->icache, &core->icache, sizeof(still->icache));
	memcpy(&still->dcache, &core->dcache, sizeof(still->dcache));
}

static bool is_still(const struct cva6_still *still, const struct cva6_core *core)
{
	return !memcmp(&still->icache, &core->icache, sizeof(still->icache)) &&
	       !memcmp(&still->dcache, &core->dcache, sizeof(still->dcache)) &&
	       !memcmp(&still->pipe, &core->pipe, sizeof(still->pipe));
}

/*
 * Returns the next cycle, `now` or later, in which memory responds or the hart wakes; or
 * UINT64_MAX.
 */
static u64 next_event(const struct cva6_core *core, u64 now)
{
	u64 next = bus_port_next(&core->pipe.axi.bus, now), woken = core->wake + CVA6_WAKES;

	return woken >= now ? MIN(next, woken) : next;
}

/*
 * Empties the pipeline and restarts at the program's next instruction. This is no action that could
 * be recorded, so a trace in which it happens is not kept.
 */
static void cva6_core_recover(struct cva6_core *core)
{
	struct cva6_records *records = &core->records;
	const struct cva6_context context = core->pipe.context;
	u64 pc;

	actions_refuse(core->actions);
	if (core->view)
		cva6_view_drop(core->view, core->cycle);
	records->commit = MIN(records->commit, records->end);
	records->issue = records->commit;
	records->diverted = false;
	pc = records->commit < records->end ? cva6_record(records, records->commit)->pc :
					      cva6_record(records, records->end - 1)->next;
	memset(&core->pipe, 0, sizeof(core->pipe));
	core->pipe.context = context;
	core->pipe.frontend.npc = pc;
	core->pipe.axi.bus.latency = (unsigned)core->params.memory_latency;
	core->dcache.turned |= BIT(CVA6_ARBITER_BUS);
	core->icache.state = CVA6_ICACHE_IDLE;
	core->icache.flush_pending = false;
	cva6_dcache_idle(&core->dcache);
	core->alive = core->cycle;
}

/*
 * Returns whether the core makes no progress. No program can cause that, only a loaded state that
 * no core ever had.
 */
static bool is_stuck(const struct cva6_core *core)
{
	u64 since = MAX(core->alive, core->wake);

	return core->cycle > since && core->cycle - since > PATIENCE &&
	       core->cycle - since > PATIENCE_MISSES * core->params.memory_latency;
}

/*
 * Skips the cycles up to `cycle`, in which nothing changes. Their cause may differ from that of the
 * last cycle stepped, which may have changed something.
 */
static void cva6_core_skip(struct cva6_core *core, u64 cycle)
{
	cva6_count_idle(core, cycle - core->cycle);
	core->cycle = cycle;
	core->quiet = 0;
}

/*
 * Returns a hash of the fields that change most often. Only if it is that of the last cycle can
 * everything be unchanged.
 */
static u64 signature_of(const struct cva6_core *core)
{
	const struct cva6_pipeline *pipe = &core->pipe;
	const struct cva6_dcache *dcache = &core->dcache;
	const struct cva6_write_buffer *writes = &dcache->writes;
	const u64 words[] = {
		pipe->frontend.npc, pipe->frontend.vaddr, core->icache.vaddr,
		(u64)pipe->frontend.valid | (u64)core->icache.state << 8 |
			(u64)pipe->lsu.load_state << 16 | (u64)pipe->mmu.walker.state << 24 |
			(u64)dcache->miss.state << 32 | (u64)writes->checking << 40 |
			(u64)writes->checked << 41 | (u64)pipe->executing << 42 |
			(u64)pipe->axi.dcache_return.type << 48 | (u64)pipe->axi.writes << 56,
		(u64)dcache->port[CVA6_PORT_WALKER].state |
			(u64)dcache->port[CVA6_PORT_LOAD].state << 8 |
			(u64)writes->returned_count << 16 | (u64)pipe->axi.dcache.count << 24 |
			(u64)pipe->lsu.committed.count << 32 | (u64)pipe->sb.count << 40 |
			(u64)pipe->lsu.speculative.count << 48,
		(u64)pipe->flu.divide_count | (u64)pipe->fpu.divsqrt.left << 8 |
			(u64)dcache->miss.backoff.count << 16 |
			(u64)dcache->miss.flush_count << 32 | (u64)core->icache.flush_count << 48,
	};
	u64 signature = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(words); n++)
		signature = (signature ^ words[n]) * 0x9e3779b97f4a7c15ull;
	return signature;
}

/* Returns whether there is no instruction between decode and commit, nor anything left of one. */
static bool back_end_rests(const struct cva6_pipeline *pipe)
{
	return !pipe->sb.count && !pipe->decoded_valid && !pipe->executing &&
	       !pipe->flu.multiplied && pipe->flu.divider == CVA6_DIVIDER_IDLE &&
	       !pipe->fpu.under_way && cva6_lsu_rests(&pipe->lsu) &&
	       pipe->lsu.hit == !pipe->context.data_translated &&
	       pipe->context.data_translated == cva6_data_translated(&pipe->context);
}

/* Returns whether the front end is empty, and waits for a line from memory. */
static bool front_end_rests(const struct cva6_pipeline *pipe, const struct cva6_icache *icache)
{
	const struct cva6_queue *queue = &pipe->frontend.queue;

	return (icache->state == CVA6_ICACHE_MISS || icache->state == CVA6_ICACHE_KILL_MISS) &&
	       !pipe->frontend.valid && !icache->flush_pending && !queue->fifo[0].count &&
	       !queue->fifo[1].count;
}

/*
 * Returns whether everything waits for memory, so that no cycle changes anything before it
 * responds.
 */
static bool cva6_core_rests(const struct cva6_core *core)
{
	const struct cva6_pipeline *pipe = &core->pipe;

	return front_end_rests(pipe, &core->icache) && back_end_rests(pipe) &&
	       cva6_axi_rests(&pipe->axi, core->cycle) &&
	       (pipe->axi.bus.reads.count || pipe->axi.bus.writes.count) &&
	       !pipe->axi.icache_return && pipe->axi.dcache_return.type == CVA6_RETURN_NONE &&
	       pipe->mmu.walker.state == CVA6_WALKER_IDLE && !pipe->mmu.walker.answered &&
	       !pipe->mmu.missed && cva6_dcache_rests(&core->dcache);
}

/* Skips the cycles until something comes from outside. If nothing will, restarts the pipeline. */
static void pass_over(struct cva6_core *core)
{
	u64 next = next_event(core, core->cycle);

	if (next != UINT64_MAX)
		cva6_core_skip(core, next);
	else
		cva6_core_recover(core);
}

/*
 * Steps a cycle. If it changes nothing, all cycles after it are the same until memory responds or
 * the core is woken, and are skipped. To find out whether it did costs as much as a cycle, so the
 * fields that change most often are compared first.
 */
void cva6_core_advance(struct cva6_core *core, struct cva6_still *still)
{
	bool looks = core->quiet && core->repeats;
	u64 signature = core->signature;

	if (is_stuck(core))
		cva6_core_recover(core);
	/* After a while, nothing changes any more in the pipeline of a sleeping core. */
	if (core->wake > core->cycle && core->cycle - core->alive > PATIENCE)
		cva6_core_skip(core, core->wake);
	if (looks)
		copy_still(still, core);
	cva6_core_step(core);
	if (cva6_core_rests(core)) {
		pass_over(core);
		return;
	}
	core->signature = core->quiet ? signature_of(core) : 0;
	core->repeats = core->quiet > 1 && core->signature == signature;
	if (looks && is_still(still, core))
		pass_over(core);
}
