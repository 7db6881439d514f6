/* SPDX-License-Identifier: MIT */
/*
 * Uses GNU as and objdump for RISC-V as an independent oracle of encodings. If they are not
 * installed, binutils_open reports that and skips the test.
 */
#ifndef TESTS_CPU_ISA_BINUTILS_H
#define TESTS_CPU_ISA_BINUTILS_H

#include "bus/base.h"
#include "cpu/isa/isa.h"
#include "tests/cpu/random.h"

#include <stdio.h>

struct binutils {
	const char *prefix; /* "riscv64-linux-gnu-" */
	char dir[32]; /* the folder for temporary files */
	/* The ISA string: all extensions that binutils knows; objdump needs most time with it. */
	const char *march;
};

/* The address of the first instruction, in both directions. */
#define BINUTILS_BASE 0x80000000ull

/* A line of disassembly by Baya or by binutils, in a common form for the comparison. */
#define LINE_MAX_CHARS 80
struct line {
	char text[LINE_MAX_CHARS];
};

/* Finds the tools, or skips the test if there are none. Called before the test allocates memory. */
void binutils_open(struct binutils *binutils);
void binutils_close(struct binutils *binutils);

/*
 * Disassembles instructions of two or four bytes, which follow each other from BINUTILS_BASE on. In
 * the lines, tabs are replaced by single spaces, targets by plain numbers, and what is not an
 * instruction by "illegal".
 */
void binutils_disassemble(const struct binutils *binutils, const u32 *raw, size_t count,
			  struct line *lines);

/*
 * Assembles lines to four-byte instructions. Returns false, after printing the tool's message, if a
 * line is not accepted.
 */
bool binutils_assemble(const struct binutils *binutils, const struct line *lines, size_t count,
		       u32 *raw);

/*
 * Return whether binutils 2.40 (Debian 12) does not know the row or CSR. OP_illegal is not a row.
 */
bool binutils_lacks(unsigned op);
bool binutils_lacks_csr(u16 number);

/*
 * Returns whether the row is a conversion that is always exact. binutils only knows those with rm =
 * 0, and writes no rounding mode.
 */
bool binutils_exact(unsigned op);

/*
 * Returns a random encoding of a row, with legal operands that the text of the tools can express.
 */
u32 random_encoding(const struct isa *isa, unsigned op, u64 *seed);

#endif
