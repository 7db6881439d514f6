/* SPDX-License-Identifier: MIT */
/*
 * CVA6's floating-point unit (fpu_wrap.sv and cvfpu): pipelines for each block, an iterative unit
 * for division and square root, one result in each cycle, chosen by round robin, and one operation
 * that is held back when its block is full. Callers wait for `ready`.
 */
#ifndef CPU_TIMING_CVA6_FPU_H
#define CPU_TIMING_CVA6_FPU_H

#include "cpu/timing/cva6/decode.h"
#include "cpu/timing/cva6/params.h"

#define CVA6_FPU_STAGES 8

/* fpnew_divsqrt_multi.sv has a register before the DIVSQRT iterations and one after them. */
enum cva6_divsqrt_state { CVA6_DIVSQRT_IDLE, CVA6_DIVSQRT_BUSY, CVA6_DIVSQRT_HOLD };

#define UNITS "cpu/timing/cva6/state/fpu.def"
#include "cpu/timing/fields/structs.inc"

/* The result that leaves in this cycle. */
struct cva6_fpu_result {
	bool valid;
	u8 slot;
	u8 block; /* the block that it comes from */
	u32 addmul, noncomp, groups; /* requests to the arbiters */
};

void cva6_fpu_result(const struct cva6_fpu *fpu, const struct cva6_params *params,
		     struct cva6_fpu_result *result);

/*
 * Steps to the next cycle; `op` enters if it is valid. Returns whether another operation can be
 * issued.
 */
bool cva6_fpu_step(struct cva6_fpu *fpu, const struct cva6_params *params,
		   const struct cva6_fpu_result *result, const struct cva6_fpu_op *op);

void cva6_fpu_flush(struct cva6_fpu *fpu);

/* Returns whether the operands (raw bits) of a division or square root end it at once. */
bool cva6_fpu_is_special(const struct cva6_uop *uop, u64 a, u64 b);

#endif
