/* SPDX-License-Identifier: MIT */
/* Finds loops whose iterations are functions of elements (see simd.h). */
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/loop/simd.h"

#include <stdlib.h>

/*
 * The most values that are visited for a loop. A value that is used twice is visited, and computed,
 * twice.
 */
#define VISITS 64

/* The output of a load whose element is for none of the outputs. */
#define NO_OUTPUT SIMD_OUTPUTS

static unsigned log2_of(unsigned n)
{
	return (unsigned)__builtin_ctz(n);
}

ZydisMnemonic simd_mnemonic(const struct simd *simd, unsigned op)
{
	return (ZydisMnemonic)simd_row(op).mnemonic[log2_of(simd->size)];
}

unsigned simd_shift_mask(unsigned op)
{
	if (simd_row(op).kind != SIMD_SHIFT)
		return 0;
	return emitters[op].size == 4 ? 31 : 63;
}

s32 simd_apart(const struct simd *simd)
{
	return SIMD_VECTOR + 2 * simd->step;
}

/* Finds how far a register moves in an iteration. Returns false if that is not known. */
static bool register_step(const struct simd *simd, unsigned reg, s32 *step)
{
	const struct simd_value *value = &simd->iteration.value[simd->iteration.now[reg]];

	if (value->kind != SIMD_FORM || value->form.base != reg || value->form.index)
		return false;
	*step = value->form.low;
	return true;
}

bool simd_step(const struct simd *simd, const struct form *form, s32 *step)
{
	s32 base, index;

	if (!register_step(simd, form->base, &base) || !register_step(simd, form->index, &index))
		return false;
	*step = base + index * (1 << form->shift);
	return true;
}

/*
 * Notes that a stream is used. Returns whether it moves by the same step as all others that are
 * used, and whether that step is suitable.
 */
static bool use_stream(struct simd *simd, const struct loop *loop, unsigned number)
{
	const struct stream *stream = &loop->stream[number];

	if (!simd->streams)
		simd->step = stream->least;
	simd->streams |= 1u << number;
	return stream->least == stream->most && stream->least == simd->step && simd->step > 0 &&
	       !(simd->step & (simd->step - 1)) && simd->step >= (s32)simd->size;
}

static bool add_load(struct simd *simd, const struct loop *loop, struct simd_load load)
{
	if (simd->loads == SIMD_LOADS || !use_stream(simd, loop, load.stream))
		return false;
	simd->load[simd->loads++] = load;
	return true;
}

/*
 * Adds a value that is not a load as a scalar. Returns whether a vector register or a place in the
 * hart can hold it.
 */
static bool add_scalar(struct simd *simd, unsigned value, unsigned mask)
{
	struct simd_scalar scalar = { .value = (u8)value, .mask = (u8)mask };
	const bool several = simd->step != (s32)simd->size;

	for (unsigned n = 0; n < simd->scalars; n++)
		if (simd->scalar[n].value == value && simd->scalar[n].mask == mask)
			return true;
	if (simd->scalars == SIMD_SCALARS ||
	    !simd_step(simd, &simd->iteration.value[value].form, &scalar.step))
		return false;
	if (scalar.step && (mask || several || simd->size < 4 || simd->moving++ == SIMD_MOVING))
		return false;
	simd->scalar[simd->scalars++] = scalar;
	return true;
}

struct collect {
	struct simd *simd;
	const struct loop *loop;
	unsigned output, visits;
};

static unsigned collect(struct collect *in, unsigned n);

/*
 * Collects the loads and scalars from which the second operand of an operation is computed. Returns
 * how many vector registers the operation needs then; 0 if it cannot be computed.
 */
