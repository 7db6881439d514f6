/* SPDX-License-Identifier: MIT */
/*
 * The decoded form of an instruction for C906 (aq_idu_id_decd.v): the unit that executes it, the
 * registers it waits for, and how long the floating-point units take for ordinary operands.
 */
#ifndef CPU_TIMING_C906_DECODE_H
#define CPU_TIMING_C906_DECODE_H

#include "cpu/isa/format.h"
#include "cpu/timing/decoded.h"

struct isa;

enum c906_unit {
	C906_ALU, C906_AUIPC, C906_BRANCH, C906_JAL, C906_JALR, C906_MUL, C906_DIV, C906_CP0,
	C906_LOAD, C906_STORE, C906_AMO, C906_LR, C906_SC, C906_FLOAD, C906_FSTORE, C906_FP,
};

/*
 * The operation of CP0. FLUSH stands for all instructions that only flush the pipeline, ILLEGAL for
 * those that the decoder refuses.
 */
enum c906_cp0_op {
	C906_CP0_CSR, C906_CP0_FENCE, C906_CP0_FENCE_I, C906_CP0_SFENCE_VMA, C906_CP0_FLUSH,
	C906_CP0_WFI, C906_CP0_SYNC, C906_CP0_ILLEGAL,
};

#define C906_CSR_SATP 0x180

/* Registers: 1 to 31 integer, C906_F and above floating-point, 0 none. */
#define C906_F FORMAT_F
#define C906_REGS 64

/* Operands: rs1, rs2, and the third one of a store or a fused multiply-add. */
#define C906_SOURCES 3
#define C906_DATA 2 /* index of the last */

#define UNITS "cpu/timing/c906/state/decode.def"
#include "cpu/timing/fields/structs.inc"

struct c906_decoder {
	const struct isa *isa;
	struct decoded decoded;
	struct c906_uop uops[DECODED];
};

void c906_decoder_init(struct c906_decoder *decoder, const struct isa *isa);

/*
 * Decodes `raw`: 32 bits from the instruction's address on. The result is valid until the next
 * call.
 */
const struct c906_uop *c906_decode(struct c906_decoder *decoder, u32 raw);

static inline bool c906_is_atomic(u8 unit)
{
	return unit == C906_AMO || unit == C906_LR || unit == C906_SC;
}

static inline bool c906_is_memory(u8 unit)
{
	return unit >= C906_LOAD && unit <= C906_FSTORE;
}

/* Returns whether the unit writes an integer register by way of the LSU. */
static inline bool c906_is_load(u8 unit)
{
	return unit == C906_LOAD || c906_is_atomic(unit);
}

#endif
