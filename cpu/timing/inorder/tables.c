/* SPDX-License-Identifier: MIT */
/* Instructions that change address translation. See tables.h. */
#include "cpu/timing/inorder/tables.h"

/*
 * SFENCE.VMA concerns one address, or one ASID, if the register for it is not x0. These are a
 * guest's if the instruction is executed in a guest, and for HFENCE.VVMA. HFENCE.GVMA invalidates
 * everything, because its address is a guest physical one, and TLBs do not have those.
 */
void inorder_tables_forget(struct inorder *core, const struct timing_record *record,
			   const struct inorder_uop *uop)
{
	bool second = record->op == OP_hfence_gvma || record->op == OP_hinval_gvma;
	bool guest = record->op == OP_hfence_vvma || record->op == OP_hinval_vvma;
	const struct inorder_action action = {
		.kind = INORDER_ACTION_FORGET,
		.how = MEMO_CHANGES,
		.which = (u8)core->actions.values,
		.a = (second ? INORDER_FORGET_SECOND : 0) | (guest ? INORDER_FORGET_GUEST : 0) |
		     (uop->rs1 ? INORDER_FORGET_VA : 0) |
		     (uop->rs2 ? INORDER_FORGET_ASID : 0),
	};

	inorder_do(&core->actions, &action);
}

void inorder_tables_write_csr(struct inorder *core, const struct timing_record *record,
			      const struct inorder_uop *uop)
{
	u16 csr = uop->csr;
	const struct inorder_action action = {
		.kind = INORDER_ACTION_TABLES, .how = MEMO_CHANGES,
		.which = (u8)core->actions.values, .a = csr,
	};

	if (!uop->writes_csr || record->flags & TIMING_TRAP)
		return;
	if (csr != INORDER_CSR_SATP && csr != INORDER_CSR_VSATP && csr != INORDER_CSR_HGATP)
		return;
	inorder_do(&core->actions, &action);
	core->front.known = 0;
}