static unsigned collect_second(struct collect *in, const struct simd_value *value)
{
	const struct simd_row row = simd_row(value->op);
	const bool is_form = in->simd->iteration.value[value->b].kind == SIMD_FORM;
	unsigned registers;

	switch (row.kind) {
	case SIMD_SHIFT_NUMBER:
		return 1;
	case SIMD_SHIFT:
		return is_form && add_scalar(in->simd, value->b, simd_shift_mask(value->op));
	default:
		if (is_form)
			return add_scalar(in->simd, value->b, 0);
		registers = collect(in, value->b);
		return registers ? registers + 1 : 0;
	}
}

/*
 * Collects the operands of an operation, as collect_second does. If they may be exchanged, one that
 * is a scalar becomes the second one.
 */
static unsigned collect_op(struct collect *in, struct simd_value *value)
{
	unsigned first, second;

	if (!simd_mnemonic(in->simd, value->op))
		return 0;
	if (simd_row(value->op).kind == SIMD_TWO &&
	    in->simd->iteration.value[value->a].kind == SIMD_FORM) {
		const u8 a = value->a;

		value->a = value->b;
		value->b = a;
	}
	first = collect(in, value->a);
	second = collect_second(in, value);
	return first && second ? MAX(first, second) : 0;
}

/* Collects the loads and scalars from which a value is computed, as collect_second does. */
static unsigned collect(struct collect *in, unsigned n)
{
	struct simd_value *value = &in->simd->iteration.value[n];

	if (in->visits == VISITS)
		return 0;
	in->visits++;
	switch (value->kind) {
	case SIMD_FORM:
		return add_scalar(in->simd, n, 0);
	case SIMD_LOAD:
		return value->size == in->simd->size &&
		       add_load(in->simd, in->loop,
				(struct simd_load){ value->stream, (u8)in->output, value->at });
	case SIMD_OP:
		return collect_op(in, value);
	default:
		return 0;
	}
}

/*
 * Collects the loads and scalars of the value of an output or a sum. Returns false if it cannot be
 * computed.
 */
static bool collect_all(struct collect *in, unsigned n, unsigned output)
{
	unsigned registers;

	in->output = output;
	registers = collect(in, n);
	in->simd->registers = MAX(in->simd->registers, registers);
	return registers > 0 && registers <= SIMD_REGISTERS;
}

/*
 * Returns whether value `one` is the same function as `other`, of elements that are `offset` bytes
 * further.
 */
static bool is_same(struct collect *in, unsigned one, unsigned other, s32 offset)
{
	const struct simd_value *a = &in->simd->iteration.value[one],
				*b = &in->simd->iteration.value[other];

	if (in->visits == VISITS || a->kind != b->kind)
		return false;
	in->visits++;
	switch (a->kind) {
	case SIMD_FORM:
		/* A scalar must be the same for all elements (add_scalar). */
		return a->form.base == b->form.base && a->form.index == b->form.index &&
		       a->form.shift == b->form.shift && a->form.low == b->form.low;
	case SIMD_LOAD:
		return a->stream == b->stream && a->size == b->size && a->at == b->at + offset;
	case SIMD_OP:
		return a->op == b->op && is_same(in, a->a, b->a, offset) &&
		       is_same(in, a->b, b->b, offset);
	default:
		return false;
	}
}

/* Returns the store to a place of a stream; NULL: there is none, or there are several. */
static const struct simd_store *find_store(const struct simd *simd, unsigned stream, s32 at)
{
	const struct simd_store *found = NULL;

	for (unsigned n = 0; n < simd->iteration.stores; n++) {
		if (simd->iteration.store[n].stream != stream || simd->iteration.store[n].at != at)
			continue;
		if (found)
			return NULL;
		found = &simd->iteration.store[n];
	}
	return found;
}

/*
 * Adds the stores to a stream as an output. Returns whether they write successive elements, as many
 * as an iteration moves by, and the same function for each.
 */
