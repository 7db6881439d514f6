/* SPDX-License-Identifier: MIT */
/*
 * A commit is one entry of a commit log: it says what an instruction, or a trap, did to a hart.
 * There are two formats: `spike` is the text of Spike's --log-commits with the lines of its -l for
 * traps, and `json` is an object per line. The files that are read come from outside, and nothing
 * in them is trusted.
 */
#ifndef CPU_DEBUG_COMMIT_H
#define CPU_DEBUG_COMMIT_H

#include "bus/base.h"
#include "cpu/hart/vector_state.h"

/* The longest text is that of eight vector registers that are stored byte by byte. */
#define COMMIT_TEXT_MAX (48 * 1024)
#define COMMIT_REGS_MAX 40
#define COMMIT_VECTORS_MAX 8
#define COMMIT_MEMS_MAX (8 * VLENB_MAX)

enum commit_format { COMMIT_SPIKE, COMMIT_JSON };

enum commit_file { COMMIT_X, COMMIT_F, COMMIT_V, COMMIT_CSR };

struct commit_reg {
	u16 file; /* enum commit_file */
	u16 number;
	u64 value; /* of vectors the index in commit.vectors */
};

struct commit_mem {
	u64 va, value;
	u8 size; /* bytes; 0 if it is a load, whose value is in the register */
};

struct commit {
	unsigned hart;
	u64 pc;
	u8 priv;
	bool virt; /* only json has it */
	bool trap; /* false for an instruction that retired */
	u32 raw;
	u64 cause, tval; /* for traps only */
	u64 gpa; /* for guest-page faults only; only json has it */
	/* A vector instruction, no vsetvli or its like; the next three are for these only. */
	bool vector;
	u16 sew; /* bits */
	s8 lmul; /* the logarithm to the base of 2 */
	u64 vl;
	unsigned vlenb; /* the bytes of each of `vectors` */
	unsigned reg_count, vector_count, mem_count;
	/* commit_clear and commit_copy leave out what is not counted. */
	struct commit_reg regs[COMMIT_REGS_MAX];
	u8 vectors[COMMIT_VECTORS_MAX][VLENB_MAX];
	struct commit_mem mems[COMMIT_MEMS_MAX];
};

void commit_clear(struct commit *commit);
void commit_copy(struct commit *to, const struct commit *from);

/*
 * These add a register or an access, in the order in which Spike lists them. A register that is
 * added twice is there once. What exceeds the maximum is dropped.
 */
void commit_reg(struct commit *commit, enum commit_file file, unsigned number, u64 value);
void commit_mem(struct commit *commit, u64 va, unsigned size, u64 value);
/* `bytes` are commit->vlenb many, the lowest first. */
void commit_vector(struct commit *commit, unsigned number, const u8 *bytes);

/* Writes the line or lines with their newlines, and returns the length. */
size_t commit_print(const struct commit *commit, enum commit_format format, char *text,
		    size_t size);

/*
 * These convert between a cause and Spike's name of it ("trap_load_page_fault", "interrupt #7").
 * commit_trap_cause returns false if there is no such name.
 */
#define COMMIT_TRAP_MAX 40
bool commit_trap_cause(const char *name, u64 *cause);
/* Returns whether Spike logs a tval for the cause: ECALLs and interrupts have none. */
bool commit_trap_has_tval(u64 cause);
/* Returns whether json logs a guest physical address for the cause: it is a guest-page fault. */
bool commit_trap_has_gpa(u64 cause);

/*
 * Parses a line, without its newline, in either format. Returns false if it is no commit and no
 * trap: Spike's logs hold disassembly and messages too. A trap's tval comes in a line of its own,
 * which commit_parse_tval takes.
 */
bool commit_parse(const char *line, struct commit *commit);
bool commit_parse_tval(const char *line, u64 *tval);

#endif
