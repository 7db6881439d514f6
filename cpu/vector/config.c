/* SPDX-License-Identifier: MIT */
/* vl and vtype (vector chapter, "Configuration-Setting Instructions"). */
#include "cpu/mmu/view_mode.h"
#include "cpu/vector/impl.h"

static void set_type(struct hart *hart, u64 vtype, u64 vl)
{
	hart->vector.vtype = vtype;
	hart->vector.vl = vl;
	hart->vector.key = hart_vector_key(vtype);
	hart->block_key = view_key_now(hart);
	vector_end(hart);
}

/*
 * Returns vl for an AVL. If AVL is between VLMAX and twice that, vl may be half of AVL, so that two
 * iterations of a loop have equal lengths.
 */
static u64 length_for(const struct hart *hart, u64 avl, u64 vlmax)
{
	if (hart->vector.config.half_avl && avl > vlmax && avl < 2 * vlmax)
		return (avl + 1) / 2;
	return MIN(avl, vlmax);
}

u64 vector_set(struct hart *hart, u64 avl, u64 vtype)
{
	u64 legal = vtype_legal(hart->isa, vtype);

	set_type(hart, legal, 0);
	if (!(legal & VTYPE_VILL))
		hart->vector.vl = length_for(hart, avl, vlmax_of(hart));
	return hart->vector.vl;
}

/*
 * Sets vtype and keeps vl. That is reserved if VLMAX changes, or if the old vtype was not legal; it
 * then sets vill.
 */
static u64 keep_length(struct hart *hart, u64 vtype)
{
	u64 vl = hart->vector.vl, vlmax = vlmax_of(hart);
	bool ill = hart->vector.vtype & VTYPE_VILL;

	vector_set(hart, 0, vtype);
	if (ill || hart->vector.vtype & VTYPE_VILL || vlmax_of(hart) != vlmax)
		set_type(hart, VTYPE_VILL, 0);
	else
		hart->vector.vl = vl;
	return hart->vector.vl;
}

u64 vector_set_by(struct hart *hart, const struct insn *insn, u64 vtype)
{
	if (insn->rs1)
		return vector_set(hart, hart->x[insn->rs1], vtype);
	if (insn->rd != X_SINK)
		return vector_set(hart, UINT64_MAX, vtype);
	return keep_length(hart, vtype);
}
