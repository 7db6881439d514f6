/* SPDX-License-Identifier: MIT */
/*
 * GNU as and objdump for RISC-V as an independent oracle of encodings. If they are not installed,
 * binutils_open says so and skips the test that needs them.
 */
#ifndef TESTS_CPU_ISA_BINUTILS_H
#define TESTS_CPU_ISA_BINUTILS_H

#include "bus/base.h"
#include "cpu/isa/isa.h"
#include "tests/cpu/random.h"

#include <stdio.h>

struct binutils {
	const char *prefix; /* "riscv64-linux-gnu-" */
	char dir[32]; /* temporary files */
	const char *march; /* the ISA: all that binutils knows, with which objdump takes longest */
};

/* The address of the first instruction, in both directions. */
#define BINUTILS_BASE 0x80000000ull

/* A line of text, of Baya or of binutils, in the one form in which both are compared. */
#define LINE_MAX_CHARS 80
struct line {
	char text[LINE_MAX_CHARS];
};

/* Opens it, or skips the test if there are no RISC-V binutils; a test allocates memory later. */
void binutils_open(struct binutils *binutils);
void binutils_close(struct binutils *binutils);

/*
 * Disassembles instructions of two or four bytes, one after another from BINUTILS_BASE on: tabs
 * become single spaces, targets plain numbers, and what is no instruction "illegal".
 */
void binutils_disassemble(const struct binutils *binutils, const u32 *raw, size_t count,
			  struct line *lines);

/*
 * Assembles text to four-byte instructions; returns false, with the tool's message printed, if it
 * is refused.
 */
bool binutils_assemble(const struct binutils *binutils, const struct line *lines, size_t count,
		       u32 *raw);

/* Returns whether binutils 2.40 (Debian 12) does not know the row or CSR; OP_illegal is no row. */
bool binutils_lacks(unsigned op);
bool binutils_lacks_csr(u16 number);

/*
 * Returns whether the row is a conversion that is always exact: binutils knows those only with rm =
 * 0, and writes no rounding mode.
 */
bool binutils_exact(unsigned op);

/* Returns a random encoding of a row, with legal operands that the tools' text can express. */
u32 random_encoding(const struct isa *isa, unsigned op, u64 *seed);

#endif
