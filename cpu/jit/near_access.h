/* SPDX-License-Identifier: MIT */
/*
 * Accesses near a register: their address is a register plus a small number, as in
 * node->child[key > node->key]. Usually the register is known before the number. So the entry of
 * the TLB view is chosen by the register's page, and the host can load it while the number is still
 * computed. The tag is compared with the page of the last byte, as always. If that is another page,
 * the access misses, and is retried with the index of its own page (a group continues in the
 * version without groups). It cannot hit wrongly: the register is at most the address of the first
 * byte, and less than a page below it, so if it is in the page of the last byte, so is the first
 * byte.
 */
#ifndef CPU_JIT_NEAR_ACCESS_H
#define CPU_JIT_NEAR_ACCESS_H

#include <stdbool.h>

struct gen;
struct insn;

/*
 * Finds the accesses of the block that are near a register. Its places, groups, lengths and loops
 * must be known.
 */
void gen_find_near(struct gen *gen);

/* Returns whether the entry of the access is to be chosen by the register that it is near. */
bool gen_is_near(const struct gen *gen, const struct insn *insn);

/*
 * Writes code that leaves the entry's index in RCX, before `insn`, which changes the register that
 * the access after it is near (insn_place.ahead). `insn` must preserve RCX.
 */
void gen_index_ahead(struct gen *gen, const struct insn *insn);

/* Writes the same before the check of the access `insn`, unless gen_index_ahead already did. */
void gen_write_near_index(struct gen *gen, const struct insn *insn);

#endif
