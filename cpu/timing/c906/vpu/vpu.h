/* SPDX-License-Identifier: MIT */
/*
 * C906's floating-point units (aq_vidu_top.v, aq_vdsp_top.v, VFALU, VFMAU, VFDSU): they execute in
 * order. Before them a buffer holds one instruction that waits for its operands while integer code
 * continues.
 */
#ifndef CPU_TIMING_C906_VPU_VPU_H
#define CPU_TIMING_C906_VPU_VPU_H

#include "cpu/timing/c906/decode.h"
#include "cpu/timing/c906/params.h"

#define C906_VEX 5 /* stages */

enum c906_fdsu_state { C906_FDSU_IDLE, C906_FDSU_ITERATE, C906_FDSU_ROUND, C906_FDSU_RESULT };

#define UNITS "cpu/timing/c906/state/vpu.def"
#include "cpu/timing/fields/structs.inc"

struct c906_vpu_cycle {
	/* In */
	u8 loaded; /* floating-point register whose data come from DA, or 0 */
	bool rbus_busy; /* an integer result goes into the file */
	struct c906_fp_op entering; /* from EX1 */
	bool flush;
	/* Out */
	u8 writing; /* register that is to be written, or 0 */
	u8 to_integer; /* integer register that is written, or 0 */
	/* Within */
	bool stalls[C906_VEX], integer;
};

/*
 * Return a number for the effect of operands a, b and c on the time of an instruction that
 * multiplies or divides; and make the operation of an instruction with such timing.
 */
u8 c906_fp_operand_timing(const struct c906_uop *uop, const struct c906_params *params,
			  const u64 *operands);
void c906_fp_op(struct c906_fp_op *op, const struct c906_uop *uop, u8 timing);

/* fdsu.c: steps, and above them the cycles before. */
#define C906_FDSU_STEPS 6 /* bits of the steps */
u8 c906_fdsu_operand_timing(const struct c906_uop *uop, const struct c906_params *params,
			    const u64 *operands);

/* Determine the register to be written; then grant the port, and end the cycle. */
void c906_vpu_request(const struct c906_vpu *vpu, struct c906_vpu_cycle *cycle);
void c906_vpu_step(struct c906_vpu *vpu, struct c906_vpu_cycle *cycle);

bool c906_vpu_idle(const struct c906_vpu *vpu);

/*
 * Returns whether the units have an access that the LSU has, too, and keeps until it has left the
 * units.
 */
static inline bool c906_vpu_holds_access(const struct c906_vpu *vpu)
{
	return vpu->buffer.valid && (vpu->buffer.load || vpu->buffer.store);
}

static inline bool c906_vpu_waits(const struct c906_vpu *vpu, u8 reg)
{
	return vpu->waits >> reg & 1;
}

#endif
