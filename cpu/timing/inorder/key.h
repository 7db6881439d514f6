/* SPDX-License-Identifier: MIT */
/*
 * The key of a core of kind inorder (the state of memoised simulation). With the results of the
 * core's actions (actions.h) it determines everything that the core will do. It has the timestamps
 * as cycles since one of them, or 0 for those that nothing can wait for any more. It has no data
 * addresses.
 */
#ifndef CPU_TIMING_INORDER_KEY_H
#define CPU_TIMING_INORDER_KEY_H

#include "cpu/timing/inorder/state.h"

/* For each unit a struct UNIT_kept: its part of the key, according to the roles of its fields. */
#include "cpu/timing/inorder/state/roles.inc"
#define UNIT(unit) struct unit##_kept {
#define END(unit) };
#define FIELD_KEPT(type, name) type name;
#define ARRAY_KEPT(type, name, size) type name[size];
#define FIELD_TRANSIENT(type, name)
#define CYCLE_SINCE(name, later) u32 name;
#define CYCLES_SINCE(name, size, later) u32 name[size];
#define ARRAY_RING(count, most) CYCLES_OF_RING
#define CYCLES_OF_RING(type, name, size) u32 name[size];
#define UNIT_PARTS(unit, name) struct unit##_kept name;
#define UNIT_PARTS_IF(has) UNIT_PARTS
#define UNITS "cpu/timing/inorder/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/inorder/state/roles_end.inc"

struct inorder_key {
	struct inorder_kept core;
	/* The fields whose role is BY_HAND; key.c describes when each matters. */
	u64 next; /* The pc, so that a state has few traces, none of which begins elsewhere. */
	u64 word;
	s32 at, ask, busy; /* The first two may lie before the base. */
	u32 room[INORDER_QUEUE_MAX]; /* The instruction that left the queue last comes first. */
	u32 jump_room[INORDER_TARGETS_MAX], jump_pushed;
	u8 jumps, popped_together;
};

/* Returns the cycle from which a key counts; it never decreases. */
static inline u64 inorder_key_base(const struct inorder *core)
{
	return core->issue.popped[0];
}

/* Makes the key of the core. Returns false if the times are too far apart. */
bool inorder_key_take(struct inorder_key *key, const struct inorder *core);

/* Sets the core to the key; its cycles are those since `base`. */
void inorder_key_put(const struct inorder_key *key, struct inorder *core, u64 base);

#endif
