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

/* The most cycles that hart->native.price can hold. */
#define PRICED_CYCLES_MOST (BIT(24) - 1)

/* Returns whether native code of the block adds up prices. */
static inline bool priced_is(const struct block *block)
{
	return block->key & BLOCK_KEY_PRICED;
}

/*
 * Writes the addition of the price of the instructions from index `first` to before `end`, or its
 * subtraction if `end` is less, and of the price of a taken branch if `taken`. The code changes the
 * flags of x86, but no register. No price function writes anything if the block adds up no prices.
 */
void gen_price(struct gen *gen, struct x86 *x, unsigned first, unsigned end, bool taken);

/*
 * Writes the same for a branch around instruction `n`, if the condition of a conditional move
 * holds. It changes flags of x86, RCX and RDX.
 */
void gen_price_of_skip(struct gen *gen, unsigned n, ZydisMnemonic move);

/*
 * Writes the addition of the price of a vector instruction's elements, if they have one, after its
 * emitted code. It changes flags of x86 and RAX.
 */
void gen_price_of_elements(struct gen *gen, const struct insn *insn);

/*
 * Adds what was executed in native code since the last time to native.prices. hart->steps must be
 * exact. This and the next functions are for harts with native.prices.
 */
void priced_take(struct hart *hart);

/*
 * Makes the sums exact before native code calls the body of an instruction, because the body may
 * read the time; hart->steps must be exact. Returns false, with native.undone set, if the body must
 * not be called: the instruction may change the mode, and is neither an ECALL nor an SRET.
 */
bool priced_begin(struct hart *hart, const struct insn *insn, const struct block *block);

/*
 * Accounts for the instruction after its body has returned `done`; false means that it trapped.
 * `next` is the address after the instruction.
 */
void priced_end(struct hart *hart, const struct insn *insn, const struct block *block, u64 next,
		bool done);

/*
 * Account for a possible change of the mode, or for a trap that was taken, after priced_end. They
 * return whether native code may continue at hart->pc.
 */
bool priced_changed(struct hart *hart);
bool priced_trapped(struct hart *hart, const struct block *block);

/* Prepares native.price, after priced_end, if native code continues in the block instead. */
void priced_continue(struct hart *hart, const struct insn *insn, const struct block *block);

#endif
