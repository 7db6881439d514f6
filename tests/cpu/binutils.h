/* SPDX-License-Identifier: MIT */
/*
 * GNU as and objdump for RISC-V as an oracle of encodings that is not ours. Where they are not
 * installed, binutils_open says so and the tests that need them are skipped.
 */
#ifndef TESTS_CPU_BINUTILS_H
#define TESTS_CPU_BINUTILS_H

#include "bus/base.h"
#include "cpu/isa/isa.h"
#include "tests/cpu/random.h"

#include <stdio.h>

struct binutils {
	const char *prefix; /* "riscv64-linux-gnu-" */
	char dir[32]; /* temporary files */
};

/* Addresses that the first instruction of both directions is at. */
#define BINUTILS_BASE 0x80000000ull

/* A line of text, ours or theirs, in the one form in which both are compared. */
#define LINE_MAX_CHARS 80
struct line {
	char text[LINE_MAX_CHARS];
};

/* False when there is no RISC-V binutils here. */
bool binutils_open(struct binutils *binutils);
void binutils_close(struct binutils *binutils);

/*
 * Instructions of two or four bytes, one after another from BINUTILS_BASE on, to text: tabs are
 * single spaces, targets plain numbers, what is no instruction is "illegal".
 */
void binutils_disassemble(const struct binutils *binutils, const u32 *raw, size_t count,
			  struct line *lines);

/* Text to four-byte instructions; false, with the tool's complaint printed, when it is refused. */
bool binutils_assemble(const struct binutils *binutils, const struct line *lines, size_t count,
		       u32 *raw);

/* Rows and CSRs that binutils 2.40 (Debian 12) does not know; OP_illegal is no row. */
bool binutils_lacks(unsigned op);
bool binutils_lacks_csr(u16 number);

/*
 * Conversions that are always exact: binutils knows them only with rm = 0, and writes no rounding
 * mode.
 */
bool binutils_exact(unsigned op);

/* A random encoding of a row: legal operands that the tools' text can express. */
u32 random_encoding(const struct isa *isa, unsigned op, u64 *seed);

#endif
