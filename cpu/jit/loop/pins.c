/* SPDX-License-Identifier: MIT */
/* Chooses what host registers hold in a strip, and moves it there and back (see pins.h). */
#include "cpu/jit/loop/pins.h"

#include "cpu/isa/format.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/stubs.h"

/*
 * This is more than the uses of anything else in an iteration: the view stays in its register if an
 * access needs it.
 */
#define VIEW_USES 1000

enum { PINS = PIN_VIEW + 1 };

/* Returns the host register in which all other code has something; X86_NONE if it is not in one. */
static unsigned home_of(unsigned n)
{
	if (n == PIN_VIEW)
		return VIEW;
	return n < X_SINK ? pin_x[n] : X86_NONE;
}

static void count_uses_of(const struct loop *loop, const struct insn *insn, unsigned *uses)
{
	const struct format *format = isa_format(insn->op);
	const u8 stream = loop->streamed[insn->index];
	const u8 reg[] = { format_register(format->rd, insn->rd),
			   format_register(format->rs1, insn->rs1),
			   format_register(format->rs2, insn->rs2) };

	for (unsigned i = 0; i < ARRAY_SIZE(reg); i++)
		if (reg[i] < FORMAT_F)
			uses[reg[i]]++;
	if (stream)
		uses[PIN_STREAM + stream - 1]++;
}

/* Counts how often an iteration uses each of the things that a register can hold. */
static void count_uses(const struct gen *gen, const struct loop *loop, unsigned *uses)
{
	for (unsigned part = 0; part < loop->stretches; part++) {
		const struct stretch *stretch = &loop->stretch[part];
		const struct insn *insn = gen_insn(gen, stretch->first);

		for (unsigned n = stretch->first; n <= stretch->last; n++, insn = block_next(insn))
			count_uses_of(loop, insn, uses);
	}
	uses[0] = 0;
	if (loop->asks)
		uses[PIN_VIEW] = VIEW_USES;
}

/* Returns what is used most of what is not in a host register; 0 if nothing of it is used. */
static unsigned find_most_used(const struct loop *loop, const unsigned *uses)
{
	unsigned best = 0;

	for (unsigned n = 1; n < PINS; n++)
		if (uses[n] > uses[best] && loop->pin[n] == X86_NONE)
			best = n;
	return best;
}

/*
 * Returns what is used least of what is still in the register where other code has it; 0 if there
 * is none.
 */
static unsigned find_least_used(const struct loop *loop, const unsigned *uses)
{
	unsigned best = 0;

	for (unsigned n = 1; n < PINS; n++)
		if (home_of(n) != X86_NONE && loop->pin[n] == home_of(n) &&
		    (!best || uses[n] < uses[best]))
			best = n;
	return best;
}

void gen_choose_pins(const struct gen *gen, struct loop *loop)
{
	unsigned uses[PINS] = { 0 }, most, least;

	for (unsigned n = 0; n < PINS; n++)
		loop->pin[n] = (u8)home_of(n);
	/* The stubs that vector instructions call expect everything in the usual registers. */
	if (loop->vectors)
		return;
	count_uses(gen, loop, uses);
	for (;;) {
		most = find_most_used(loop, uses);
		least = find_least_used(loop, uses);
		if (!least || uses[most] <= uses[least])
			return;
		loop->pin[most] = loop->pin[least];
		loop->pin[least] = X86_NONE;
		loop->moves++;
		loop->spared += uses[most] - uses[least];
	}
}

/* Returns the place in the hart of an x register or an addend. */
static struct x86_arg place_in_hart(unsigned n)
{
	assert(n != PIN_VIEW);
	if (n >= PIN_STREAM)
		return x86_at(8, ENV, gen_stream_slot(n - PIN_STREAM));
	return gen_x_in_hart(8, n);
}

void gen_enter_pins(struct x86 *x, const struct loop *loop)
{
	for (unsigned n = 0; n < X_SINK; n++)
		if (home_of(n) != X86_NONE && loop->pin[n] == X86_NONE)
			X86(x, MOV, place_in_hart(n), x86_reg(8, home_of(n)));
	for (unsigned n = 0; n < PINS; n++)
		if (home_of(n) == X86_NONE && loop->pin[n] != X86_NONE)
			X86(x, MOV, x86_reg(8, loop->pin[n]), place_in_hart(n));
}

void gen_leave_pins(struct x86 *x, const struct loop *loop)
{
	for (unsigned n = 0; n < X_SINK; n++)
		if (home_of(n) == X86_NONE && loop->pin[n] != X86_NONE && loop->written >> n & 1)
			X86(x, MOV, place_in_hart(n), x86_reg(8, loop->pin[n]));
	for (unsigned n = 0; n < PIN_STREAM; n++)
		if (home_of(n) != X86_NONE && loop->pin[n] == X86_NONE)
			X86(x, MOV, x86_reg(8, home_of(n)), place_in_hart(n));
	if (loop->pin[PIN_VIEW] == X86_NONE)
		stubs_load_view(x);
}
