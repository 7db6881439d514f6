/* SPDX-License-Identifier: MIT */
/*
 * The decoded form of an instruction for CVA6: the unit that executes it, the registers it waits
 * for (decoder.sv, with operands that it reads without need), and its kind for the front end's
 * scanner (instr_scan.sv). It depends only on the instruction's bits.
 */
#ifndef CPU_TIMING_CVA6_DECODE_H
#define CPU_TIMING_CVA6_DECODE_H

#include "bus/base.h"
#include "cpu/isa/format.h"

struct isa;

/* fu_t of ariane_pkg.sv; NONE stands for an instruction that could not be fetched. */
enum cva6_unit {
	CVA6_NONE, CVA6_ALU, CVA6_CTRL_FLOW, CVA6_MULT, CVA6_DIV, CVA6_CSR, CVA6_LOAD, CVA6_STORE,
	CVA6_FPU, CVA6_CVXIF,
};

/* The operation, if the unit alone is not enough. */
enum cva6_op {
	CVA6_PLAIN, CVA6_BRANCH, CVA6_JAL, CVA6_JALR, CVA6_FENCE, CVA6_FENCE_I, CVA6_SFENCE_VMA,
	CVA6_XRET, CVA6_WFI, CVA6_CSR_ACCESS, CVA6_AMO, CVA6_LR, CVA6_SC, CVA6_SQRT,
};

/* Blocks of the floating-point unit, cvfpu: one for each format, or merged. */
enum cva6_fpu_block {
	CVA6_ADDMUL32, CVA6_ADDMUL64, CVA6_NONCOMP32, CVA6_NONCOMP64, CVA6_CONV, CVA6_DIVSQRT,
	CVA6_FPU_BLOCKS
};

/* cf_t: how an instruction changes the flow of the front end. */
enum cva6_flow { CVA6_NO_FLOW, CVA6_FLOW_BRANCH, CVA6_FLOW_JUMP, CVA6_FLOW_JALR, CVA6_FLOW_RETURN };

/* Registers: 1 to 31 integer, CVA6_F and above floating-point, 0 none. */
#define CVA6_F FORMAT_F

#define UNITS "cpu/timing/cva6/state/decode.def"
#include "cpu/timing/fields/structs.inc"

/* Decodes `raw`: 32 bits from the instruction's address on. */
void cva6_decode(const struct isa *isa, u32 raw, struct cva6_uop *uop);

static inline bool cva6_is_amo(const struct cva6_uop *uop)
{
	return uop->op == CVA6_AMO || uop->op == CVA6_LR || uop->op == CVA6_SC;
}

#endif
