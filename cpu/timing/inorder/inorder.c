/* SPDX-License-Identifier: MIT */
/*
 * Kind `inorder` models cores that issue in order, by timestamps: the cycles of fetch, issue,
 * result and retirement of an instruction are computed from those of earlier instructions, in one
 * pass, without a loop over cycles. A core file gives the parameters (params.def).
 */
#include "cpu/timing/inorder/replay.h"
#include "cpu/timing/inorder/tables.h"

#include <errno.h>
#include <stdlib.h>

/* Numbers of CSRs. Those from 1 up to FCSR are fflags, frm and fcsr. */
enum { FCSR = 0x003, SSTATUS = 0x100, MSTATUS = 0x300 };

static const struct timing_param params_table[] = {
#define PARAM TIMING_PARAM
#include "cpu/timing/inorder/params.def"
#undef PARAM
};
TIMING_PARAMS_CHECK(params_table, sizeof(struct inorder_params) / sizeof(u64),
		    offsetof(struct inorder_params, core_clock));

/* An instruction in flight. */
struct in_flight {
	const struct timing_record *record;
	const struct inorder_uop *uop;
	struct inorder_guess guess;
	struct inorder_place place;
	enum timing_cause room; /* the cause that it waits for room in its unit, if it does */
	u64 fetched, popped, issued, operands, result, retired; /* cycles */
	u64 waits; /* how many cycles a store, or a vector instruction, waits before it retires */
};

struct inorder_model {
	struct inorder core;
	struct inorder_replay replay;
};

static struct inorder *inorder_model_of(struct timing_model *model)
{
	return container_of(model, struct inorder, model);
}

static struct inorder_replay *replay_of(struct inorder *core)
{
	return &container_of(core, struct inorder_model, core)->replay;
}

static void inorder_free(struct timing_model *model)
{
	struct inorder *core = inorder_model_of(model);

	inorder_front_free(&core->front);
	inorder_data_free(&core->data);
	inorder_mmu_free(&core->mmu);
	inorder_memory_free(&core->memory);
	inorder_state_free(&core->state);
	inorder_replay_free(replay_of(core));
	free(core->stages);
	free(container_of(core, struct inorder_model, core));
}

static void inorder_model_pre_save(void *core)
{
	inorder_replay_show(replay_of(core));
}

static int inorder_model_loaded(void *core)
{
	inorder_replay_reset(replay_of(core));
	return inorder_state_loaded(core);
}

static struct timing_model *inorder_create(const struct timing_core *description,
					   const struct timing_host *host)
{
	/* The values are in the order of params.def. */
	const struct inorder_params *params = (const struct inorder_params *)description->values;
	struct inorder_model *model = calloc(1, sizeof(*model));
	struct inorder *core;
	int error;

	if (!model)
		return NULL;
	core = &model->core;
	core->params = params;
	core->host = *host;
	core->reader = (struct timing_host){
		.ctx = core, .read = inorder_actions_read, .watch_code = inorder_actions_watch,
	};
	core->actions.core = core;
	core->front.actions = core->lsu.actions = core->vector.actions = &core->actions;
	core->front.report = &core->report;
	core->report.host = &core->host;
	core->report.tally = &core->model.tally;
	core->lsu.params = core->vector.params = params;
	inorder_decoder_init(&core->decoder, host->isa);
	core->front.memory = core->data.memory = &core->memory;
	core->front.mmu = core->data.mmu = &core->mmu;
	core->front.decoder = &core->decoder;
	core->mmu.data = &core->data;
	core->mmu.host = &core->reader;
	core->front.tally = core->data.tally = &core->model.tally;
	core->memory.tally = core->mmu.tally = &core->model.tally;
	error = inorder_front_init(&core->front, params);
	error |= inorder_data_init(&core->data, params, host->coherence);
	error |= inorder_mmu_init(&core->mmu, params);
	error |= inorder_memory_init(&core->memory, params, host->coherence);
	error |= inorder_replay_init(&model->replay, core);
	model->replay.off = description->stepped;
	if (!error &&
	    inorder_state_init(&core->state, inorder_model_pre_save, inorder_model_loaded))
		return &core->model;
	inorder_free(&core->model);
	return NULL;
}

