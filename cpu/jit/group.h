/* SPDX-License-Identifier: MIT */
/*
 * Accesses of a block whose pages are checked at once. From the first access of a group to the last
 * one there is a second version of the code, far away, in which each access is checked apart. It is
 * gone to where the check of the group fails, and behind calls of bodies, which may have changed
 * what was found.
 */
#ifndef CPU_JIT_GROUP_H
#define CPU_JIT_GROUP_H

#include "bus/base.h"

struct gen;
struct insn;

/*
 * Accesses by the same base register, without a change of it between them, that are checked at
 * once: bytes from base + low to base + high.
 */
struct group {
	u8 first, last; /* their indices */
	bool kept; /* the host's address is kept in the hart, too, for an access behind others */
	s32 low, high;
};

/* Finds the groups of accesses of the block, whose places are known. */
void gen_find_groups(struct gen *gen);

/* Returns the group of an access that has others, or NULL: it checks for itself. */
const struct group *gen_group_of(const struct gen *gen, const struct insn *insn);

/* Returns where the hart keeps the host's address of base + low of a group. */
s64 gen_group_slot(const struct gen *gen, const struct group *group);

/* Writes the second version of code with groups. The block's code is complete. */
void gen_write_apart(struct gen *gen);

#endif
