/* SPDX-License-Identifier: MIT */
/* C906's decode and dispatch (aq_idu_id_ctrl.v, aq_idu_id_split.v, aq_idu_id_wbt.v). See core.h. */
#include "cpu/timing/c906/core.h"

#include "cpu/hart/exception.h"

static u8 producer_of(u8 unit)
{
	if (c906_is_load(unit))
		return C906_BY_LSU;
	switch (unit) {
	case C906_MUL:
		return C906_BY_MUL;
	case C906_ALU:
	case C906_AUIPC:
	case C906_JAL:
	case C906_JALR:
		return C906_BY_ALU;
	case C906_DIV:
		return C906_BY_DIV;
	case C906_FP:
		return C906_BY_VPU;
	default:
		return C906_BY_CP0;
	}
}

/* Returns the integer register that an instruction writes, or 0. */
static u8 c906_idu_destination(const struct c906_uop *uop)
{
	return uop->rd < C906_F ? uop->rd : 0;
}

/* Returns whether the value of an integer register is written to the file in this cycle. */
static bool is_written(const struct c906_core *core, const struct c906_wires *wires, u8 reg)
{
	return reg && (core->pipe.iu.written == reg || wires->vpu.to_integer == reg ||
		       c906_da_has(&core->pipe.lsu, reg));
}

static bool is_valid(const struct c906_core *core, const struct c906_wires *wires, u8 reg)
{
	u8 pending = core->pipe.scoreboard.pending[reg];

	return !pending || (pending == 1 && is_written(core, wires, reg));
}

/* Returns whether the register's value comes out of a unit in this cycle. */
static bool is_forwarded(const struct c906_wires *wires, u8 reg)
{
	return wires->result == reg || wires->product == reg || wires->lsu.data == reg;
}

/*
 * Returns whether at most one result for the register is still to come, though there were several
 * from the same unit.
 */
static bool has_one(const struct c906_core *core, const struct c906_wires *wires, u8 reg)
{
	u8 pending = core->pipe.scoreboard.pending[reg];

	return pending <= 1 || (pending == 2 && is_written(core, wires, reg));
}

static bool has_source(const struct c906_core *core, const struct c906_wires *wires,
		       const struct c906_uop *uop, unsigned n)
{
	const struct c906_scoreboard *board = &core->pipe.scoreboard;
	u8 reg = uop->x[n], producer = board->producer[reg];
	bool late = producer == C906_BY_LSU || producer == C906_BY_MUL;

	if (!reg || is_valid(core, wires, reg) || producer == C906_BY_ALU)
		return true;
	/* A branch waits for a load in its own unit, and a store for its data in the LSU. */
	if (producer == C906_BY_LSU && uop->unit == C906_BRANCH && board->pending[reg] <= 1)
		return true;
	if (is_forwarded(wires, reg) && !(late && board->pending[reg] == 2))
		return true;
	return producer == C906_BY_LSU && n == C906_DATA && has_one(core, wires, reg);
}

static bool may_write(const struct c906_core *core, const struct c906_wires *wires,
		      const struct c906_uop *uop)
{
	u8 reg = c906_idu_destination(uop), before = core->pipe.scoreboard.producer[reg];
	bool ordered = before == C906_BY_LSU || before == C906_BY_MUL;

	if (!reg || is_valid(core, wires, reg) || before == C906_BY_ALU)
		return true;
	return ordered && before == producer_of(uop->unit) && has_one(core, wires, reg);
}

static bool is_tlb_fence(const struct c906_uop *uop)
{
	return uop->unit == C906_CP0 && uop->op == C906_CP0_SFENCE_VMA;
}

/*
 * Returns the number of parts into which an instruction is split. An atomic with ordering has
 * barriers before it (release) and after it (acquire). SFENCE.VMA is followed by a synchronization.
 * The buffer holds an instruction until its last part is dispatched.
 */
static unsigned parts_of(const struct c906_uop *uop)
{
	if (is_tlb_fence(uop))
		return 2;
	return c906_is_atomic(uop->unit) ? 1u + uop->acquires + uop->releases : 1;
}

static void c906_idu_cut(const struct c906_core *core, struct c906_ex1 *entry)
{
	unsigned part = core->pipe.scoreboard.part, parts = parts_of(&entry->uop);

	entry->last = part + 1 == parts;
	if (is_tlb_fence(&entry->uop) && entry->last)
		entry->uop.op = C906_CP0_SYNC;
	if (!c906_is_atomic(entry->uop.unit))
		return;
	if (part != entry->uop.releases)
		entry->barrier = true;
	if (!entry->barrier)
		return;
	entry->uop = (struct c906_uop){ .unit = C906_CP0, .op = C906_CP0_FENCE };
}

/*
 * Sends an instruction that traps to CP0; only the LSU detects traps by itself. An instruction that
 * the decoder refuses waits for its operands, like others, and not for an empty pipeline
 * (aq_idu_id_dp.v: cp0_fence depends on the unit that the bits select).
 */
static void c906_idu_trap(struct c906_uop *uop, const struct timing_record *record)
{
	if (record->cause == CAUSE_ILLEGAL && uop->unit != C906_CP0) {
		uop->unit = C906_CP0;
		uop->op = C906_CP0_ILLEGAL;
	} else if (!c906_is_memory(uop->unit) && uop->op != C906_CP0_ILLEGAL) {
		*uop = (struct c906_uop){ .unit = C906_CP0, .op = C906_CP0_FLUSH };
	}
}

