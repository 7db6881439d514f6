/* SPDX-License-Identifier: MIT */
/* Instructions with register lists, and jumps through a table (see zcmp.h). */
#include "cpu/engine/zcmp.h"

#include "cpu/csr/csr.h"
#include "cpu/isa/zcmp_register.h"
#include "cpu/mmu/mem.h"

enum { SP = 2, LIST_MAX = 13 };

u64 zcmp_lowest(const struct hart *hart, const struct insn *insn)
{
	/*
	 * The registers are stored below the larger value of sp: that before a push, or after a
	 * pop.
	 */
	return hart->x[SP] + (u64)(s64)MAX(insn->imm, 0) - 8ull * insn->rs2;
}

bool zcmp_push(struct hart *hart, const struct insn *insn)
{
	u64 lowest = zcmp_lowest(hart, insn);

	for (unsigned n = insn->rs2; n-- > 0;)
		if (!mem_store(hart, lowest + 8 * n, 8, hart->x[zcmp_register(n)]))
			return false;
	hart->x[SP] += (u64)(s64)insn->imm;
	return true;
}

bool zcmp_pop(struct hart *hart, const struct insn *insn)
{
	u64 lowest = zcmp_lowest(hart, insn), values[LIST_MAX];

	for (unsigned n = insn->rs2; n-- > 0;)
		if (!mem_load(hart, lowest + 8 * n, 8, &values[n]))
			return false;
	for (unsigned n = 0; n < insn->rs2; n++)
		hart->x[zcmp_register(n)] = values[n];
	hart->x[SP] += (u64)(s64)insn->imm;
	return true;
}

bool zcmt_target(struct hart *hart, const struct insn *insn, u64 *target)
{
	/* The jump is allowed if CSRRS may read jvt (Smstateen). */
	const struct csr_access access = {
		.number = CSR_JVT, .how = CSR_SET, .reads = true, .raw = insn->raw,
	};
	u64 table;

	if (!csr_access(hart, &access, &table) ||
	    !mem_fetch_entry(hart, table + (u64)(s64)insn->imm * 8, target))
		return false;
	*target &= ~1ull;
	return true;
}
