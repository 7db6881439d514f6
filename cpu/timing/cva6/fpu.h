/* SPDX-License-Identifier: MIT */
/*
 * CVA6's floating-point unit (fpu_wrap.sv and cvfpu): pipelines for each block, an iterative unit
 * for division and square root, one result a cycle chosen by round robin, one operation held back
 * when its block is full. Callers wait for `ready`.
 */
#ifndef CPU_TIMING_CVA6_FPU_H
#define CPU_TIMING_CVA6_FPU_H

#include "cpu/timing/cva6/decode.h"
#include "cpu/timing/cva6/params.h"

#define CVA6_FPU_STAGES 8

/* An operation in the unit. */
struct cva6_fpu_op {
	bool valid;
	bool is_double, special; /* of a division: special operands end it at once */
	u8 slot; /* of the scoreboard */
	u8 block;
};

/*
 * fpnew_divsqrt_multi.sv has a register in front and one behind, with DIVSQRT iterations between.
 */
enum cva6_divsqrt_state { CVA6_DIVSQRT_IDLE, CVA6_DIVSQRT_BUSY, CVA6_DIVSQRT_HOLD };

struct cva6_divsqrt {
	u8 state, left; /* cycles until it is done */
	bool done; /* in this cycle */
	u8 slot;
	struct cva6_fpu_op input, output;
};

struct cva6_fpu {
	/* By block; [n] is the n-th register, the last one the block's output. */
	struct cva6_fpu_op pipe[CVA6_DIVSQRT][CVA6_FPU_STAGES];
	struct cva6_divsqrt divsqrt;
	struct cva6_fpu_op held;
	u8 rr_addmul, rr_noncomp, rr_top;
	u8 under_way; /* operations within */
};

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
 * Step to the next cycle; `op` enters if it is valid. Return whether another operation can be
 * issued.
 */
bool cva6_fpu_step(struct cva6_fpu *fpu, const struct cva6_params *params,
		   const struct cva6_fpu_result *result, const struct cva6_fpu_op *op);

void cva6_fpu_flush(struct cva6_fpu *fpu);

/* Return whether the operands (raw bits) of a division or square root end it at once. */
bool cva6_fpu_is_special(const struct cva6_uop *uop, u64 a, u64 b);

#endif
