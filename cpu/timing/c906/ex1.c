/* SPDX-License-Identifier: MIT */
/*
 * C906's first execution stage: which instruction goes to which unit, and which has to stay. See
 * core.h.
 */
#include "cpu/timing/c906/core.h"

#include "cpu/isa/isa.h"

bool c906_time_depends_on_operands(u16 op)
{
	u8 class = isa_ops[op].class;

	return class == CLASS_MUL || class == CLASS_FMUL || class == CLASS_FMA ||
	       class == CLASS_FDIV;
}

u8 c906_operand_timing(const struct c906_core *core, const struct c906_uop *uop,
		       const u64 *operands)
{
	if (uop->unit == C906_MUL)
		return c906_passes(uop, operands);
	return c906_fp_operand_timing(uop, &core->env.params, operands);
}

/* Returns whether the unit of the instruction in EX1 cannot take another one. */
static bool c906_ex1_is_full(const struct c906_core *core, const struct c906_wires *wires)
{
	const struct c906_iu *iu = &core->pipe.iu;

	switch (core->pipe.ex1.uop.unit) {
	case C906_BRANCH:
	case C906_JAL:
	case C906_JALR:
	case C906_AUIPC:
		return wires->branch_resolves;
	case C906_MUL:
		return iu->mul2.valid && iu->mul2.last && iu->mul3.valid && iu->mul3.last &&
		       iu->div >= C906_DIV_CORRECT;
	case C906_DIV:
		return iu->div >= C906_DIV_START && iu->div <= C906_DIV_ITERATE;
	case C906_FLOAD:
	case C906_FSTORE:
	case C906_FP:
		return core->pipe.vpu.buffer.valid;
	default:
		return false;
	}
}

static u8 c906_ex1_kind_of(u8 unit)
{
	return unit == C906_FLOAD ? C906_LOAD : unit == C906_FSTORE ? C906_STORE : unit;
}

/* Finds out which data a store still waits for. */
static void find_data(const struct c906_core *core, struct c906_access *access)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	const struct c906_vpu *vpu = &core->pipe.vpu;
	u8 integer = ex1->uop.x[C906_DATA], floating = ex1->uop.f[C906_DATA];

	if (c906_access_stores(access) && !access->is_float) {
		access->waits = !ex1->ready[C906_DATA] && !c906_da_has(&core->pipe.lsu, integer);
		access->data_reg = integer;
	} else if (access->is_float && floating) {
		access->waits = c906_vpu_waits(vpu, floating) && vpu->forwarded != floating;
		access->data_reg = floating;
	}
}

static void c906_ex1_access_memory(struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	const struct timing_record *record = c906_record(&core->records, ex1->number);
	struct c906_access *access = &wires->access;
	bool loads = c906_is_load(ex1->uop.unit) || ex1->uop.unit == C906_FLOAD;

	*access = (struct c906_access){
		.number = ex1->number, .va = record->va,
		.pa = record->pa ? record->pa : record->va, .pc = ex1->pc,
		.kind = c906_ex1_kind_of(ex1->uop.unit), .size = ex1->uop.size,
		.reg = loads ? ex1->uop.rd : C906_NO_REG,
		.last = ex1->last,
		.is_float = ex1->uop.unit == C906_FLOAD || ex1->uop.unit == C906_FSTORE,
		.sc_fails = record->flags & TIMING_SC_FAILED,
		.traps = record->flags & TIMING_TRAP,
	};
	find_data(core, access);
	wires->accesses = true;
}

static void use_fp(struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	c906_fp_op(&wires->vpu.entering, &ex1->uop, ex1->facts);
	wires->vpu.entering.number = ex1->number;
}

static void c906_ex1_to_unit(struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_uop *uop = &core->pipe.ex1.uop;

	switch (uop->unit) {
	case C906_ALU:
		wires->result = uop->rd;
		wires->completes = true;
		break;
	case C906_AUIPC:
	case C906_BRANCH:
	case C906_JAL:
	case C906_JALR:
		c906_bju_execute(core, wires);
		break;
	case C906_MUL:
	case C906_DIV:
		c906_iu_execute(core, wires);
		break;
	case C906_CP0:
		c906_cp0_execute(core, wires);
		break;
	case C906_FP:
		use_fp(core, wires);
		wires->completes = true;
		break;
	default:
		c906_ex1_access_memory(core, wires);
		if (wires->access.is_float)
			use_fp(core, wires);
		break;
	}
}

/*
 * Returns whether an instruction requests the port of the register file, even if only to write x0.
 * Of ALU instructions and jumps, only compressed jumps without a link do not (bit 11 of
 * aq_idu_cfig.h's functions).
 */
static bool requests_port(const struct c906_uop *uop)
{
	switch (uop->unit) {
	case C906_ALU:
	case C906_AUIPC:
		return true;
	case C906_JAL:
	case C906_JALR:
		return uop->rd || uop->length == 4;
	default:
		return false;
	}
}

/*
 * Returns the record of the instruction in EX1, if it will be executed later, after the instruction
 * that flushes the pipeline.
 */
static const struct timing_record *done_later(const struct c906_core *core)
{
	const struct c906_records *records = &core->records;
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	if (!ex1->on_wrong_path)
		return c906_record(records, ex1->number);
	for (u64 n = records->issue; n < MIN(records->issue + C906_SHADOWS, records->end); n++)
		if (c906_record(records, n)->pc == ex1->pc)
			return c906_record(records, n);
	return NULL;
}

/*
 * Looks up the page of an access that a flush kills in EX1: by then the LSU has requested the page
 * from the micro-TLB (aq_lsu_ag.v, lsu_mmu_va_vld). The address of a wrong-path access is known
 * only after a trap.
 */
static void c906_ex1_look_up(struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_records *records = &core->records;
	const struct c906_input *retired = &records->ring[(records->commit - 1) % C906_RECORDS];
	const struct timing_record *record = done_later(core);

	wires->access.kind = c906_ex1_kind_of(core->pipe.ex1.uop.unit);
	if (record)
		c906_ag_look_up(&core->pipe.lsu, &core->pipe.mmu, &core->env, record->va);
	for (unsigned n = 0; n < C906_SHADOWS && !record; n++)
		if (retired->record.flags & TIMING_TRAP && retired->behind[n].touches &&
		    retired->behind[n].pc == core->pipe.ex1.pc)
			c906_ag_look_up(&core->pipe.lsu, &core->pipe.mmu, &core->env,
					retired->behind[n].va);
}

void c906_ex1_execute(struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	bool waits = core->pipe.bju.valid && !wires->branch_resolves;

	wires->commits = !wires->restarts && !wires->late && !wires->flush_fe;
	if (!ex1->valid)
		return;
	wires->number = ex1->number;
	wires->done = ex1->last;
	wires->stalls = waits || core->pipe.lsu.ag_valid || c906_ex1_is_full(core, wires);
	if (wires->stalls)
		return;
	wires->requests_port = requests_port(&ex1->uop);
	wires->takes_port = wires->requests_port && wires->commits && !ex1->on_wrong_path;
	if (!wires->commits && c906_is_memory(ex1->uop.unit))
		c906_ex1_look_up(core, wires);
	else if (wires->commits && !ex1->on_wrong_path)
		c906_ex1_to_unit(core, wires);
}
