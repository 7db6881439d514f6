/* SPDX-License-Identifier: MIT */
/*
 * Native code of a hart whose timing model adds up prices (timing/price.h). Such code has a block
 * key of its own (BLOCK_KEY_PRICED). At each exit of a block it adds the price of the executed part
 * to hart->native.price; the number of executed instructions is what was subtracted from the slice.
 * C adds both to hart->native.prices.
 */
#ifndef CPU_JIT_TIMED_PRICED_H
#define CPU_JIT_TIMED_PRICED_H

#include "cpu/engine/block_cache.h"
#include "cpu/hart/hart.h"
#include "cpu/jit/x86.h"

struct gen;

/* The most cycles for which there is room in hart->native.price. */
#define PRICED_CYCLES_MOST (BIT(24) - 1)

/* Returns whether native code of the block adds up prices. */
static inline bool priced_is(const struct block *block)
{
	return block->key & BLOCK_KEY_PRICED;
}

/*
 * Writes what adds the price of the instructions from `first` up to `end`, or subtracts it if they
 * are in the other order, and that of a taken branch. It changes flags of x86, and no register.
 */
void gen_price(struct gen *gen, struct x86 *x, unsigned first, unsigned end, bool taken);

/*
 * Writes the same for a branch around instruction `n`, if the condition of a conditional move
 * holds. It changes flags of x86, RCX and RDX.
 */
void gen_price_of_skip(struct gen *gen, unsigned n, ZydisMnemonic move);

/*
 * Writes what adds the price of the elements of a vector instruction that was done in line, if they
 * have one. It changes flags of x86 and RAX.
 */
void gen_price_of_elements(struct gen *gen, const struct insn *insn);

/*
 * The rest is for harts with native.prices. Adds what was done in native code; steps is exact.
 */
void priced_take(struct hart *hart);

/*
 * Native code calls the body of an instruction, and steps is exact: the body may ask for the time.
 * Returns false if the instruction must not be executed here (native.undone): it may change the
 * mode, and is neither an ECALL nor an SRET.
 */
bool priced_begin(struct hart *hart, const struct insn *insn, const struct block *block);

/* Behind that: the body is done, or it trapped. `next` is the address behind the instruction. */
void priced_end(struct hart *hart, const struct insn *insn, const struct block *block, u64 next,
		bool done);

/*
 * Behind that the hart may have changed its mode, or the trap was taken. Both return whether native
 * code may go on at hart->pc.
 */
bool priced_changed(struct hart *hart);
bool priced_trapped(struct hart *hart, const struct block *block);

/* Or native code goes on in the block. */
void priced_go_on(struct hart *hart, const struct insn *insn, const struct block *block);

#endif
