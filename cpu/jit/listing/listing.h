/* SPDX-License-Identifier: MIT */
/* Lists native code when it is written: a dump for people, a map for perf (struct jit_listing). */
#ifndef CPU_JIT_LISTING_LISTING_H
#define CPU_JIT_LISTING_LISTING_H

#include "cpu/jit/impl.h"

struct gen;

/* Code that all blocks share. `begin` and `end` are the addresses at which it is written. */
struct jit_stub {
	const char *name;
	const u8 *begin, *end;
};

/* Finds the n-th stub. Returns false if there are fewer. */
bool jit_stub(const struct jit *jit, unsigned n, struct jit_stub *stub);

/* List the stubs, and the block that was just translated, which is at its hart's pc. */
void jit_list_stubs(const struct jit *jit);
void jit_list_block(const struct gen *gen);

/*
 * Write the same to the dump only, which must not be NULL; `name` is that of the block's address,
 * or "".
 */
void jit_dump_stubs(const struct jit *jit);
void jit_dump_block(const struct gen *gen, const char *name);

#endif
