/* SPDX-License-Identifier: MIT */
/*
 * An entry of a commit log, which describes the effects of an instruction or a trap on a hart.
 * There are two formats: `spike` is the text of Spike's --log-commits, with the lines of its -l for
 * traps; `json` is an object per line. Logs that are read come from outside and are not trusted.
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
	u64 value; /* for a vector register, the index in commit.vectors */
};

struct commit_mem {
	u64 va, value;
	u8 size; /* bytes; 0: a load, whose value is in a register */
};

struct commit {
	unsigned hart;
	u64 pc;
	u8 priv;
	bool virt; /* only json has it */
	/* false for an instruction that retired, or a vector access that trapped midway */
	bool trap;
	u32 raw;
	u64 cause, tval; /* for traps only */
	u64 gpa; /* for guest-page faults only; only json has it */
	/*
	 * A vector instruction, except vsetvli and the like. The next three fields are only for
	 * these.
	 */
	bool vector;
	u16 sew; /* bits */
	s8 lmul; /* the binary logarithm */
	u64 vl;
	unsigned vlenb; /* the bytes of each of `vectors` */
	unsigned reg_count, vector_count, mem_count;
	/* commit_clear and commit_copy skip the elements beyond these counts. */
	struct commit_reg regs[COMMIT_REGS_MAX];
	u8 vectors[COMMIT_VECTORS_MAX][VLENB_MAX];
	struct commit_mem mems[COMMIT_MEMS_MAX];
};

void commit_clear(struct commit *commit);
void commit_copy(struct commit *to, const struct commit *from);

/*
 * Add a register or an access, in the order in which Spike lists them. A register that is added
 * twice is in the list once. Entries beyond the maximum are dropped.
 */
void commit_reg(struct commit *commit, enum commit_file file, unsigned number, u64 value);
void commit_mem(struct commit *commit, u64 va, unsigned size, u64 value);
/* `bytes` has commit->vlenb bytes, the lowest first. */
void commit_vector(struct commit *commit, unsigned number, const u8 *bytes);

/* Writes the entry's line or lines, with their newlines. Returns the length. */
size_t commit_print(const struct commit *commit, enum commit_format format, char *text,
		    size_t size);

/*
 * Stores the cause that Spike calls by this name ("trap_load_page_fault", "interrupt #7"). Returns
 * false if there is no such name.
 */
#define COMMIT_TRAP_MAX 40
bool commit_trap_cause(const char *name, u64 *cause);
/* Returns whether Spike logs a tval for the cause: ECALLs and interrupts have none. */
bool commit_trap_has_tval(u64 cause);
/* Returns whether json logs a guest physical address for the cause: it is a guest-page fault. */
bool commit_trap_has_gpa(u64 cause);

/*
 * Parses a line, without its newline, in either format. Returns false if it is neither a commit nor
 * a trap: Spike's logs also contain disassembly and messages. A trap's tval is on a separate line,
 * which commit_parse_tval parses.
 */
bool commit_parse(const char *line, struct commit *commit);
bool commit_parse_tval(const char *line, u64 *tval);

#endif
