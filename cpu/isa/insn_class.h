/* SPDX-License-Identifier: MIT */
/* The classes of instructions: the kind of operation of a row of isa.def. */
#ifndef CPU_ISA_INSN_CLASS_H
#define CPU_ISA_INSN_CLASS_H

#include "bus/base.h"

enum insn_class {
	CLASS_ALU, CLASS_MUL, CLASS_DIV, CLASS_LOAD, CLASS_STORE, CLASS_AMO, CLASS_BRANCH,
	CLASS_JUMP, CLASS_FLOAD, CLASS_FSTORE, CLASS_FADD, CLASS_FMUL, CLASS_FDIV, CLASS_FMA,
	CLASS_FCVT, CLASS_FMOVE, CLASS_CSR, CLASS_FENCE, CLASS_SYSTEM,
	CLASS_VSET, CLASS_VLOAD, CLASS_VSTORE, CLASS_VALU, CLASS_VMUL, CLASS_VDIV, CLASS_VFADD,
	CLASS_VFMUL, CLASS_VFDIV, CLASS_VFCVT, CLASS_VFMOVE, CLASS_VFREDUCE, CLASS_VREDUCE,
	CLASS_VMASK, CLASS_VPERM, CLASS_VCRYPTO,
};

/*
 * Returns whether instructions of the class must return to the run loop. A write to a CSR may have
 * to as well (csr.c).
 */
static inline bool class_leaves(enum insn_class class)
{
	return class == CLASS_SYSTEM;
}

/* Returns whether the next instruction in memory may not be the one that is executed next. */
static inline bool class_ends_basic_block(enum insn_class class)
{
	return class == CLASS_BRANCH || class == CLASS_JUMP || class_leaves(class);
}

/* Returns whether an instruction only computes with x registers, accesses memory or branches. */
static inline bool class_is_plain(enum insn_class class)
{
	return class <= CLASS_BRANCH;
}

static inline bool class_touches_memory(enum insn_class class)
{
	return class == CLASS_LOAD || class == CLASS_STORE || class == CLASS_AMO ||
	       class == CLASS_FLOAD || class == CLASS_FSTORE;
}

/*
 * Returns whether an instruction needs the vector unit, which can be on or off, as the FP unit can.
 */
static inline bool class_is_vector(enum insn_class class)
{
	return class >= CLASS_VSET;
}

static inline bool class_is_fp(enum insn_class class)
{
	return class >= CLASS_FLOAD && class <= CLASS_FMOVE;
}

/*
 * Returns whether an instruction is illegal while the FP unit is off, as floating-point vector
 * instructions are, too.
 */
static inline bool class_needs_fp(enum insn_class class)
{
	return class_is_fp(class) || (class >= CLASS_VFADD && class <= CLASS_VFREDUCE);
}

/* Returns whether an instruction needs one of the two units that software switches on and off. */
static inline bool class_needs_unit(enum insn_class class)
{
	return class_is_fp(class) || class_is_vector(class);
}

/*
 * Returns whether an instruction computes with vectors of integers: it accesses neither memory nor
 * fcsr.
 */
static inline bool class_is_vector_int(enum insn_class class)
{
	return (class >= CLASS_VALU && class <= CLASS_VDIV) || class >= CLASS_VREDUCE;
}

#endif