static void c906_idu_identify(struct c906_core *core, const struct c906_fetched *fetched,
			      struct c906_ex1 *entry)
{
	const struct c906_records *records = &core->records;
	const struct timing_record *record = c906_record(records, records->issue);

	entry->valid = entry->last = true;
	entry->on_wrong_path = records->issue >= records->end || record->pc != fetched->pc;
	entry->pc = fetched->pc;
	entry->guess = fetched->guess;
	entry->number = records->issue;
	if (entry->on_wrong_path) {
		entry->uop = *c906_decode(core->env.decoder, fetched->raw);
		return;
	}
	entry->uop = *c906_decode(core->env.decoder, record->raw);
	if (record->flags & TIMING_TRAP)
		c906_idu_trap(&entry->uop, record);
	if (c906_time_depends_on_operands(record->op))
		entry->facts = c906_operand_timing(
			core, &entry->uop, (const u64[]){ record->a, record->b, record->c });
	if (parts_of(&entry->uop) > 1)
		c906_idu_cut(core, entry);
}

static bool has_all(const struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_uop *uop = &wires->entry.uop;

	for (unsigned n = 0; n < C906_SOURCES && !wires->lacks; n++)
		if (!has_source(core, wires, uop, n))
			wires->lacks = uop->x[n];
	if (!wires->lacks && !may_write(core, wires, uop))
		wires->lacks = c906_idu_destination(uop);
	/* CP0 begins when the pipeline is empty, except with fences and refused instructions. */
	return !wires->lacks && (core->drained || uop->unit != C906_CP0 ||
				 uop->op == C906_CP0_FENCE || uop->op == C906_CP0_ILLEGAL);
}

void c906_idu_decode(struct c906_core *core, struct c906_wires *wires)
{
	u8 flush = core->pipe.rtu.flush;
	bool flushes = flush == C906_FLUSH_WAIT || flush == C906_FLUSH_BE;
	struct c906_ex1 *entry = &wires->entry;
	struct c906_fetched fetched;

	wires->found = c906_ifu_look(&core->pipe.ifu, &core->env, &wires->ifu, &fetched);
	wires->id_stalls = flushes || wires->stalls;
	if (!wires->found || wires->id_stalls)
		return;
	c906_idu_identify(core, &fetched, entry);
	wires->id_stalls = wires->id_stalls || !has_all(core, wires);
	/*
	 * A wrong-path instruction waits like others, even for the register that it writes, but it
	 * has no result.
	 */
	if (entry->on_wrong_path)
		entry->uop.rd = 0;
	wires->dispatches = !wires->id_stalls;
	wires->id_stalls = wires->id_stalls || !entry->last;
	for (unsigned n = 0; n < C906_SOURCES && wires->dispatches; n++) {
		u8 reg = entry->uop.x[n];

		entry->ready[n] = !reg || is_valid(core, wires, reg) ||
				  core->pipe.scoreboard.producer[reg] == C906_BY_ALU ||
				  is_forwarded(wires, reg);
	}
}

static void release(struct c906_scoreboard *board, u8 reg)
{
	if (reg && reg < C906_F && board->pending[reg])
		board->pending[reg]--;
}

static void update_scoreboard(struct c906_core *core, const struct c906_wires *wires,
			      bool dispatched)
{
	struct c906_scoreboard *board = &core->pipe.scoreboard;
	u8 reg = c906_idu_destination(&wires->entry.uop), loaded = core->pipe.lsu.da.reg;

	release(board, core->pipe.iu.written);
	release(board, wires->vpu.to_integer);
	if (core->pipe.lsu.da.valid && core->pipe.iu.written != loaded)
		release(board, loaded);
	if (dispatched && reg) {
		board->pending[reg]++;
		board->producer[reg] = producer_of(wires->entry.uop.unit);
	}
	for (unsigned n = 0; n < C906_F && wires->flush_be; n++)
		board->pending[n] = 0;
}

static void catch_operands(struct c906_core *core, const struct c906_wires *wires)
{
	for (unsigned n = 0; n < C906_SOURCES; n++)
		if (is_written(core, wires, core->pipe.ex1.uop.x[n]))
			core->pipe.ex1.ready[n] = true;
}

void c906_idu_step(struct c906_core *core, const struct c906_wires *wires)
{
	bool killed = wires->flush_fe || wires->ifu.resolved.redirect;
	struct c906_scoreboard *board = &core->pipe.scoreboard;

	update_scoreboard(core, wires, wires->dispatches && !wires->ifu.resolved.redirect);
	if (core->pipe.ex1.valid && wires->stalls)
		catch_operands(core, wires);
	if (killed) {
		core->pipe.ex1.valid = false;
		board->part = 0;
	} else if (!wires->stalls) {
		core->pipe.ex1 = wires->entry;
		core->pipe.ex1.valid = wires->dispatches;
		if (!wires->dispatches)
			return;
		board->part = wires->entry.last ? 0 : board->part + 1;
		core->records.issue += wires->entry.last && !wires->entry.on_wrong_path;
	}
}
