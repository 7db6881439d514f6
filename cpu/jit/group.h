/* SPDX-License-Identifier: MIT */
/*
 * Groups: accesses of a block whose pages are checked together. From the first access of a group to
 * the last there is a second version of the code, in the cold half, which checks each access by
 * itself. It is used when the check of the group fails, and after calls of bodies, which may have
 * changed what was found.
 */
#ifndef CPU_JIT_GROUP_H
#define CPU_JIT_GROUP_H

#include "bus/base.h"

struct gen;
struct insn;

/*
 * Accesses by the same base register, which is not changed between them, that are checked together:
 * bytes from base + low to base + high.
 */
struct group {
	u8 first, last; /* the indices of the first and the last access */
	bool kept; /* the host address is also kept in the hart, because RCX changes in between */
	s32 low, high; /* in bytes; `high` is exclusive */
};

/* Finds the groups of the block. Its places must be known. */
void gen_find_groups(struct gen *gen);

/* Returns whether an access is one of several in a group, which not all versions check at once. */
bool gen_is_grouped(const struct gen *gen, const struct insn *insn);

/* Returns the group of an access, or NULL if the access is checked by itself. */
const struct group *gen_group_of(const struct gen *gen, const struct insn *insn);

/* Returns the offset, from ENV, at which the hart keeps the host address of base + low. */
s64 gen_group_slot(const struct gen *gen, const struct group *group);

/* Writes the version without groups of code with groups. The code with groups must be complete. */
void gen_write_ungrouped(struct gen *gen);

#endif
