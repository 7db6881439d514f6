/* SPDX-License-Identifier: MIT */
/*
 * Random programs of loops of vectors for S-mode, with their state and what they find in memory:
 * loops have streams that overlap, cross pages and wrap, whose steps are constants or registers
 * that change between them, rows of floating point and others, and vsets of the same vtype or of
 * another. Functions are called in several vtypes; loops copy page-table entries, and code.
 */
#ifndef TESTS_CPU_VECTOR_LOOPS_H
#define TESTS_CPU_VECTOR_LOOPS_H

#include "cpu/hart/hart.h"
#include "tests/cpu/vector/blocks.h"

/* Where the guest has the program, pages with data, their entries and entries to be copied. */
#define CODE 0x40000000ull
#define WINDOW 0x40200000ull
#define PAGES 6u
/* A second mapping of these pages, which has the same places in a view of the TLB. */
#define ALIAS (WINDOW + TLB_ENTRIES_MAX * PAGE_SIZE)
#define ENTRIES 0x40400000ull
#define LISTED 0x40401000ull
#define TOP (0 - PAGE_SIZE)

/* The parts of RAM. All but the tables is compared. */
#define CODE_PA (RAM_BASE + 8 * MiB)
#define HANDLER_PA (RAM_BASE + 9 * MiB)
#define DATA_PA (RAM_BASE + 10 * MiB)
#define LISTED_PA (DATA_PA + 2 * PAGES * PAGE_SIZE)
#define ENDS_PA (LISTED_PA + PAGE_SIZE) /* the last page and the first one */
#define DATA_BYTES ((2 * PAGES + 3) * PAGE_SIZE)
#define TABLES (64 * KiB)

/* In the page of the program, a function that streams are stored to. */
#define CALLED 0xe00
#define CALLED_INSNS 64

#define LEAF (PTE_V | PTE_R | PTE_W | PTE_A | PTE_D)
#define ADDI 0x000a8a93u /* s5, s5, 0 */
#define RET 0x00008067u
#define PMP_BYTES 8
#define SSIP BIT(1)

/* x registers, besides those of blocks.h; the handler has another one. */
enum { RA = 1, FROM, TO, STEP = 16, LEFT = 21, SET, AGAIN, BASE = 24, VS = 28, VTYPE, ON };

#define LOOPS_FUNCTIONS 2

struct loops_program {
	struct block_maker maker;
	u32 insn[PAGE_SIZE / 4];
	unsigned count;
	unsigned function[LOOPS_FUNCTIONS]; /* where they begin */
	u64 vtype[3];
	u64 vl, x[32], f[32];
	u8 v[VECTOR_REGISTERS * VLENB_MAX];
	u64 entry[2 * PAGES]; /* those in force, and listed ones */
	u64 forbidden; /* the address of some bytes; 0: none */
	u64 vs; /* bits of mstatus at the beginning */
	bool ones, half_avl; /* of struct vector_config: tail_ones and half_avl */
	bool keeps; /* the handler leaves vstart as it is */
};

/* Returns the entry for a page. */
static inline u64 loops_leaf(u64 pa, u64 flags)
{
	return pa >> 2 | flags;
}

/* Makes a program; program->maker has been initialised, and goes on from its seed. */
void loops_make(struct loops_program *program, unsigned vlenb);

/* The parts of loops_make, for other programs, too. The first one makes vtypes, and no code. */
void loops_begin(struct loops_program *program, unsigned vlenb);

/* Adds an instruction. */
void loops_add(struct loops_program *program, u32 insn);

/* Returns addi rd, rs, imm. */
u32 loops_addi(u32 rd, u32 rs, int imm);

/* Adds a loop in vtype[0]; it begins at the addresses that are in BASE and those behind it. */
void loops_add_loop(struct loops_program *program);

/* Adds a way back to an instruction as long as an x register, from which it takes 1, is above 0. */
void loops_add_back(struct loops_program *program, unsigned reg, unsigned to);

/* Returns an instruction that sets a vtype; the one that VTYPE has, if it is vsetvl. */
u32 loops_vset(struct loops_program *program, u64 vtype);

/* Makes what counts, steps and VTYPE are in the beginning. */
void loops_make_counts(struct loops_program *program, unsigned vlenb);

#endif
