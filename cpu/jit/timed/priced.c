/* SPDX-License-Identifier: MIT */
/* Adds up the prices of blocks in native code (see priced.h). */
#include "cpu/jit/timed/priced.h"

#include "cpu/jit/gen.h"
#include "cpu/timing/price.h"

_Static_assert((BLOCK_INSNS_MAX + 1) << TIMING_PRICE_JUMPS < INT32_MAX, "a price is an immediate");
_Static_assert(PRICED_CYCLES_MOST == BIT(TIMING_PRICE_JUMPS) - 1, "jumps are above the cycles");

/* Returns the number that gen_price adds. */
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

void gen_price_of_elements(struct gen *gen, const struct insn *insn)
{
	u8 element = priced_is(gen->block) ? gen->block->timing->insn[insn->index].element : 0;
	struct x86 *x = &gen->x;

	if (!element)
		return;
	X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(vector.vl)));
	X86(x, IMUL, x86_reg(8, RAX), x86_reg(8, RAX), x86_imm(element));
	X86(x, ADD, x86_at(8, ENV, ENV_OF(native.price)), x86_reg(8, RAX));
}

/*
 * Adds what was executed since the last time to the sums, and the price `part` of a part of the
 * block.
 */
static void priced_take_sums(struct hart *hart, u32 part)
{
	struct timing_sums *sums = &hart->native.prices->sums;

	timing_sums_add_packed(sums, hart->native.price + part);
	sums->instructions += hart->steps - hart->native.priced;
	hart->native.price = 0;
	hart->native.priced = hart->steps;
}

void priced_take(struct hart *hart)
{
	priced_take_sums(hart, 0);
}

bool priced_begin(struct hart *hart, const struct insn *insn, const struct block *block)
{
	struct timing_prices *prices = hart->native.prices;
	enum insn_class class = isa_ops[insn->op].class;

	priced_take_sums(hart, block->timing->insn[insn->index].sum);
	if (class_leaves(class) && insn->op != OP_ecall && insn->op != OP_sret) {
		hart->native.undone = insn;
		return false;
	}
	timing_sums_take(&prices->sums, block->timing, insn->index);
	prices->block = block->timing;
	hart->steps -= insn->index;
	hart->index = insn->index;
	timing_prices_begin_vector(prices, insn->index, hart->vector.vl);
	/* An odd npc, which no branch writes, shows afterwards whether the branch was taken. */
	if (class == CLASS_BRANCH)
		hart->npc = 1;
	return true;
}

void priced_end(struct hart *hart, const struct insn *insn, const struct block *block, u64 next,
		bool done)
{
	struct timing_prices *prices = hart->native.prices;

	timing_sums_add(&prices->sums, block->timing, insn->index + done);
	timing_prices_end_vector(prices, insn->index + done);
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

static void add_sums(struct timing_sums *to, const struct timing_sums *sums)
{
	to->cycles += sums->cycles;
	to->jumps += sums->jumps;
	to->instructions += sums->instructions;
	to->traps += sums->traps;
}

bool priced_changed(struct hart *hart)
{
	struct timing_prices *prices = hart->native.prices;
	enum timing_mode mode = timing_mode_of(hart->priv | (hart->virt ? TIMING_VIRTUAL : 0));

	if (mode != prices->mode) {
		add_sums(&prices->before[prices->mode], &prices->sums);
		prices->sums = (struct timing_sums){ 0 };
		if (!prices->switched)
			prices->first = prices->mode;
		prices->switched = true;
		prices->mode = (u8)mode;
	}
	/* While landing pads are in force, the model needs a record of each jump. */
	return !hart->lpe;
}

bool priced_trapped(struct hart *hart, const struct block *block)
{
	struct timing_sums *sums = &hart->native.prices->sums;

	sums->cycles += block->timing->trap;
	sums->traps++;
	hart->native.priced = hart->steps;
	return priced_changed(hart);
}

void priced_continue(struct hart *hart, const struct insn *insn, const struct block *block)
{
	/*
	 * The code adds the price of the block from its start when it is left, so the part that was
	 * accounted for already is subtracted here.
	 */
	hart->native.price = -(u64)block->timing->insn[insn->index + 1].sum;
}
