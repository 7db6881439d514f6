/* SPDX-License-Identifier: MIT */
/*
 * Instructions as text. The row of isa.def and its format determine all of it. The text is what the
 * GNU assembler reads (`-M no-aliases` in objdump's words).
 */
#ifndef CPU_ISA_DISASM_H
#define CPU_ISA_DISASM_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

/* The longest text fits in this many bytes. */
#define DISASM_MAX 64

/*
 * Writes the instruction at pc into text, such as "addi a0,a1,-4". Branch and jump targets are
 * absolute. A compressed instruction is written as the one it expands to. What the hart does not
 * have becomes ".4byte 0x..." or ".2byte 0x...". A text longer than size is cut.
 */
void disasm(const struct isa *isa, u64 pc, u32 raw, char *text, size_t size);

#endif
