/* SPDX-License-Identifier: MIT */
/*
 * Disassembles instructions. The row of isa.def and its format determine all of the text, which the
 * GNU assembler accepts (as from objdump with `-M no-aliases`).
 */
#ifndef CPU_ISA_DISASM_H
#define CPU_ISA_DISASM_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

/* The longest text fits in this many bytes, with its NUL. */
#define DISASM_MAX 64

/*
 * Writes the text of the instruction at pc, such as "addi a0,a1,-4". Targets of branches and jumps
 * are absolute. A compressed instruction is written as the one to which it expands. An instruction
 * that the hart does not have becomes ".4byte 0x..." or ".2byte 0x...". A text that is longer than
 * `size` is cut.
 */
void disasm(const struct isa *isa, u64 pc, u32 raw, char *text, size_t size);

#endif
