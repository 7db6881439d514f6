/* SPDX-License-Identifier: MIT */
/*
 * The interpreter: fetch, decode, execute, one instruction at a time. It caches nothing that
 * depends on memory, so it is the reference that every other tier is checked against, and the way
 * to execute a single instruction.
 */
#ifndef CPU_ENGINE_INTERP_H
#define CPU_ENGINE_INTERP_H

#include "cpu/hart/hart.h"

/*
 * An instruction's body as a function, which returns false with hart->trap filled in, or sets
 * hart->npc.
 */
typedef bool (*interp_fn)(struct hart *h, const struct insn *i);
extern const interp_fn interp_exec[OP_TABLE_SIZE];

/* Executes until the slice ends, the hart traps, or hart->stop is set. */
enum hart_exit interp_run(struct hart *hart);

/* Executes exactly one instruction, if it does not trap. */
enum hart_exit interp_step(struct hart *hart);

/* Executes the instruction at hart->pc, which interp_decode has fetched and decoded. */
enum hart_exit interp_execute(struct hart *hart, const struct insn *insn);

/* Returns a table of decoded instructions by their bits; it is freed with free(). */
struct insn *interp_memo_create(void);

/*
 * Decodes for the hart as it is now: an instruction is illegal if its state is disabled (FS). Both
 * the interpreter and the block cache decode with this.
 */
void interp_decode(struct hart *hart, u32 raw, struct insn *insn);

#endif
