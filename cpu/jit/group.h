/* SPDX-License-Identifier: MIT */
/* Accesses of a block whose pages are checked at once. */
#ifndef CPU_JIT_GROUP_H
#define CPU_JIT_GROUP_H

#include "bus/base.h"

struct emitter;
struct gen;
struct insn;

/*
 * Accesses by the same base register, without a change of it between them, that are checked at
 * once: bytes from base + low to base + high.
 */
struct group {
	u8 first, count; /* the index of the first, and how many */
	s32 low, high;
};

/* Finds the groups of accesses of the block, whose places are known. */
void gen_find_groups(struct gen *gen);

/* Return whether it translates a load or store of one datum. */
bool gen_is_load(const struct emitter *emitter);
bool gen_is_store(const struct emitter *emitter);

/* Returns the group of an access that has others, or NULL: it checks for itself. */
const struct group *gen_group_of(const struct gen *gen, const struct insn *insn);

/* Returns where the hart keeps what is to be added to the addresses of a group. */
s64 gen_group_slot(const struct gen *gen, const struct group *group);

#endif
