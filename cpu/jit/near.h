/* SPDX-License-Identifier: MIT */
/*
 * Accesses near a register: their address is a register plus a small number, as in
 * node->child[key > node->key]. Usually the register is known before the number, so the entry of
 * the TLB view is chosen by the register's page, and the host can load it while the number is still
 * computed. The tag is compared with the page of the address, as usual, so an access in
 * another page than the register misses, and is retried.
 */
#ifndef CPU_JIT_NEAR_H
#define CPU_JIT_NEAR_H

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
 * Writes code that leaves the entry's index in RCX, before an instruction that changes the register
 * which the access after it is near (insn_place.ahead).
 */
void gen_index_ahead(struct gen *gen, const struct insn *insn);

/* Does so, unless that was done ahead, before the check of an access that is near a register. */
void gen_write_near_index(struct gen *gen, const struct insn *insn);

#endif
