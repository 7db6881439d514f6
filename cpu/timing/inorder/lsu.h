/* SPDX-License-Identifier: MIT */
/* Memory accesses between issue and the data side (data.h), which does everything else. */
#ifndef CPU_TIMING_INORDER_LSU_H
#define CPU_TIMING_INORDER_LSU_H

#include "cpu/timing/inorder/actions.h"
#include "cpu/timing/inorder/decode.h"
#include "cpu/timing/inorder/params.h"

#define UNITS "cpu/timing/inorder/state/lsu.def"
#include "cpu/timing/fields/structs.inc"

/*
 * Flushes: instructions after the flush begin again; stores and fences that have retired continue.
 */
void inorder_lsu_flush(struct inorder_lsu *lsu);
void inorder_lsu_reset(struct inorder_lsu *lsu);

/* The cycle in which one more access can be issued, and the cause that it cannot before. */
struct inorder_room {
	u64 cycle;
	enum timing_cause cause;
};
/* Returns this for an access that could be issued in `cycle`. */
struct inorder_room inorder_lsu_room(struct inorder_lsu *lsu, const struct inorder_uop *uop,
				     u64 cycle);

/*
 * Return, for an access that is issued in `cycle`, when the result of a load is there, or when a
 * writing access may retire.
 */
u64 inorder_lsu_load(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle);
u64 inorder_lsu_place(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle);

/*
 * Returns the same for a store that retires, in `retires` at the earliest; *waits is how long it
 * then waits for others. All of that is one action.
 */
u64 inorder_lsu_store(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle,
		      u64 retires, u64 *waits);

/*
 * Return the same for an atomic that is done in the cache; and when it retires if it could retire
 * in `cycle`.
 */
u64 inorder_lsu_atomic(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle);
u64 inorder_lsu_end_atomic(struct inorder_lsu *lsu, const struct inorder_uop *uop, u64 cycle);

/* Returns when an atomic done in memory, which could retire in `cycle`, retires. */
u64 inorder_lsu_in_memory(struct inorder_lsu *lsu, u64 cycle, const struct timing_record *record);

/* Returns when all retired accesses are done, at least `cycle`, if no more come. */
u64 inorder_lsu_drain(struct inorder_lsu *lsu, u64 cycle);

/* Returns when a fence that could retire in `cycle` retires. */
u64 inorder_lsu_fence(struct inorder_lsu *lsu, u64 cycle);

#endif
