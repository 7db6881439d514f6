/* SPDX-License-Identifier: MIT */
/*
 * The interpreter: fetches, decodes and executes one instruction at a time. It caches nothing that
 * depends on memory. All other tiers are checked against it, and it executes single instructions
 * for them.
 */
#ifndef CPU_ENGINE_INTERP_H
#define CPU_ENGINE_INTERP_H

#include "cpu/hart/hart.h"

/*
 * An instruction's body as a function. It returns false with hart->trap filled in; otherwise it has
 * set hart->npc.
 */
typedef bool (*interp_fn)(struct hart *h, const struct insn *i);
extern const interp_fn interp_exec[OP_TABLE_SIZE];

/*
 * Executes until the slice ends, the hart traps, or hart->stop is set. It does not call the hook
 * `entered`, which would cost time: observe_run is used if that is needed.
 */
enum hart_exit interp_run(struct hart *hart);

/* Executes exactly one instruction, if it does not trap. */
enum hart_exit interp_step(struct hart *hart);

/* Executes the instruction at hart->pc, which interp_decode has fetched and decoded. */
enum hart_exit interp_execute(struct hart *hart, const struct insn *insn);

/*
 * Returns an empty table of decoded instructions, indexed by their bits (hart->memo), or NULL. The
 * caller frees it by free().
 */
struct insn *interp_memo_create(void);

/*
 * Decodes an instruction for the present state of the hart: it is illegal if its unit is disabled
 * (FS). Used by the interpreter and the block cache.
 */
void interp_decode(struct hart *hart, u32 raw, struct insn *insn);

#endif
