/* SPDX-License-Identifier: MIT */
/* Prices of blocks in native code (see priced.h). */
#include "cpu/jit/priced.h"

#include "cpu/jit/gen.h"
#include "cpu/timing/price.h"

_Static_assert((BLOCK_INSNS + 1) << TIMING_PRICE_JUMPS < INT32_MAX, "a price is an immediate");
_Static_assert(PRICED_CYCLES_MOST == BIT(TIMING_PRICE_JUMPS) - 1, "jumps are above the cycles");

/* Returns what gen_price adds. */
static s64 price_of(const struct gen *gen, unsigned first, unsigned end, bool taken)
{
	const struct timing_block *timing = gen->block->timing;

	if (!priced_is(gen->block))
		return 0;
	return (s64)timing->insn[end].sum - timing->insn[first].sum + (taken ? timing->taken : 0);
}

void gen_price(struct gen *gen, struct x86 *x, unsigned first, unsigned end, bool taken)
{
	s64 price = price_of(gen, first, end, taken);

	if (price)
		X86(x, ADD, x86_at(8, ENV, ENV_OF(native.price)), x86_imm(price));
}

void gen_price_of_skip(struct gen *gen, unsigned n, ZydisMnemonic move)
{
	s64 price = price_of(gen, n + 1, n, true);
	struct x86 *x = &gen->x;

	if (!price)
		return;
	X86(x, MOV, x86_reg(4, RCX), x86_imm(0));
	X86(x, MOV, x86_reg(8, RDX), x86_imm(price));
	x86_write(x, move, 2, (struct x86_arg[]){ x86_reg(8, RCX), x86_reg(8, RDX) });
	X86(x, ADD, x86_at(8, ENV, ENV_OF(native.price)), x86_reg(8, RCX));
}

/* Adds what was done since the last time, and a part of the block besides. */
static void take(struct hart *hart, u32 part)
{
	struct timing_sums *sums = &hart->native.prices->sums;

	timing_sums_add_packed(sums, hart->native.price + part);
	sums->instructions += hart->steps - hart->native.priced;
	hart->native.price = 0;
	hart->native.priced = hart->steps;
}

void priced_take(struct hart *hart)
{
	take(hart, 0);
}

bool priced_begin(struct hart *hart, const struct insn *insn, const struct block *block)
{
	struct timing_prices *prices = hart->native.prices;
	enum insn_class class = isa_ops[insn->op].class;

	take(hart, block->timing->insn[insn->index].sum);
	if (class_leaves(class)) {
		hart->native.undone = insn;
		return false;
	}
	timing_sums_take(&prices->sums, block->timing, insn->index);
	prices->block = block->timing;
	hart->steps -= insn->index;
	hart->index = insn->index;
	/* If a branch is taken tells its next pc, because no target is odd. */
	if (class == CLASS_BRANCH)
		hart->npc = 1;
	return true;
}

void priced_end(struct hart *hart, const struct insn *insn, const struct block *block, u64 next,
		bool done)
{
	struct timing_prices *prices = hart->native.prices;

	timing_sums_add(&prices->sums, block->timing, insn->index + done);
	prices->block = NULL;
	hart->steps += insn->index;
	hart->index = 0;
	hart->native.priced = hart->steps + done;
	if (isa_ops[insn->op].class != CLASS_BRANCH)
		return;
	if (hart->npc == 1)
		hart->npc = next;
	else
		prices->sums.cycles += block->timing->taken;
}

void priced_go_on(struct hart *hart, const struct insn *insn, const struct block *block)
{
	/* Where the block is left, all that is before is added. */
	hart->native.price = -(u64)block->timing->insn[insn->index + 1].sum;
}
