/* SPDX-License-Identifier: MIT */
/* The classes of instructions: what kind of work a row of isa.def is. */
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

/* Returns whether the class must go back to the run loop; a write to a CSR may have to (csr.c). */
static inline bool class_leaves(enum insn_class class)
{
	return class == CLASS_SYSTEM;
}

/* Returns whether the instruction after it may not be the next one to be executed. */
static inline bool class_ends_basic_block(enum insn_class class)
{
	return class == CLASS_BRANCH || class == CLASS_JUMP || class_leaves(class);
}

/* Returns whether it does no more than compute with x registers, access memory or branch. */
static inline bool class_is_plain(enum insn_class class)
{
	return class <= CLASS_BRANCH;
}

static inline bool class_touches_memory(enum insn_class class)
{
	return class == CLASS_LOAD || class == CLASS_STORE || class == CLASS_AMO ||
	       class == CLASS_FLOAD || class == CLASS_FSTORE;
}

/* Returns whether it needs the vector unit, whose state is off or on as the FP unit's is. */
static inline bool class_is_vector(enum insn_class class)
{
	return class >= CLASS_VSET;
}

static inline bool class_is_fp(enum insn_class class)
{
	return class >= CLASS_FLOAD && class <= CLASS_FMOVE;
}

/* Returns whether it is illegal while the FP unit is off: also vectors of floating point are. */
static inline bool class_needs_fp(enum insn_class class)
{
	return class_is_fp(class) || (class >= CLASS_VFADD && class <= CLASS_VFREDUCE);
}

/* Returns whether it needs one of the two units that software turns off and on. */
static inline bool class_needs_unit(enum insn_class class)
{
	return class_is_fp(class) || class_is_vector(class);
}

/* Returns whether it computes with vectors of integers: it accesses neither memory nor fcsr. */
static inline bool class_is_vector_int(enum insn_class class)
{
	return (class >= CLASS_VALU && class <= CLASS_VDIV) || class >= CLASS_VREDUCE;
}

#endif