static void inorder_reset(struct timing_model *model, u64 pc)
{
	struct inorder *core = inorder_model_of(model);

	(void)pc;
	core->records = 0;
	inorder_memory_reset(&core->memory);
	inorder_mmu_reset(&core->mmu);
	inorder_data_reset(&core->data);
	inorder_lsu_reset(&core->lsu);
	inorder_vector_reset(&core->vector);
	inorder_front_reset(&core->front);
	inorder_issue_reset(&core->issue, core->params);
	core->blame = (struct inorder_stall){ 0 };
	inorder_replay_reset(replay_of(core));
	if (core->stages)
		timing_stages_reset(core->stages);
}

static void inorder_step_all(struct timing_model *model)
{
	inorder_replay_synchronize(replay_of(inorder_model_of(model)));
	replay_of(inorder_model_of(model))->off = true;
}

static int inorder_watch(struct timing_model *model, const struct timing_viewer *viewer)
{
	struct timing_stages *stages = calloc(1, sizeof(*stages));

	if (!stages)
		return -ENOMEM;
	stages->viewer = *viewer;
	inorder_model_of(model)->stages = stages;
	/* Only traces that are stepped report to a viewer. */
	inorder_step_all(model);
	return 0;
}

static void inorder_enter(struct timing_model *model, const struct timing_context *context)
{
	struct inorder *core = inorder_model_of(model);

	core->mmu.satp = context->satp;
	core->mmu.vsatp = context->vsatp;
	core->mmu.hgatp = context->hgatp;
	core->mmu.after = context->after;
	if (context->running)
		inorder_front_restart(&core->front, 0, CPI_FETCH);
}

/* Returns when the instruction's unit has room for it, and the cause that it has none before. */
static struct inorder_room room_of(struct inorder *core, const struct in_flight *insn)
{
	struct inorder_lsu *lsu = &core->lsu;
	bool accesses = insn->record->flags & (TIMING_LOAD | TIMING_STORE);
	u64 cycle;

	switch (insn->uop->unit) {
	case INORDER_LOAD:
	case INORDER_STORE:
	case INORDER_AMO:
		return inorder_lsu_room(lsu, insn->uop, core->issue.issued[0]);
	case INORDER_VECTOR:
		cycle = inorder_vector_room(&core->vector);
		return accesses && lsu->fenced > cycle ?
			       (struct inorder_room){ lsu->fenced, CPI_FENCE } :
			       (struct inorder_room){ cycle, CPI_VECTOR };
	default:
		return (struct inorder_room){ 0, CPI_ISSUE };
	}
}

/* Returns the cycles that depend on the values of an instruction's operands. */
static u64 inorder_steps_of(struct inorder *core, const struct in_flight *insn)
{
	const struct inorder_action action = {
		.kind = INORDER_ACTION_STEPS,
		.which = (u8)core->actions.values,
		.a = insn->uop->raw,
	};

	return inorder_issue_has_steps(core->params, insn->uop) ?
		       inorder_do(&core->actions, &action) :
		       0;
}

static u64 inorder_pass_store(struct inorder *core, struct in_flight *insn)
{
	u64 retires = inorder_issue_done(&core->issue, insn->issued, insn->issued);

	if (insn->record->flags & TIMING_TRAP)
		return inorder_lsu_place(&core->lsu, insn->record, insn->issued);
	return inorder_lsu_store(&core->lsu, insn->record, insn->issued,
				 MAX(retires, core->issue.last), &insn->waits);
}

static u64 pass_vector(struct inorder *core, struct in_flight *insn)
{
	u64 result;

	if (insn->record->flags & TIMING_TRAP)
		return insn->issued + 1;
	result = inorder_vector_execute(&core->vector, insn->uop, insn->issued, &insn->waits);
	inorder_issue_hold(&core->issue, insn->issued + insn->waits);
	return result;
}

static u64 inorder_execute(struct inorder *core, struct in_flight *insn)
{
	struct inorder_lsu *lsu = &core->lsu;

	switch (insn->uop->unit) {
	case INORDER_LOAD:
		return inorder_lsu_load(lsu, insn->record, insn->issued);
	case INORDER_STORE:
		return inorder_pass_store(core, insn);
	case INORDER_AMO:
		return core->params->amo_memory ?
			       inorder_lsu_place(lsu, insn->record, insn->issued) :
			       inorder_lsu_atomic(lsu, insn->record, insn->issued);
	case INORDER_VECTOR:
		return pass_vector(core, insn);
	case INORDER_VSET:
		inorder_vector_configure(&core->vector, insn->issued);
		break;
	default:
		break;
	}
	return inorder_issue_execute(&core->issue, insn->uop, inorder_steps_of(core, insn),
				     insn->issued);
}

