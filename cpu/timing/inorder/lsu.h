/* SPDX-License-Identifier: MIT */
/* Memory accesses between issue and the data side (data.h), which is asked for all the rest. */
#ifndef CPU_TIMING_INORDER_LSU_H
#define CPU_TIMING_INORDER_LSU_H

#include "cpu/timing/inorder/actions.h"
#include "cpu/timing/inorder/params.h"

struct inorder_lsu {
	const struct inorder_params *params;
	struct inorder_actions *actions;
	u64 left[INORDER_ACCESSES_MAX]; /* a ring: when an access got to the cache */
	u64 accesses;
	u8 cause; /* enum timing_cause: what the last load took its time with */
};

/* Instructions behind a flush begin anew; what has retired goes on. */
void inorder_lsu_flush(struct inorder_lsu *lsu);

/* When there is room for one more access to be issued. */
u64 inorder_lsu_room(const struct inorder_lsu *lsu);

/* Issued in `cycle`: when the result of a load is there, or one that writes may retire. */
u64 inorder_lsu_load(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle);
u64 inorder_lsu_place(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle);

/*
 * The same of a store that retires, in `retires` at the earliest: and how long it then waits behind
 * others. What is asked about it is one action.
 */
u64 inorder_lsu_store(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle,
		      u64 retires, u64 *waits);

/* An atomic done in the cache. */
u64 inorder_lsu_atomic(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle);

/* An atomic done in memory that could retire in `cycle`: when it does. */
u64 inorder_lsu_in_memory(struct inorder_lsu *lsu, u64 cycle, const struct timing_record *record);

/* Nothing more comes: when all that has retired is done, at least `cycle`. */
u64 inorder_lsu_drain(struct inorder_lsu *lsu, u64 cycle);

#endif
