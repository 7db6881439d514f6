/* SPDX-License-Identifier: MIT */
/*
 * Fills in the part of a record that is known before its instruction is executed (see
 * timed/timed.h).
 */
#include "cpu/engine/interp.h"
#include "cpu/hart/hart.h"
#include "cpu/timed/timed.h"
#include "cpu/timing/run.h"

#include <string.h>

/* Returns the n-th index of an indexed access. Indexes have `width` bytes. */
static u64 index_of(const struct hart *hart, const struct insn *insn, unsigned width, u64 n)
{
	size_t at = (size_t)insn->rs2 * hart->vector.vlenb + n * width;
	u64 index = 0;

	memcpy(&index, hart->vector.v + at % sizeof(hart->vector.v), width);
	return index;
}

/*
 * Sets the address of the first element, and the stride of the elements. For an indexed access
 * that is the mean stride from the first element to the last. Accesses with unit stride, and those
 * to whole registers, have none.
 */
static void set_addresses(struct timing_record *record, const struct hart *hart,
			  const struct insn *insn)
{
	u8 format = isa_ops[insn->op].format;
	u64 vl = hart->vector.vl, first, last;
	unsigned width;

	record->va = hart->x[insn->rs1];
	if (format == FORMAT_VSTRIDED)
		record->b = hart->x[insn->rs2 % X_SINK];
	if (format != FORMAT_VINDEXED || !vl)
		return;
	width = 1u << (vector_encoded_eew(insn->raw) - 3);
	first = index_of(hart, insn, width, 0);
	last = index_of(hart, insn, width, vl - 1);
	record->va += first;
	record->b = (u64)((s64)(last - first) / (s64)MAX(vl - 1, 1));
}

/*
 * Sets what the time of a vector instruction depends on. An access is described as if it began
 * with element 0, and only its first page is known.
 */
static void set_vector(struct timing_record *record, const struct hart *hart,
		       const struct insn *insn)
{
	enum insn_class class = isa_ops[insn->op].class;

	record->a = hart->vector.vl;
	record->c = hart->vector.vtype;
	if (class != CLASS_VLOAD && class != CLASS_VSTORE)
		return;
	set_addresses(record, hart, insn);
	record->flags |= class == CLASS_VLOAD ? TIMING_LOAD : TIMING_STORE;
	if (timed_translates(hart->data_regime))
		record->flags |= TIMING_TRANSLATED;
}

/* Sets the operands on which times depend. */
static void set_operands(struct timing_record *record, const struct hart *hart,
			 const struct insn *insn)
{
	bool fp = class_is_fp(isa_ops[insn->op].class);

	if (isa_ops[insn->op].class > CLASS_VSET)
		set_vector(record, hart, insn);
	if (!timing_operands(isa_ops[insn->op].class))
		return;
	record->a = fp ? hart->f[insn->rs1] : hart->x[insn->rs1];
	record->b = fp ? hart->f[insn->rs2] : hart->x[insn->rs2];
	if (isa_ops[insn->op].class == CLASS_FMA)
		record->c = hart->f[insn->rs3_rm >> 3];
}

static void set_memory(struct timing_record *record, const struct hart *hart,
		       const struct event *event)
{
	static const u16 flags[] = {
		[TOUCH_LOAD] = TIMING_LOAD, [TOUCH_STORE] = TIMING_STORE,
		[TOUCH_ATOMIC] = TIMING_LOAD | TIMING_STORE,
	};

	if (event->touch == TOUCH_NONE)
		return;
	record->va = event->va;
	record->size = (u8)event->size;
	record->flags |= flags[event->touch];
	if (event->guest || timed_translates(hart->data_regime))
		record->flags |= TIMING_TRANSLATED;
}

/*
 * Returns whether the branch is taken, by executing its body, which has no other effect. The next
 * pc alone does not show it, because a target can be the next instruction.
 */
static bool is_taken(struct hart *hart, const struct insn *insn)
{
	u64 npc = hart->npc;
	bool taken;

	hart->npc = 1; /* odd, unlike any target */
	interp_exec[insn->op](hart, insn);
	taken = hart->npc != 1;
	hart->npc = npc;
	return taken;
}

void timed_describe(struct hart *hart, const struct event *event, struct timing_record *record)
{
	record->raw = event->raw;
	record->op = event->insn.op;
	record->after = timed_after(hart);
	set_operands(record, hart, &event->insn);
	set_memory(record, hart, event);
	if (isa_ops[record->op].class == CLASS_BRANCH && is_taken(hart, &event->insn))
		record->flags |= TIMING_TAKEN;
}
