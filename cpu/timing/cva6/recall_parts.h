/* SPDX-License-Identifier: MIT */
/* What recall.c and recall_runs.c share. See recall.h. */
#ifndef CPU_TIMING_CVA6_RECALL_PARTS_H
#define CPU_TIMING_CVA6_RECALL_PARTS_H

#include "cpu/isa.h"
#include "cpu/timing/cva6/recall.h"

/* Is an instruction stepped in any case? It starts the pipeline anew, or may. */
static inline bool cva6_recall_steps(u16 op)
{
	u8 class = isa_ops[op].class;

	return class == CLASS_AMO || class == CLASS_CSR || class == CLASS_FENCE ||
	       class == CLASS_SYSTEM || op == OP_illegal;
}

/* Do times depend on the operands' values, of a division or a root; and what of them? Never 0. */
static inline bool cva6_recall_has_operands(u16 op)
{
	return isa_ops[op].class == CLASS_DIV || isa_ops[op].class == CLASS_FDIV;
}
u32 cva6_recall_operands(const struct cva6_core *core, u32 raw, u64 a, u64 b);

/* Find out which state of the memo the core is in, if it can be one. */
void cva6_recall_enter(struct cva6_recall *recall);

/* A piece of so many records went this way. */
void cva6_recall_apply(struct cva6_recall *recall, const struct memo_leaf *leaf, unsigned count);

/*
 * Step a piece, some answers of which may be known, and write down how it goes. Its operands have
 * their places. NULL: it has no room in the memo, and is stepped for itself.
 */
void cva6_recall_write_down(struct cva6_recall *recall, struct memo_piece *piece,
			    const struct timing_record *records, unsigned count);

#endif
