/* SPDX-License-Identifier: MIT */
/* Writes the operations on elements of iterations (see simd_vectors.h). */
#include "cpu/jit/loop/simd_vectors.h"

#include "cpu/jit/emitter.h"

/* The number of vector registers that hold no f registers, if there are sixteen (SSE and AVX). */
enum { SCRATCH = 2 };

/* The instructions of AVX2 and of AVX-512 that correspond to those of SSE. */
static const struct {
	u16 sse, avx2, avx512;
} forms[] = {
#define SAME(name) { ZYDIS_MNEMONIC_##name, ZYDIS_MNEMONIC_V##name, ZYDIS_MNEMONIC_V##name }
#define WIDE(name) { ZYDIS_MNEMONIC_##name, ZYDIS_MNEMONIC_V##name, ZYDIS_MNEMONIC_V##name##Q }
	SAME(PADDB), SAME(PADDW), SAME(PADDD), SAME(PADDQ), SAME(PSUBB), SAME(PSUBW), SAME(PSUBD),
	SAME(PSUBQ), SAME(PMULLW), SAME(PMULLD), SAME(PSLLW), SAME(PSLLD), SAME(PSLLQ), SAME(PSRLD),
	SAME(PSRLQ), SAME(PSRAD), WIDE(PXOR), WIDE(POR), WIDE(PAND),
#undef SAME
#undef WIDE
};

/* Returns the operand of `size` bytes at offset `at` of a place in the hart. */
static struct x86_arg slot(unsigned size, unsigned number, unsigned at)
{
	return x86_at(size, ENV, ENV_OF(native.simd) + SIMD_BATCH * (s64)number + at);
}

static struct x86_arg vector(const struct simd_writer *w, unsigned reg)
{
	return x86_reg(w->bytes, reg);
}

/* Moves a vector to or from memory. */
static void write_move(struct simd_writer *w, struct x86_arg to, struct x86_arg from)
{
	struct x86 *x = &w->gen->x;

	if (w->bytes == 16)
		X86(x, MOVUPS, to, from);
	else
		X86(x, VMOVUPS, to, from);
}

/* Computes with a vector and another operand; `mnemonic` is SSE's. */
static void write_op(struct simd_writer *w, ZydisMnemonic mnemonic, unsigned reg,
		     struct x86_arg with)
{
	const struct x86_arg operands[] = { vector(w, reg), vector(w, reg), with };
	unsigned n = 0;

	while (forms[n].sse != mnemonic)
		n++;
	if (w->bytes == 16)
		x86_write(&w->gen->x, mnemonic, 2, operands + 1);
	else
		x86_write(&w->gen->x,
			  (ZydisMnemonic)(w->bytes == 32 ? forms[n].avx2 : forms[n].avx512), 3,
			  operands);
}

/* Fills a place in the hart with copies of the element in RAX; changes RAX and RDX. */
static void write_broadcast(struct simd_writer *w, unsigned number)
{
	const unsigned size = w->simd.size;
	struct x86 *x = &w->gen->x;

	if (size < 8) {
		if (size == 4)
			X86(x, MOV, x86_reg(4, RAX), x86_reg(4, RAX));
		else
			X86(x, MOVZX, x86_reg(4, RAX), x86_reg(size, RAX));
		gen_constant(w->gen, RDX, ~0ull / (BIT(8 * size) - 1));
		X86(x, IMUL, x86_reg(8, RAX), x86_reg(8, RDX));
	}
	for (unsigned at = 0; at < w->bytes; at += 8)
		X86(x, MOV, slot(8, number, at), x86_reg(8, RAX));
}

/*
 * Loads the values of a moving scalar into a vector register, and stores the step from vector to
 * vector to its place in the hart.
 */
static void write_moving(struct simd_writer *w, unsigned number)
{
	const struct simd_scalar *scalar = &w->simd.scalar[number];
	const unsigned size = w->simd.size;
	struct x86 *x = &w->gen->x;

	for (unsigned at = 0; at < w->bytes; at += size) {
		X86(x, MOV, slot(size, number, at), x86_reg(size, RAX));
		X86(x, ADD, x86_reg(8, RAX), x86_imm(scalar->step));
	}
	write_move(w, vector(w, w->moving[number]), slot(w->bytes, number, 0));
	gen_constant(w->gen, RAX, (u64)((s64)scalar->step * (s32)(w->bytes / size)));
	write_broadcast(w, number);
}

static void write_scalar(struct simd_writer *w, unsigned number)
{
	const struct simd_scalar *scalar = &w->simd.scalar[number];
	struct x86 *x = &w->gen->x;

	gen_write_form(w->gen, &w->simd.iteration.value[scalar->value].form, RAX, RDX);
	if (scalar->mask) {
		X86(x, AND, x86_reg(4, RAX), x86_imm(scalar->mask));
		X86(x, MOV, slot(8, number, 0), x86_reg(8, RAX));
	} else if (scalar->step) {
		write_moving(w, number);
	} else {
		write_broadcast(w, number);
	}
}

void simd_write_operands(struct simd_writer *w)
{
	for (unsigned n = 0; n < w->simd.scalars; n++)
		write_scalar(w, n);
	for (unsigned n = 0; n < w->simd.sums; n++)
		write_op(w, ZYDIS_MNEMONIC_PXOR, w->sum[n], vector(w, w->sum[n]));
}