static bool add_output(struct collect *in, unsigned stream)
{
	struct simd *simd = in->simd;
	const struct simd_store *first = NULL;
	s32 elements = 0;

	for (unsigned n = 0; n < simd->iteration.stores; n++) {
		const struct simd_store *store = &simd->iteration.store[n];

		if (store->stream != stream)
			continue;
		elements++;
		if (!first || store->at < first->at)
			first = store;
	}
	if (simd->outputs == SIMD_OUTPUTS || !use_stream(simd, in->loop, stream) ||
	    elements * (s32)simd->size != simd->step)
		return false;
	for (s32 at = 0; at < simd->step; at += (s32)simd->size) {
		const struct simd_store *store = find_store(simd, stream, first->at + at);

		in->visits = 0;
		if (!store || !is_same(in, store->value, first->value, at))
			return false;
	}
	simd->output[simd->outputs++] = *first;
	return true;
}

static bool find_outputs(struct collect *in)
{
	struct simd *simd = in->simd;
	u32 written = 0;

	for (unsigned n = 0; n < simd->iteration.stores; n++) {
		const struct simd_store *store = &simd->iteration.store[n];

		if (store->size != simd->size)
			return false;
		if (written >> store->stream & 1)
			continue;
		written |= 1u << store->stream;
		if (!add_output(in, store->stream))
			return false;
	}
	in->visits = 0;
	for (unsigned n = 0; n < simd->outputs; n++)
		if (!collect_all(in, simd->output[n].value, n))
			return false;
	return true;
}

/* Notes a register to which each iteration adds a value. Returns whether it is one. */
static bool add_sum(struct simd *simd, unsigned reg)
{
	const struct simd_value *value = &simd->iteration.value[simd->iteration.now[reg]];

	if (simd->sums == SIMD_SUMS || value->kind != SIMD_OP ||
	    (value->op != OP_add && value->op != OP_addw) || (value->a == reg) == (value->b == reg))
		return false;
	simd->sum[simd->sums++] = (struct simd_sum){
		.reg = (u8)reg,
		.value = value->a == reg ? value->b : value->a,
		.op = value->op,
	};
	return true;
}

/*
 * Notes a register that holds, at the start of an iteration, what the previous iteration has
 * loaded. Returns whether it is one.
 */
static bool add_carried(struct simd *simd, const struct loop *loop, unsigned reg)
{
	struct simd_value value = simd->iteration.value[simd->iteration.now[reg]];

	if (simd->carries == SIMD_CARRIED || value.kind != SIMD_LOAD || value.op != OP_ld)
		return false;
	value.at -= loop->stream[value.stream].least;
	simd->iteration.value[reg] = value;
	simd->carried[simd->carries++] =
		(struct simd_carried){ .reg = (u8)reg, .stream = value.stream, .at = value.at };
	return true;
}

static bool is_copy(const struct loop *loop, unsigned reg)
{
	for (unsigned n = 0; n < loop->copies; n++)
		if (loop->copy[n].reg == reg)
			return true;
	return false;
}

/*
 * Finds what an iteration passes to the next one in registers. Returns false if there is something
 * else than steps, sums and loaded values.
 */
static bool find_handed(struct simd *simd, const struct loop *loop)
{
	s32 step;

	for (unsigned reg = 1; reg < 32; reg++) {
		if (!(simd->iteration.first >> reg & 1) || simd->iteration.now[reg] == reg ||
		    is_copy(loop, reg) || register_step(simd, reg, &step))
			continue;
		if (!add_carried(simd, loop, reg) && !add_sum(simd, reg))
			return false;
	}
	return simd->iteration.stores || simd->sums;
}

/*
 * Collects the values that are summed up. Returns false if one cannot be computed; their elements
 * must have the size of the sum.
 */
static bool find_sums(struct collect *in)
{
	struct simd *simd = in->simd;

	for (unsigned n = 0; n < simd->sums; n++) {
		const unsigned size = simd->sum[n].op == OP_add ? 8 : 4;

		if (size != simd->size || !collect_all(in, simd->sum[n].value, NO_OUTPUT))
			return false;
	}
	return !simd->sums || simd->step == (s32)simd->size;
}

