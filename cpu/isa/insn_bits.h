/* SPDX-License-Identifier: MIT */
/*
 * The length of an instruction, from its lowest bits (unprivileged manual, "Base
 * Instruction-Length Encoding"). isa.h decodes the rest.
 */
#ifndef CPU_ISA_INSN_BITS_H
#define CPU_ISA_INSN_BITS_H

#include "bus/base.h"

static inline unsigned insn_length(u32 raw)
{
	return (raw & 3) == 3 ? 4 : 2;
}

/* Returns those bits of 32 fetched ones that belong to the instruction. */
static inline u32 insn_bits(u32 raw)
{
	return insn_length(raw) == 2 ? raw & 0xffff : raw;
}

#endif
