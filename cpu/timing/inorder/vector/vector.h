/* SPDX-License-Identifier: MIT */
/*
 * The vector unit, by timestamps. An instruction has a number of element groups, each as wide as
 * the datapath. A sequencer begins one after the other, when their operands are there and the
 * registers that they overwrite have been read. There are sequencers for loads, stores and
 * arithmetic, each of which works in order. The times are those of registers: of a register's first
 * group and of its last.
 */
#ifndef CPU_TIMING_INORDER_VECTOR_VECTOR_H
#define CPU_TIMING_INORDER_VECTOR_VECTOR_H

#include "cpu/isa/vector.h"
#include "cpu/timing/inorder/actions.h"
#include "cpu/timing/inorder/decode.h"
#include "cpu/timing/inorder/params.h"

enum inorder_vector_sequencer {
	INORDER_VECTOR_LOADS, INORDER_VECTOR_STORES, INORDER_VECTOR_INTEGER, INORDER_VECTOR_FP,
	INORDER_VECTOR_SEQUENCERS
};

/*
 * In the actions VECTOR and VECTOR_ACCESS, `a` has the instruction. VECTOR returns vl, and vtype
 * above it. For an access, the upper part of `a` is the number of cycles by which the last request
 * can be made later than the first. The result has the cycles until the first data are there, until
 * the last are, and until the port is free.
 */
#define INORDER_VECTOR_SPREAD 32
#define INORDER_VECTOR_BITS 20
#define INORDER_VECTOR_FIRST 0
#define INORDER_VECTOR_LAST 20
#define INORDER_VECTOR_PORT 40

#define UNITS "cpu/timing/inorder/state/vector.def"
#include "cpu/timing/fields/structs.inc"

/*
 * The operands of an instruction, and its work for the unit, for the vl and vtype with which it is
 * executed.
 */
struct inorder_vector_operand {
	u8 first; /* register */
	unsigned groups; /* 0: there is no such operand */
	bool whole; /* it is needed, or comes, as a whole */
};

enum { INORDER_VECTOR_D, INORDER_VECTOR_A, INORDER_VECTOR_B, INORDER_VECTOR_MASK };

struct inorder_vector_work {
	struct insn insn;
	enum inorder_vector_sequencer sequencer;
	struct inorder_vector_operand operand[4];
	unsigned groups; /* the number of groups that the sequencer begins */
	u64 elements; /* vl, or those of whole registers */
	u64 group_elements; /* 0: `cost` is that of a group, otherwise that of an element */
	u64 cost, latency; /* cycles */
	u64 folds; /* steps of a reduction after its last group */
	bool reads_d, writes_d;
};

/* Returns how many groups a register has. */
static inline unsigned inorder_vector_in_register(const struct inorder_params *params)
{
	return (unsigned)MAX(params->vector_vlen / params->vector_dlen, 1);
}

/* Fills in the work of an instruction; vl and vtype may be any numbers. */
void inorder_vector_work(const struct inorder_params *params, const struct insn *insn, u64 vl,
			 u64 vtype, struct inorder_vector_work *work);

/* Returns when one more instruction can be issued. */
u64 inorder_vector_room(const struct inorder_vector *vector);

void inorder_vector_reset(struct inorder_vector *vector);

/* Must be called for a vset that is issued in `cycle`. */
void inorder_vector_configure(struct inorder_vector *vector, u64 cycle);

/*
 * Returns when the scalar result of an instruction that is issued in `cycle` is there, or the next
 * cycle if it has none. *holds is for how many cycles nothing is issued after it.
 */
u64 inorder_vector_execute(struct inorder_vector *vector, const struct inorder_uop *uop, u64 cycle,
			   u64 *holds);

/*
 * How an instruction accesses memory: in `pieces` that are `stride` apart, with one request for
 * each part of a piece that is as wide as the port. With unit stride everything is one piece.
 * `operand` is vl, the stride in bytes, and vtype.
 */
struct inorder_vector_reach {
	u64 pieces, size; /* size: bytes of a piece */
	u64 stride; /* bytes, modulo 2^64 */
	u64 cost; /* cycles of a piece at least */
	bool store, indexed;
};
struct inorder_vector_reach inorder_vector_reach_of(const struct inorder_params *params,
						    const struct insn *insn, const u64 operand[3]);

#endif
