/* SPDX-License-Identifier: MIT */
/*
 * Assembles single lines, by the names, patterns and formats of the rows of isa.def. Operands are
 * written as the disassembler writes them. It also accepts `csrr rd,csr`, `csrw csr,rs`, `nop`,
 * `.word VALUE` and `.half VALUE`. A branch's target is an expression of addresses.
 */
#ifndef TESTS_FACTS_ASSEMBLER_H
#define TESTS_FACTS_ASSEMBLER_H

#include "cpu/csr/csr.h"
#include "cpu/isa/isa.h"
#include "tests/facts/value.h"

#define ASSEMBLER_ERROR 96

/* The data that is the same for all lines. It owns no memory. */
struct assembler {
	struct isa isa; /* with all extensions, also opt-in ones, to decode the result */
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
 * Assembles the instruction at pc and stores its bits in *raw. Returns its length, 2 or 4, or 0
 * with assembler->error set.
 */
unsigned assemble(struct assembler *assembler, const struct symbols *symbols, const char *text,
		  u64 pc, u32 *raw);

/*
 * Return the number of the register or CSR with this name; -1 if there is none. A CSR may also be
 * given as 0x and its number.
 */
int x_number(const char *name);
int f_number(const char *name);
int csr_number(const struct assembler *assembler, const char *name);

#endif
