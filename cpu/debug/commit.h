/* SPDX-License-Identifier: MIT */
/*
 * One line of a commit log: what an instruction, or a trap, did to a hart. Written and read in two
 * formats: `spike`, the text of Spike's --log-commits with its -l lines for traps, and `json`, an
 * object per line. Reading is of files from outside: nothing of them is trusted.
 */
#ifndef CPU_DEBUG_COMMIT_H
#define CPU_DEBUG_COMMIT_H

#include "bus/base.h"

/* The longest is cbo.zero's, a store per byte. */
#define COMMIT_TEXT_MAX 4096
#define COMMIT_REGS_MAX 40
#define COMMIT_MEMS_MAX 64

enum commit_format { COMMIT_SPIKE, COMMIT_JSON };

enum commit_file { COMMIT_X, COMMIT_F, COMMIT_CSR };

struct commit_reg {
	u16 file; /* enum commit_file */
	u16 number;
	u64 value;
};

struct commit_mem {
	u64 va, value;
	u8 size; /* bytes; 0: a load, whose value is in the register */
};

struct commit {
	unsigned hart;
	u64 pc;
	u8 priv;
	bool virt; /* json only */
	bool trap; /* else an instruction that retired */
	u32 raw;
	u64 cause, tval; /* of a trap */
	struct commit_reg regs[COMMIT_REGS_MAX];
	unsigned reg_count;
	struct commit_mem mems[COMMIT_MEMS_MAX];
	unsigned mem_count;
};

/* In the order in which Spike lists them; a register twice is there once. Too many are dropped. */
void commit_reg(struct commit *commit, enum commit_file file, unsigned number, u64 value);
void commit_mem(struct commit *commit, u64 va, unsigned size, u64 value);

/* The line or lines, with newlines; returns the length. */
size_t commit_print(const struct commit *commit, enum commit_format format, char *text,
		    size_t size);

/* "trap_load_page_fault", "interrupt #7", as Spike's; and back: false when there is none such. */
#define COMMIT_TRAP_MAX 40
void commit_trap_name(u64 cause, char *name, size_t size);
bool commit_trap_cause(const char *name, u64 *cause);
/* Spike's ECALLs and interrupts have no tval. */
bool commit_trap_has_tval(u64 cause);

/*
 * What a line, without its newline, says in either format. False when it is no commit or trap:
 * Spike's logs hold disassembly and messages too. A trap's tval comes in a line of its own, which
 * commit_parse_tval takes.
 */
bool commit_parse(const char *line, struct commit *commit);
bool commit_parse_tval(const char *line, u64 *tval);


#endif