/* Returns whether the instructions after this one are fetched again once it has retired. */
static bool inorder_flushes(const struct inorder *core, const struct in_flight *insn)
{
	const struct inorder_uop *uop = insn->uop;

	switch (uop->unit) {
	case INORDER_AMO:
		return core->params->amo_memory;
	case INORDER_FENCE:
		return core->params->fence_flush;
	case INORDER_FENCE_I:
	case INORDER_SFENCE:
	case INORDER_XRET:
	case INORDER_WAIT:
		return true;
	case INORDER_CSR:
		break;
	default:
		return false;
	}
	if (!uop->writes_csr || core->params->csr_flush != INORDER_FLUSH_STATUS)
		return uop->writes_csr && core->params->csr_flush == INORDER_FLUSH_ALWAYS;
	return uop->csr <= FCSR || uop->csr == MSTATUS || uop->csr == SSTATUS ||
	       uop->csr == INORDER_CSR_SATP;
}

/* Returns when the instruction could retire, and performs the accesses that it makes only then. */
static u64 inorder_finish(struct inorder *core, const struct in_flight *insn)
{
	const struct timing_record *record = insn->record;
	u64 cycle = inorder_issue_done(&core->issue, insn->issued, insn->result);

	cycle = MAX(cycle, core->issue.last);
	if (record->flags & TIMING_TRAP)
		return cycle;
	switch (insn->uop->unit) {
	case INORDER_STORE:
	case INORDER_VECTOR:
		return cycle + insn->waits;
	case INORDER_AMO:
		return core->params->amo_memory ?
			       inorder_lsu_in_memory(&core->lsu, cycle, record) :
			       inorder_lsu_end_atomic(&core->lsu, insn->uop, cycle);
	case INORDER_FENCE:
		return inorder_lsu_fence(&core->lsu, cycle);
	case INORDER_FENCE_I:
	case INORDER_SFENCE:
		return inorder_lsu_drain(&core->lsu, cycle);
	default:
		return cycle;
	}
}

/* Sets the cycle from which on instructions that read this one's result may be issued. */
static void inorder_publish(struct inorder *core, const struct in_flight *insn)
{
	const struct inorder_uop *uop = insn->uop;
	bool late = (uop->unit == INORDER_AMO && core->params->amo_memory) ||
		    (uop->unit == INORDER_CSR && core->params->csr_result);

	if (uop->rd && !(insn->record->flags & TIMING_TRAP))
		core->issue.ready[uop->rd] = late ? insn->retired + 1 : insn->result;
	if (uop->unit == INORDER_CSR && core->params->csr_result)
		core->issue.csr = insn->retired;
}

/*
 * Redirects fetch after a misprediction or a flush: the wrong path is fetched until `until`, and
 * the first right word is requested in `ask`.
 */
static void inorder_redirect(struct inorder *core, const struct in_flight *insn, u64 until, u64 ask)
{
	enum timing_cause cause =
		insn->uop->flow == INORDER_ON || insn->record->flags & TIMING_TRAP ? CPI_FENCE :
										     CPI_MISPREDICT;
	const struct inorder_params *params = core->params;
	const struct timing_record *record = insn->record;
	u64 sequential = insn->uop->flow == INORDER_RETURN ?
				 core->front.word + params->fetch_width :
				 record->pc + insn->uop->length;
	struct inorder_front *front = &core->front;
	bool taken = insn->guess.taken;
	struct inorder_wrong_path wrong = {
		.pc = taken ? insn->guess.target : sequential, .at = front->at,
		.word = taken ? UINT64_MAX : front->word, .ask = inorder_front_next(front),
		.until = until, .room = params->queue_depth,
	};

	if (taken)
		wrong.ask += insn->guess.bubbles;
	if (insn->uop->flow == INORDER_ON)
		wrong.room += params->issue_window;
	if (params->fetch_stray && insn->uop->unit != INORDER_XRET) {
		u64 again = inorder_front_fetch_wrong_path(front, &wrong);

		ask = MAX(ask, again);
	}
	inorder_front_restart(front, ask, cause);
}

static void inorder_resolve(struct inorder *core, const struct in_flight *insn)
{
	const struct inorder_params *params = core->params;
	const struct timing_record *record = insn->record;
	bool jumps = insn->uop->flow != INORDER_COND || record->flags & TIMING_TAKEN;
	bool missed = insn->guess.taken != jumps || (jumps && insn->guess.target != record->next);
	u64 known = insn->operands + params->branch_resolve;

	timing_count(core->report.tally, TIMING_BRANCH);
	if (missed)
		timing_count(core->report.tally, TIMING_MISPREDICT);
	if (missed)
		inorder_redirect(core, insn, known, known + params->branch_restart);
	else if (jumps)
		inorder_front_follow(&core->front, insn->guess.bubbles);
}

