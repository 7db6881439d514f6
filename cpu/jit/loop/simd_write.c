/* SPDX-License-Identifier: MIT */
/*
 * Writes the iterations that SSE does (see simd.h). Meanwhile some host registers to which x
 * registers are pinned are pointers to the streams, and those x registers are in the hart.
 */
#include "cpu/jit/emitter.h"
#include "cpu/jit/loop/simd_vectors.h"

#include <string.h>

/* The fewest bytes of a stream for which SIMD iterations are worth their preparation. */
#define BYTES_LEAST 128

static struct x86_arg iterations(void)
{
	return x86_at(8, ENV, ENV_OF(native.iterations));
}

static void to_strip(struct simd_writer *w, ZydisMnemonic mnemonic)
{
	assert(w->strips < ARRAY_SIZE(w->strip));
	w->strip[w->strips++] = x86_jump(&w->gen->x, mnemonic);
}

static void to_back(struct simd_writer *w, ZydisMnemonic mnemonic)
{
	assert(w->backs < ARRAY_SIZE(w->back));
	w->back[w->backs++] = x86_jump(&w->gen->x, mnemonic);
}

/*
 * Leaves in RDX and in hart->native.iterations how many iterations are done here. The limits are
 * the iterations after which the loop continues, and those that fit into the budget; both leave the
 * last iteration to the strip's own code.
 */
static void write_count(struct simd_writer *w)
{
	const struct simd_exit *exit = &w->simd.exit;
	const u32 unit = (u32)MAX(1, SIMD_BATCH / w->simd.step), length = w->loop->length;
	struct gen *gen = w->gen;
	struct x86 *x = &gen->x;

	gen_write_form(gen, &exit->to, RAX, RDX);
	X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RAX));
	gen_write_form(gen, &exit->from, RAX, RDX);
	if (exit->none) {
		X86(x, CMP, x86_reg(8, RAX), x86_reg(8, RCX));
		to_strip(w, exit->none);
	}
	X86(x, SUB, x86_reg(8, RCX), x86_reg(8, RAX));
	if (exit->step > 1)
		X86(x, SHR, x86_reg(8, RCX), x86_imm(__builtin_ctz((unsigned)exit->step)));
	/*
	 * The number of the strip's instructions has less than 21 bits, so this multiplication
	 * divides exactly.
	 */
	gen_constant(gen, RDX, (BIT(32) + length - 1) / length);
	X86(x, IMUL, x86_reg(8, RDX), x86_reg(8, BUDGET));
	X86(x, SHR, x86_reg(8, RDX), x86_imm(32));
	X86(x, CMP, x86_reg(8, RCX), x86_reg(8, RDX));
	X86(x, CMOVB, x86_reg(8, RDX), x86_reg(8, RCX));
	if (unit > 1)
		X86(x, AND, x86_reg(8, RDX), x86_imm(-(s64)unit));
	X86(x, CMP, x86_reg(8, RDX), x86_imm(MAX(1, BYTES_LEAST / w->simd.step)));
	to_strip(w, ZYDIS_MNEMONIC_JB);
	X86(x, MOV, iterations(), x86_reg(8, RDX));
}

/*
 * Returns by how many bytes the lowest element that an iteration loads is below the stream's lowest
 * byte.
 */
static s32 bytes_before(const struct simd_writer *w, unsigned number)
{
	const struct stream *stream = &w->loop->stream[number];
	s32 lowest = stream->low;

	for (unsigned n = 0; n < w->simd.loads; n++)
		if (w->simd.load[n].stream == number)
			lowest = MIN(lowest, w->simd.load[n].at);
	return stream->low - lowest;
}

/*
 * Checks that elements of the previous iteration, which are loaded again, are in the same page. If
 * they are not, the strip is limited to one iteration, after which they are.
 */
static void write_before(struct simd_writer *w, unsigned number)
{
	const struct stream *stream = &w->loop->stream[number];
	const struct form form = form_of_stream(stream, stream->low);
	const s32 before = bytes_before(w, number);
	struct x86 *x = &w->gen->x;
	u8 *within;

	if (!before)
		return;
	gen_write_form(w->gen, &form, RAX, RDX);
	X86(x, AND, x86_reg(4, RAX), x86_imm((s64)PAGE_SIZE - 1));
	X86(x, CMP, x86_reg(4, RAX), x86_imm(before));
	within = x86_jump(x, ZYDIS_MNEMONIC_JNB);
	X86(x, ADD, x86_at(8, ENV, ENV_OF(native.rest)), x86_reg(8, BUDGET));
	X86(x, XOR, x86_reg(4, BUDGET), x86_reg(4, BUDGET));
	to_strip(w, ZYDIS_MNEMONIC_JMP);
	x86_patch(within, x->at);
}