static bool find_carried(struct simd *simd, const struct loop *loop)
{
	for (unsigned n = 0; n < simd->carries; n++) {
		const struct simd_carried *carried = &simd->carried[n];

		if (simd->size != 8 ||
		    !add_load(simd, loop,
			      (struct simd_load){ carried->stream, NO_OUTPUT, carried->at }))
			return false;
	}
	return true;
}

/* Returns whether loads from streams that are also written are not reordered with the stores. */
static bool keeps_order(const struct simd *simd)
{
	for (unsigned o = 0; o < simd->outputs; o++) {
		const struct simd_store *output = &simd->output[o];

		for (unsigned n = 0; n < simd->loads; n++) {
			const struct simd_load *load = &simd->load[n];
			const s32 between = output->at - load->at;

			if (load->stream == output->stream && (between || load->output != o) &&
			    abs(between) < simd_apart(simd))
				return false;
		}
	}
	return true;
}

/* Finds the condition by which the loop ends. Returns false if it is not known. */
static bool find_exit(const struct gen *gen, const struct loop *loop, struct simd *simd)
{
	static const struct {
		u16 op, none;
		bool exchanged;
	} rows[] = {
		{ OP_bne, 0, false },
		{ OP_blt, ZYDIS_MNEMONIC_JNL, false },
		{ OP_bltu, ZYDIS_MNEMONIC_JNB, false },
		{ OP_bge, ZYDIS_MNEMONIC_JNLE, true },
		{ OP_bgeu, ZYDIS_MNEMONIC_JNBE, true },
	};
	const struct insn *insn = gen_insn(gen, loop->last);
	const struct form one = simd->iteration.value[simd->iteration.now[insn->rs1 % 32]].form,
			  other = simd->iteration.value[simd->iteration.now[insn->rs2 % 32]].form;
	struct simd_exit *exit = &simd->exit;
	s32 from, to;

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++)
		if (rows[n].op == insn->op)
			*exit = (struct simd_exit){ .from = rows[n].exchanged ? other : one,
						    .to = rows[n].exchanged ? one : other,
						    .none = rows[n].none };
	if (!exit->from.known || !exit->to.known || exit->from.index || exit->to.index ||
	    !simd_step(simd, &exit->from, &from) || !simd_step(simd, &exit->to, &to))
		return false;
	/* If both move in the same direction, one of them may wrap around before they meet. */
	if (exit->none && ((from < 0 && to < 0) || (from > 0 && to > 0)))
		return false;
	exit->step = from - to;
	if (insn->op == OP_bne && exit->step < 0)
		*exit = (struct simd_exit){ .from = exit->to, .to = exit->from, .step = to - from };
	return exit->step > 0 && !(exit->step & (exit->step - 1));
}

/*
 * Returns whether the loop does nothing but copy bytes. Linux measures such a loop and one of
 * misaligned words (unaligned_access_speed.c). If the words were not faster by at least a tick of
 * its timer, it would copy by bytes from then on, and so would programs that ask it (hwprobe). So
 * such a loop has no SIMD iterations.
 */
static bool copies_bytes(const struct simd *simd)
{
	for (unsigned n = 0; n < simd->outputs; n++)
		if (simd->iteration.value[simd->output[n].value].kind != SIMD_LOAD)
			return false;
	return simd->size == 1;
}

bool simd_find(struct gen *gen, const struct loop *loop, struct simd *simd)
{
	struct collect in = { .simd = simd, .loop = loop };

	if (loop->nested || loop->stretches != 1 || loop->vectors ||
	    !simd_find_values(gen, loop, &simd->iteration) || !find_handed(simd, loop))
		return false;
	simd->size = simd->iteration.stores    ? simd->iteration.store[0].size :
		     simd->sum[0].op == OP_add ? 8 :
						 4;
	return find_outputs(&in) && !copies_bytes(simd) && find_sums(&in) &&
	       find_carried(simd, loop) && simd->streams && keeps_order(simd) &&
	       find_exit(gen, loop, simd);
}