/* Flushes all instructions after this one. Fetch begins again `restart` cycles after it retires. */
static void inorder_flush(struct inorder *core, const struct in_flight *insn, u64 restart)
{
	u64 ask = insn->retired + restart;

	inorder_redirect(core, insn, insn->retired, ask);
	inorder_issue_flush(&core->issue, insn->retired);
	inorder_lsu_flush(&core->lsu);
	if (insn->uop->unit == INORDER_FENCE_I) {
		inorder_do(&core->actions, &(struct inorder_action){ .kind = INORDER_ACTION_EMPTY,
								     .how = MEMO_CHANGES });
		core->front.ask += core->params->fence_icache;
	} else if (insn->uop->unit == INORDER_SFENCE) {
		inorder_tables_forget(core, insn->record, insn->uop);
	}
}

static void update_state(struct inorder *core, const struct in_flight *insn)
{
	inorder_tables_write_csr(core, insn->record, insn->uop);
	if (core->mmu.after != insn->record->after)
		core->front.known = 0;
	core->mmu.after = insn->record->after;
}

/* Retires an interrupt, which is taken in place of an instruction, and returns the cycle. */
static u64 inorder_interrupt(struct inorder *core, const struct timing_record *record)
{
	u64 cycle = inorder_issue_retire(&core->issue, core->issue.last + 1);

	inorder_attribute(&core->report, CPI_FENCE, 1);
	inorder_issue_flush(&core->issue, cycle);
	inorder_lsu_flush(&core->lsu);
	inorder_front_restart(&core->front, cycle + core->params->trap_restart, CPI_FENCE);
	inorder_front_pop(&core->front, cycle, false);
	core->mmu.after = record->after;
	return cycle;
}

/* Takes an instruction from fetch to issue. */
static void inorder_fetch_and_issue(struct inorder *core, struct in_flight *insn)
{
	const struct timing_record *record = insn->record;
	const struct inorder_uop *uop = insn->uop;
	struct inorder_room room;
	struct inorder_jump jump = {
		.pc = record->pc, .uop = uop, .done = !(record->flags & TIMING_TRAP),
		.taken = record->flags & TIMING_TAKEN,
	};

	insn->fetched = inorder_front_fetch(&core->front, record->pc, uop);
	insn->popped = inorder_issue_pop(&core->issue, insn->fetched);
	room = room_of(core, insn);
	insn->room = room.cause;
	insn->place = inorder_issue_place(&core->issue, uop, room.cycle);
	insn->issued = insn->place.issued;
	insn->operands = inorder_issue_operands(&core->issue, uop, insn->issued);
	/* The cycle that resolves a jump does not depend on its prediction. */
	jump.known = insn->operands + core->params->branch_resolve;
	inorder_front_guess(&core->front, &jump, insn->fetched, &insn->guess);
	inorder_front_pop(&core->front, insn->popped, inorder_front_is_jump(uop, &insn->guess));
}

/* Attributes the cycles since the last retirement. */
static void attribute_stall(struct inorder *core, const struct in_flight *insn, u64 before)
{
	const struct inorder_life life = {
		.uop = insn->uop, .before = before, .popped = insn->popped,
		.place = &insn->place, .retired = insn->retired,
		.quick = core->params->issue_retire + !!core->params->issue_window,
		.access = core->lsu.cause, .walked = core->lsu.walked, .fetch = core->front.cause,
		.room = insn->room,
	};

	inorder_stall_retire(&core->blame, &core->report, &life);
	core->lsu.walked = 0;
}

/* Reports all steps of an instruction to the viewer, except stages that took no cycle. */
static void inorder_show(struct inorder *core, const struct in_flight *insn)
{
	const struct timing_way way = {
		.id = core->stages->next++, .pc = insn->record->pc, .record = core->records,
	};
	u64 done = MAX(insn->result, insn->issued + 1), left = insn->retired + 1;
	bool memory = insn->record->flags & (TIMING_LOAD | TIMING_STORE);

	timing_stages_report(core->stages, &way, TIMING_FETCHED, insn->fetched);
	if (insn->popped > insn->fetched && insn->issued > insn->popped)
		timing_stages_report(core->stages, &way, TIMING_WAITS_ISSUE, insn->popped);
	if (insn->issued > insn->fetched)
		timing_stages_report(core->stages, &way, memory ? TIMING_ACCESSES : TIMING_EXECUTES,
				     insn->issued);
	if (done < left)
		timing_stages_report(core->stages, &way, TIMING_COMPLETE, done);
	timing_stages_report(core->stages, &way, TIMING_RETIRED, left);
}

