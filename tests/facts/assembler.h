/* SPDX-License-Identifier: MIT */
/*
 * An assembler for one line, from the rows of isa.def: names, patterns and formats; operands are
 * written as the disassembler writes them. Besides: `csrr rd,csr`, `csrw csr,rs`, `nop`,
 * `.word VALUE`, `.half VALUE`. A branch target is an expression of addresses.
 */
#ifndef TESTS_FACTS_ASSEMBLER_H
#define TESTS_FACTS_ASSEMBLER_H

#include "cpu/csr/csr.h"
#include "cpu/isa/isa.h"
#include "tests/facts/value.h"

#define ASSEMBLER_ERROR 96

/* The data that does not change from line to line; it owns no memory. */
struct assembler {
	struct isa isa; /* with all extensions: to decode what was made */
	/* The CSRs that have a name. */
	struct {
		char name[CSR_NAME_MAX];
		u16 number;
	} csr[4096];
	unsigned csrs;
	char error[ASSEMBLER_ERROR]; /* why the last line could not be assembled */
};

void assembler_init(struct assembler *assembler);

/*
 * Assembles the instruction at pc: returns its length, 2 or 4, with its bits in *raw; 0 with the
 * error set.
 */
unsigned assemble(struct assembler *assembler, const struct symbols *symbols, const char *text,
		  u64 pc, u32 *raw);

/*
 * Return the number of a register or CSR by its name, of the latter also as 0x...; -1 if there is
 * none.
 */
int x_number(const char *name);
int f_number(const char *name);
int csr_number(const struct assembler *assembler, const char *name);

#endif
