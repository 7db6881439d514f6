/* SPDX-License-Identifier: MIT */
/*
 * Random programs for S-mode that consist of vector loops, with their state and the contents of
 * memory. The loops have streams that overlap, cross pages and wrap around the address space, whose
 * steps are constants or registers that change between loops; rows of floating point and others;
 * and vsets of the same vtype or of another one. Functions are called with several vtypes. Loops
 * copy page-table entries, and code.
 */
#ifndef TESTS_CPU_VECTOR_LOOPS_H
#define TESTS_CPU_VECTOR_LOOPS_H

#include "cpu/hart/hart.h"
#include "tests/cpu/vector/blocks.h"

/*
 * The guest's addresses of the program, of the pages with data, of their page-table entries, and of
 * entries to be copied over these.
 */
#define CODE 0x40000000ull
#define WINDOW 0x40200000ull
#define PAGES 6u
/* A second mapping of these pages, whose translations have the same places in a view of the TLB. */
#define ALIAS (WINDOW + TLB_ENTRIES_MAX * PAGE_SIZE)
#define ENTRIES 0x40400000ull
#define LISTED 0x40401000ull
#define TOP (0 - PAGE_SIZE)

/* The parts of RAM. All except the tables are compared. */
#define CODE_PA (RAM_BASE + 8 * MiB)
#define HANDLER_PA (RAM_BASE + 9 * MiB)
#define DATA_PA (RAM_BASE + 10 * MiB)
#define LISTED_PA (DATA_PA + 2 * PAGES * PAGE_SIZE)
#define ENDS_PA (LISTED_PA + PAGE_SIZE) /* the last and the first page of the address space */
#define DATA_BYTES ((2 * PAGES + 3) * PAGE_SIZE)
#define TABLES (64 * KiB)

/* The offset of a function in the program's page, which streams may overwrite. */
#define CALLED 0xe00
#define CALLED_INSNS 64

#define LEAF (PTE_V | PTE_R | PTE_W | PTE_A | PTE_D)
#define ADDI 0x000a8a93u /* s5, s5, 0 */
#define RET 0x00008067u
#define PMP_BYTES 8
#define SSIP BIT(1)

/* The x registers, in addition to those of blocks.h. The handler uses another one. */
enum { RA = 1, FROM, TO, STEP = 16, LEFT = 21, SET, AGAIN, BASE = 24, VS = 28, VTYPE, ON };

#define LOOPS_FUNCTIONS 2

struct loops_program {
	struct block_maker maker;
	u32 insn[PAGE_SIZE / 4];
	unsigned count;
	unsigned function[LOOPS_FUNCTIONS]; /* the indices of their first instructions */
	u64 vtype[3];
	u64 vl, x[32], f[32];
	u8 v[VECTOR_REGISTERS * VLENB_MAX];
	/* The page-table entries of the data pages, and those to be copied over them. */
	u64 entry[2 * PAGES];
	u64 forbidden; /* the address of PMP_BYTES bytes that may not be accessed; 0: none */
	u64 vs; /* mstatus.VS at the start */
	bool ones, half_avl; /* tail_ones and half_avl of struct vector_config */
	bool keeps; /* the trap handler does not change vstart */
};

/* Returns the entry for a page. */
static inline u64 loops_leaf(u64 pa, u64 flags)
{
	return pa >> 2 | flags;
}

/* Makes a program. The caller has initialised program->maker, whose seed determines it. */
void loops_make(struct loops_program *program, unsigned vlenb);

/*
 * These are the parts of loops_make, which other programs use, too. loops_begin chooses vtypes and
 * makes no code.
 */
void loops_begin(struct loops_program *program, unsigned vlenb);

/* Adds an instruction. */
void loops_add(struct loops_program *program, u32 insn);

/* Returns addi rd, rs, imm. */
u32 loops_addi(u32 rd, u32 rs, int imm);

/* Adds a loop for vtype[0]. Its addresses start at those in BASE and the following registers. */
void loops_add_loop(struct loops_program *program);

/*
 * Adds code that decrements an x register and branches back to an instruction while the result is
 * positive.
 */
void loops_add_back(struct loops_program *program, unsigned reg, unsigned to);

/* Returns an instruction that sets a vtype; if it is vsetvl, the vtype in register VTYPE. */
u32 loops_vset(struct loops_program *program, u64 vtype);

/* Sets the initial values of counters, steps and VTYPE. */
void loops_make_counts(struct loops_program *program, unsigned vlenb);

#endif