/* Chooses vector registers for what is kept from turn to turn. */
static void choose_kept(struct simd_writer *w)
{
	for (unsigned n = 0; n < w->simd.scalars; n++)
		if (w->simd.scalar[n].step)
			w->moving[n] = (u8)(w->last - w->kept++);
	for (unsigned n = 0; n < w->simd.sums; n++)
		w->sum[n] = (u8)(w->last - w->kept++);
}

void simd_write_f_registers(struct simd_writer *w, bool save)
{
	struct x86 *x = &w->gen->x;
	unsigned number = 0;

	if (!save && w->bytes == 32)
		X86(x, VZEROUPPER);
	for (unsigned reg = XMM0 + SCRATCH; reg <= XMM15; reg++) {
		const struct x86_arg place =
			x86_at(8, ENV, ENV_OF(native.simd_f) + 8 * (s64)number);

		if (reg < w->first ||
		    (reg >= w->first + w->simd.registers && reg <= w->last - w->kept))
			continue;
		if (save)
			X86(x, MOVQ, place, x86_xmm(reg));
		else
			X86(x, MOVQ, x86_xmm(reg), place);
		number++;
	}
}

/*
 * Returns the operand of a scalar. If `mask` is not 0, the scalar is a shift count, of which only
 * these bits are used.
 */
static struct x86_arg scalar_operand(const struct simd_writer *w, unsigned value, unsigned mask)
{
	unsigned n = 0;

	while (w->simd.scalar[n].value != value || w->simd.scalar[n].mask != mask)
		n++;
	assert(n < w->simd.scalars);
	if (w->moving[n])
		return vector(w, w->moving[n]);
	return slot(mask ? 16 : w->bytes, n, 0);
}

/* Returns the operand of a stream's elements that are `at` bytes from those of the turn. */
static struct x86_arg elements(const struct simd_writer *w, unsigned stream, s32 at)
{
	return x86_indexed(w->bytes, w->pointer[stream], RCX, 1, at);
}

/*
 * Computes a value in the vector register `reg`; changes the following ones. Elements are `offset`
 * bytes from those of the turn.
 */
static void write_value(struct simd_writer *w, unsigned n, unsigned reg, s32 offset)
{
	const struct simd_value *value = &w->simd.iteration.value[n];
	const struct simd_row row = simd_row(value->op);
	struct x86_arg second;

	if (value->kind == SIMD_FORM) {
		write_move(w, vector(w, reg), scalar_operand(w, n, 0));
		return;
	}
	if (value->kind == SIMD_LOAD) {
		write_move(w, vector(w, reg), elements(w, value->stream, value->at + offset));
		return;
	}
	write_value(w, value->a, reg, offset);
	if (row.kind == SIMD_SHIFT_NUMBER) {
		second = x86_imm(w->simd.iteration.value[value->b].form.low);
	} else if (w->simd.iteration.value[value->b].kind == SIMD_FORM) {
		second = scalar_operand(w, value->b, simd_shift_mask(value->op));
	} else {
		write_value(w, value->b, reg + 1, offset);
		second = vector(w, reg + 1);
	}
	write_op(w, simd_mnemonic(&w->simd, value->op), reg, second);
}

/* Writes the part of a turn that handles one vector of each stream, at offset `at`. */
static void write_turn(struct simd_writer *w, s32 at)
{
	const struct simd *simd = &w->simd;
	const ZydisMnemonic add = simd_mnemonic(simd, OP_add);

	for (unsigned n = 0; n < simd->outputs; n++) {
		const struct simd_store *output = &simd->output[n];

		write_value(w, output->value, w->first, at);
		write_move(w, elements(w, output->stream, output->at + at), vector(w, w->first));
	}
	for (unsigned n = 0; n < simd->sums; n++) {
		write_value(w, simd->sum[n].value, w->first, at);
		write_op(w, add, w->sum[n], vector(w, w->first));
	}
	for (unsigned n = 0; n < simd->scalars; n++)
		if (w->moving[n])
			write_op(w, add, w->moving[n], slot(w->bytes, n, 0));
}

void simd_write_turns(struct simd_writer *w)
{
	struct x86 *x = &w->gen->x;
	const u8 *head = x->at;

	for (unsigned at = 0; at < SIMD_BATCH; at += w->bytes)
		write_turn(w, (s32)at);
	X86(x, ADD, x86_reg(8, RCX), x86_imm(SIMD_BATCH));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), head);
}

/* Adds the sum of a vector's elements to the x register. */
static void write_sum(struct simd_writer *w, unsigned n)
{
	const unsigned size = w->simd.size, reg = w->simd.sum[n].reg;
	struct x86 *x = &w->gen->x;

	write_move(w, slot(w->bytes, 0, 0), vector(w, w->sum[n]));
	gen_read_x(w->gen, RAX, reg);
	for (unsigned at = 0; at < w->bytes; at += size)
		X86(x, ADD, x86_reg(size, RAX), slot(size, 0, at));
	if (size == 4)
		X86(x, MOVSXD, x86_reg(8, RAX), x86_reg(4, RAX));
	gen_write_x(w->gen, reg, RAX);
}

void simd_write_sums(struct simd_writer *w)
{
	for (unsigned n = 0; n < w->simd.sums; n++)
		write_sum(w, n);
}

void simd_choose_vectors(struct simd_writer *w)
{
	const struct jit_host *host = &w->gen->jit->host;

	w->bytes = host->has_avx512 ? 64 : host->has_avx2 ? 32 : 16;
	w->first = host->has_avx512 ? XMM16 : XMM0;
	w->last = host->has_avx512 ? XMM31 : XMM15;
	choose_kept(w);
}