/* Chooses host registers for pointers. Returns false if there are not enough. */
static bool choose_pointers(struct simd_writer *w)
{
	unsigned reg = X_SINK;

	memcpy(w->pin, pin_x, X_SINK + 1);
	for (unsigned n = 0; n < NATIVE_STREAMS; n++) {
		if (!(w->simd.streams >> n & 1))
			continue;
		while (reg && pin_x[reg] == X86_NONE)
			reg--;
		if (!reg)
			return false;
		w->pointer[n] = pin_x[reg];
		w->pin[reg--] = X86_NONE;
	}
	return true;
}

/* Writes the code that makes the pointers point to the streams' places in the first iteration. */
static void write_pointers(struct simd_writer *w)
{
	struct gen *gen = w->gen;
	struct x86 *x = &gen->x;

	for (unsigned reg = 0; reg < X_SINK; reg++)
		if (w->pin[reg] != pin_x[reg])
			X86(x, MOV, gen_x_in_hart(8, reg), x86_reg(8, pin_x[reg]));
	gen->pin = w->pin;
	for (unsigned n = 0; n < NATIVE_STREAMS; n++) {
		const struct stream *stream = &w->loop->stream[n];
		const struct form form = form_of_stream(stream, 0);

		if (!(w->simd.streams >> n & 1))
			continue;
		gen_write_form(gen, &form, RAX, RDX);
		X86(x, ADD, x86_reg(8, RAX), x86_at(8, ENV, gen_stream_slot(n)));
		X86(x, MOV, x86_reg(8, w->pointer[n]), x86_reg(8, RAX));
	}
}

static void write_give_up_pointers(struct simd_writer *w)
{
	struct gen *gen = w->gen;

	gen->pin = pin_x;
	for (unsigned reg = 0; reg < X_SINK; reg++)
		if (w->pin[reg] != pin_x[reg])
			X86(&gen->x, MOV, x86_reg(8, pin_x[reg]), gen_x_in_hart(8, reg));
}

/*
 * Writes the check that an output is far enough from the bytes of another stream from `low` to
 * `high`.
 */
static void write_apart_check(struct simd_writer *w, const struct simd_store *output,
			      unsigned other, s32 low, s32 high)
{
	const s32 apart = simd_apart(&w->simd);
	struct x86 *x = &w->gen->x;

	X86(x, MOV, x86_reg(8, RAX), x86_reg(8, w->pointer[output->stream]));
	X86(x, SUB, x86_reg(8, RAX), x86_reg(8, w->pointer[other]));
	X86(x, ADD, x86_reg(8, RAX), x86_imm(output->at - low + apart - 1));
	X86(x, CMP, x86_reg(8, RAX), x86_imm(2 * apart - 1 + high - low));
	to_back(w, ZYDIS_MNEMONIC_JB);
}

/* Writes the check of an output against what is loaded from a stream. */
static void write_check_of_loads(struct simd_writer *w, const struct simd_store *output,
				 unsigned stream)
{
	s32 low = 0, high = 0;
	bool any = false;

	for (unsigned n = 0; n < w->simd.loads; n++) {
		const struct simd_load *load = &w->simd.load[n];

		if (load->stream != stream)
			continue;
		low = any ? MIN(low, load->at) : load->at;
		high = any ? MAX(high, load->at) : load->at;
		any = true;
	}
	if (any && stream != output->stream)
		write_apart_check(w, output, stream, low, high);
}

/*
 * Writes the checks that no store overlaps what other streams load or store, and that carried
 * registers hold what the previous iteration should have loaded.
 */
