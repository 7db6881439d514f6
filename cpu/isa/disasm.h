/* SPDX-License-Identifier: MIT */
/*
 * Instructions as text, from the rows of isa.def and nothing else: the row's name and its format
 * give all. The text is what the GNU assembler reads (`-M no-aliases` in objdump's words).
 */
#ifndef CPU_ISA_DISASM_H
#define CPU_ISA_DISASM_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

/* Long enough for every instruction. */
#define DISASM_MAX 64

/*
 * Write the instruction at pc into text: "addi a0,a1,-4". Branch and jump targets are absolute. A
 * compressed instruction is written as the one it expands to. What the hart does not have becomes
 * ".4byte 0x..." or ".2byte 0x...". A text longer than size is cut.
 */
void disasm(const struct isa *isa, u64 pc, u32 raw, char *text, size_t size);

#endif