static u64 inorder_pass(struct inorder *core, const struct timing_record *record)
{
	struct inorder_uop uop;
	struct in_flight insn = { .record = record, .uop = &uop };
	u64 before = core->issue.last;

	if (record->flags & TIMING_INTERRUPT)
		return inorder_interrupt(core, record);
	/* The entry is copied, because decoding a wrong path may overwrite it. */
	uop = *inorder_decode(&core->decoder, record->flags & TIMING_FETCH ? 0 : record->raw);
	inorder_fetch_and_issue(core, &insn);
	insn.result = inorder_execute(core, &insn);
	insn.retired = inorder_issue_retire(&core->issue, inorder_finish(core, &insn));
	inorder_publish(core, &insn);
	attribute_stall(core, &insn, before);
	if (core->stages)
		inorder_show(core, &insn);
	if (record->flags & TIMING_TRAP)
		inorder_flush(core, &insn, core->params->trap_restart);
	else if (insn.uop->flow != INORDER_ON)
		inorder_resolve(core, &insn);
	else if (inorder_flushes(core, &insn))
		inorder_flush(core, &insn, core->params->flush_restart);
	update_state(core, &insn);
	return insn.retired;
}

void inorder_step(struct inorder *core, const struct timing_record *record)
{
	u64 cycle = inorder_pass(core, record);

	timing_tally_retire(core->report.tally, record, cycle);
	if (!core->report.host)
		retired_add(&core->report.list, RETIRED_RECORD, cycle - core->actions.begin);
	else if (core->host.commit)
		core->host.commit(core->host.ctx, core->records, cycle);
	core->records += 1u + record->shadows;
	core->next = record->next;
}

static void inorder_consume(struct timing_model *model, const struct timing_record *records,
			    unsigned count)
{
	struct inorder *core = inorder_model_of(model);

	/* Shadows are not simulated. */
	for (unsigned n = 0; n < count; n += 1u + records[n].shadows)
		inorder_replay_record(replay_of(core), &records[n]);
}

static void inorder_runs(struct timing_model *model, const struct timing_run *run,
			 const struct timing_run *end)
{
	inorder_replay_runs(replay_of(inorder_model_of(model)), run, end);
}

static u64 inorder_cycles(struct timing_model *model)
{
	return inorder_model_of(model)->issue.last;
}

static void inorder_add_up(struct timing_model *model)
{
	inorder_replay_count(replay_of(inorder_model_of(model)));
}

static const struct timing_tally *inorder_tally(struct timing_model *model)
{
	inorder_add_up(model);
	return &model->tally;
}

static void inorder_wake(struct timing_model *model, u64 cycles)
{
	struct inorder *core = inorder_model_of(model);

	inorder_replay_synchronize(replay_of(core));
	core->issue.last += cycles;
	inorder_issue_flush(&core->issue, core->issue.last);
	inorder_front_restart(&core->front, core->issue.last + core->params->flush_restart,
			      CPI_SLEEP);
	inorder_attribute(&core->report, CPI_SLEEP, cycles);
}

static const struct memo_stats *inorder_memo(const struct timing_model *model)
{
	return &replay_of(inorder_model_of((struct timing_model *)model))->memo.stats;
}

static void inorder_register_state(struct timing_model *model, struct state *state,
				   const char *name)
{
	inorder_state_register(inorder_model_of(model), state, name);
}

const struct timing_kind timing_inorder = {
	.name = "inorder",
	.params = params_table,
	.count = ARRAY_SIZE(params_table),
	.lacks = "vector",
	.contradiction = inorder_contradiction,
	.vlen = inorder_vlen,
	.create = inorder_create,
	.free = inorder_free,
	.reset = inorder_reset,
	.enter = inorder_enter,
	.consume = inorder_consume,
	.runs = inorder_runs,
	.cycles = inorder_cycles,
	.most = inorder_most,
	.tally = inorder_tally,
	.add_up = inorder_add_up,
	.wake = inorder_wake,
	.memo = inorder_memo,
	.register_state = inorder_register_state,
	.watch = inorder_watch,
	.step_all = inorder_step_all,
};