static void write_order_checks(struct simd_writer *w)
{
	const struct simd *simd = &w->simd;
	struct gen *gen = w->gen;
	struct x86 *x = &gen->x;

	for (unsigned n = 0; n < simd->outputs; n++) {
		for (unsigned stream = 0; stream < NATIVE_STREAMS; stream++)
			write_check_of_loads(w, &simd->output[n], stream);
		for (unsigned other = 0; other < n; other++)
			write_apart_check(w, &simd->output[n], simd->output[other].stream,
					  simd->output[other].at, simd->output[other].at);
	}
	for (unsigned n = 0; n < simd->carries; n++) {
		const struct simd_carried *carried = &simd->carried[n];

		X86(x, MOV, x86_reg(8, RAX), x86_at(8, w->pointer[carried->stream], carried->at));
		X86(x, CMP, x86_reg(8, RAX), gen_x(gen, 8, carried->reg));
		to_back(w, ZYDIS_MNEMONIC_JNZ);
	}
}

/* Advances the x registers and the budget to after the iterations that were done. */
static void write_moves(struct simd_writer *w)
{
	const struct simd *simd = &w->simd;
	struct gen *gen = w->gen;
	struct x86 *x = &gen->x;
	s32 step;

	simd_write_sums(w);
	for (unsigned n = 0; n < simd->carries; n++) {
		X86(x, MOV, x86_reg(8, RAX),
		    x86_at(8, w->pointer[simd->carried[n].stream], simd->carried[n].at));
		gen_write_x(gen, simd->carried[n].reg, RAX);
	}
	for (unsigned reg = 1; reg < 32; reg++) {
		const struct form form = { .base = (u8)reg };

		if (simd->iteration.now[reg] == reg || !simd_step(simd, &form, &step) || !step)
			continue;
		X86(x, IMUL, x86_reg(8, RAX), iterations(), x86_imm(step));
		X86(x, ADD, gen_x(gen, 8, reg), x86_reg(8, RAX));
	}
	for (unsigned n = 0; n < w->loop->copies; n++) {
		const struct copy *copy = &w->loop->copy[n];
		const struct form form = { .base = copy->of, .low = copy->offset };

		gen_write_form(gen, &form, RAX, RDX);
		gen_write_x(gen, copy->reg, RAX);
	}
	X86(x, IMUL, x86_reg(8, RAX), iterations(), x86_imm(w->loop->length));
	X86(x, SUB, x86_reg(8, BUDGET), x86_reg(8, RAX));
}

/*
 * Makes the pointers point to the ends of what SIMD does, and RCX the negative offset from there,
 * which counts up to zero.
 */
static void write_begin(struct simd_writer *w)
{
	struct x86 *x = &w->gen->x;

	X86(x, MOV, x86_reg(8, RCX), iterations());
	if (w->simd.step > 1)
		X86(x, SHL, x86_reg(8, RCX), x86_imm(__builtin_ctz((unsigned)w->simd.step)));
	for (unsigned n = 0; n < NATIVE_STREAMS; n++)
		if (w->simd.streams >> n & 1)
			X86(x, ADD, x86_reg(8, w->pointer[n]), x86_reg(8, RCX));
	X86(x, NEG, x86_reg(8, RCX));
}

static void write_all(struct simd_writer *w)
{
	struct x86 *x = &w->gen->x;

	write_count(w);
	for (unsigned n = 0; n < NATIVE_STREAMS; n++)
		if (w->simd.streams >> n & 1)
			write_before(w, n);
	write_pointers(w);
	write_order_checks(w);
	simd_write_f_registers(w, true);
	simd_write_operands(w);
	write_begin(w);
	simd_write_turns(w);
	write_moves(w);
	simd_write_f_registers(w, false);
	for (unsigned n = 0; n < w->backs; n++)
		x86_patch(w->back[n], x->at);
	write_give_up_pointers(w);
	for (unsigned n = 0; n < w->strips; n++)
		x86_patch(w->strip[n], x->at);
}

void gen_write_simd(struct gen *gen, const struct loop *loop)
{
	const u8 *begin = gen->x.at;
	struct simd_writer w = { .gen = gen, .loop = loop };

	if (gen->block->count < SIMD_LEAST || (gen->block->key_mask & BLOCK_KEY_V_TYPE) ||
	    !simd_find(gen, loop, &w.simd) || !choose_pointers(&w))
		return;
	simd_choose_vectors(&w);
	write_all(&w);
	assert(gen->x.at - begin <= SIMD_ROOM);
}
