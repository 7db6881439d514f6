/* SPDX-License-Identifier: MIT */
/*
 * The state of CVA6's integer units between cycles: those that share a write-back port
 * (ex_stage.sv, mult.sv, csr_buffer.sv). execute.c steps them.
 */
#ifndef CPU_TIMING_CVA6_FLU_H
#define CPU_TIMING_CVA6_FLU_H

#include "cpu/timing/cva6/decode.h"

/* serdiv.sv */
enum cva6_divider_state { CVA6_DIVIDER_IDLE, CVA6_DIVIDER_DIVIDE, CVA6_DIVIDER_FINISH };

#define UNITS "cpu/timing/cva6/state/flu.def"
#include "cpu/timing/fields/structs.inc"

/*
 * Returns whether a division ends without steps; if not, *steps is their number. serdiv.sv derives
 * it from the number of bits by which the dividend is longer than the divisor. For a negative
 * number it uses the complement, for the dividend the complement with one bit more.
 */
bool cva6_division_ends(const struct cva6_uop *uop, u64 dividend, u64 divisor, u8 *steps);

#endif
