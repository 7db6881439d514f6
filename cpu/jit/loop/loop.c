/* SPDX-License-Identifier: MIT */
/*
 * Finds the loops of a block whose checks of memory can be hoisted. In such a loop, addresses are
 * sums of registers that an iteration changes by constants. It is an innermost loop, or a nested
 * one whose inner loops are short and end with BNE.
 */
#include "cpu/jit/loop/loop.h"

#include "cpu/isa/format.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/loop/form.h"
#include "cpu/jit/loop/pins.h"
#include "cpu/jit/probe.h"

#include <string.h>

/*
 * STREAM_BYTES limits the range of a stream's bytes, MERGED_BYTES the range to which an access may
 * extend it, and STREAM_STEP the distance by which it moves in an iteration.
 */
#define STREAM_BYTES 2048
#define MERGED_BYTES 512
/*
 * A stream of both loads and stores is smaller, because its check fails where that of either kind
 * would.
 */
#define MERGED_BYTES_OF_BOTH 128
#define STREAM_STEP 256

/* The forms of registers that are known before an instruction of the loop. */
struct forms {
	struct form of[32];
	u32 unsure; /* registers whose form is not known from the next jump target on */
	unsigned until; /* instructions before this one may have been skipped by a branch */
	u64 passed; /* accesses that the iteration has done already, by index */
};

static bool has_same_terms(const struct form *a, const struct form *b)
{
	return a->known && b->known && a->base == b->base && a->index == b->index &&
	       a->shift == b->shift;
}

/*
 * Returns whether the register may be a step: the loop does not change it, and its present value is
 * small enough.
 */
static bool is_step(const struct gen *gen, const struct loop *loop, unsigned reg)
{
	s64 value = (s64)gen->hart->x[reg];

	return reg && !(loop->written >> reg & 1) && value >= -STREAM_STEP && value <= STREAM_STEP;
}

/*
 * Returns the form of the instruction's result. A loop with vectors steps by their size in bytes,
 * which is in a register: the strip is written for the present value of that register.
 */
static struct form form_in(const struct gen *gen, struct loop *loop, const struct forms *forms,
			   const struct insn *insn)
{
	if (!loop->vectors || insn->op != OP_add || insn->rd != insn->rs1 ||
	    !is_step(gen, loop, insn->rs2))
		return form_of(forms->of, insn);
	loop->fixed |= 1u << insn->rs2;
	return form_moved(forms->of[insn->rs1 % 32], (s64)gen->hart->x[insn->rs2]);
}

/*
 * Updates the form of rd. If a branch may have skipped the instruction, rd may also have its old
 * value, so the form becomes a range that includes both, or is unsure.
 */
static void assign(const struct gen *gen, struct loop *loop, struct forms *forms,
		   const struct insn *insn)
{
	unsigned rd = format_register(isa_format(insn->op)->rd, insn->rd);
	struct form form = form_in(gen, loop, forms, insn), *old = &forms->of[rd % 32];

	if (rd == 0 || rd >= FORMAT_F)
		return;
	if (insn->index < forms->until) {
		if (has_same_terms(&form, old)) {
			form.low = MIN(form.low, old->low);
			form.high = MAX(form.high, old->high);
		} else {
			forms->unsure |= 1u << rd;
		}
	}
	*old = form;
}

static void forget_unsure(struct forms *forms)
{
	for (unsigned reg = 1; reg < 32; reg++)
		if (forms->unsure >> reg & 1)
			forms->of[reg] = (struct form){ 0 };
	forms->unsure = 0;
}

/* Returns whether a load or store of the bytes from `low` to `high` may join the stream. */
static bool may_join(const struct stream *stream, const struct form *form, bool write, s32 low,
		     s32 high)
{
	const s32 bytes = MAX(stream->high, high) - MIN(stream->low, low);
	const bool both = write ? stream->reads : stream->writes;

	if (stream->base != form->base || stream->index != form->index ||
	    stream->shift != form->shift)
		return false;
	return bytes <= (both ? MERGED_BYTES_OF_BOTH : MERGED_BYTES) ||
	       (!both && bytes == stream->high - stream->low);
}

/* Returns the stream that an access may join, or a new one; NULL if there is none. */
static struct stream *stream_of(struct loop *loop, const struct form *form, bool write, s32 low,
				s32 high)
{
	struct stream *stream = loop->stream, *end = loop->stream + loop->streams;

	for (; stream < end; stream++)
		if (may_join(stream, form, write, low, high))
			return stream;
	if (loop->streams == NATIVE_STREAMS || high - low > STREAM_BYTES)
		return NULL;
	loop->streams++;
	*stream = (struct stream){ .base = form->base,
				   .index = form->index,
				   .shift = form->shift,
				   .low = low,
				   .high = high };
	return stream;
}

/* Returns the number plus one of the stream that the access joins; 0 if there is none. */
static u8 join_stream(const struct gen *gen, struct loop *loop, const struct forms *forms,
		      const struct insn *insn)
{
	const struct emitter *emitter = &emitters[insn->op];
	unsigned bytes = emitter_unit_bytes(gen, insn);
	struct form form = form_moved(forms->of[insn->rs1 % 32], bytes ? 0 : insn->imm);
	bool write = bytes ? emitter->flag : emitter_is_store(emitter);
	s32 high = form.high + (bytes ? (s32)bytes : emitter->size);
	struct stream *stream;

	if (!form.known)
		return 0;
	stream = stream_of(loop, &form, write, form.low, high);
	if (!stream)
		return 0;
	stream->reads |= !write;
	stream->writes |= write;
	stream->low = MIN(stream->low, form.low);
	stream->high = MAX(stream->high, high);
	return (u8)(stream - loop->stream + 1);
}

/*
 * Adds an access to a stream. Returns false if the iteration has done the same access before, and
 * it was of another stream then.
 */
static bool add_access(struct gen *gen, struct loop *loop, struct forms *forms,
		       const struct insn *insn)
{
	u8 *number = &loop->streamed[insn->index];
	const u8 stream = join_stream(gen, loop, forms, insn);
	const bool again = forms->passed >> insn->index & 1;

	if (again)
		return stream == *number;
	forms->passed |= BIT(insn->index);
	*number = stream;
	return true;
}

/*
 * Handles a branch of the loop, or its jump back. Returns whether a loop with a strip may contain
 * it.
 */
static bool add_branch(struct gen *gen, struct loop *loop, struct forms *forms,
		       const struct insn *insn)
{
	const struct insn_place *to = gen_place_to(gen, insn);
	unsigned target = to ? (unsigned)(to - gen->place) : BLOCK_INSNS, next = insn->index + 1u;

	if (insn->index == loop->last)
		return true;
	if (target <= insn->index)
		return loop->nested && target >= loop->first;
	if (target <= loop->last) {
		/*
		 * Instructions of nested loops are written several times, so a branch would have no
		 * unique target.
		 */
		if (loop->nested)
			return false;
		forms->until = MAX(forms->until, target);
		loop->least -= (u8)MIN(loop->least - 1u, target - next);
	}
	return true;
}

/* Adds an instruction of the loop. Returns whether it can be in a strip. */
static bool add_insn(struct gen *gen, struct loop *loop, struct forms *forms,
		     const struct insn *insn)
{
	enum insn_class class = isa_ops[insn->op].class;
	const struct emitter *emitter = &emitters[insn->op];
	bool fits = true;

	if (!emitter->emit || class == CLASS_CSR || class == CLASS_FENCE || class == CLASS_SYSTEM)
		return false;
	if (gen->place[insn->index].joined)
		forget_unsure(forms);
	if (class == CLASS_BRANCH || class == CLASS_JUMP)
		return add_branch(gen, loop, forms, insn);
	if (emitter_is_load(emitter) || emitter_is_store(emitter) || emitter_unit_bytes(gen, insn))
		fits = add_access(gen, loop, forms, insn);
	assign(gen, loop, forms, insn);
	return fits;
}

/* Finds how far a register moves in an iteration. Returns false if that is not known. */
static bool find_step(const struct forms *forms, unsigned reg, unsigned shift, s32 *least,
		      s32 *most)
{
	const struct form *form = &forms->of[reg];

	if (!form->known || form->base != reg || form->index || (forms->unsure >> reg & 1))
		return false;
	*least += form->low * (1 << shift);
	*most += form->high * (1 << shift);
	return true;
}

/* Returns whether the stream moves in one direction, and not too fast. */
static bool find_steps(const struct forms *forms, struct stream *stream)
{
	return find_step(forms, stream->base, 0, &stream->least, &stream->most) &&
	       find_step(forms, stream->index, stream->shift, &stream->least, &stream->most) &&
	       (stream->least >= 0 || stream->most <= 0) && stream->most <= STREAM_STEP &&
	       stream->least >= -STREAM_STEP && stream->high - stream->low <= STREAM_BYTES;
}

/*
 * Returns whether the bytes of a stream that does not move are in two pages, by the present values
 * of its registers.
 */
static bool crosses(const struct gen *gen, const struct stream *stream)
{
	u64 at = gen->hart->x[stream->base] + (gen->hart->x[stream->index] << stream->shift);

	return !stream->least && !stream->most &&
	       (((at + (u64)stream->low) ^ (at + (u64)stream->high - 1)) & PAGE_MASK);
}

/* Removes the streams whose steps are not known. The accesses of such a stream are checked. */
static void remove_streams(struct gen *gen, struct loop *loop, const struct forms *forms)
{
	u8 number[NATIVE_STREAMS + 1] = { 0 };
	unsigned kept = 0;

	for (unsigned n = 0; n < loop->streams; n++) {
		if (!find_steps(forms, &loop->stream[n]) || crosses(gen, &loop->stream[n]))
			continue;
		loop->stream[kept] = loop->stream[n];
		number[n + 1] = (u8)++kept;
	}
	loop->streams = kept;
	for (unsigned n = loop->first; n <= loop->last; n++)
		loop->streamed[n] = number[loop->streamed[n]];
}

/*
 * Counts the accesses that belong to streams, and finds whether any other access looks in the TLB
 * view.
 */
static void count_accesses(const struct gen *gen, struct loop *loop)
{
	for (unsigned part = 0; part < loop->stretches; part++) {
		const struct stretch *stretch = &loop->stretch[part];
		const struct insn *insn = gen_insn(gen, stretch->first);

		for (unsigned n = stretch->first; n <= stretch->last; n++, insn = block_next(insn))
			if (loop->streamed[n])
				loop->hoisted++;
			else if (isa_format(insn->op)->memory != MEMORY_NONE)
				loop->asks = true;
	}
}

/* Finds which registers the loop changes, and whether it has vectors. */
static void find_written(const struct gen *gen, struct loop *loop)
{
	const struct insn *insn = gen_insn(gen, loop->first);

	for (unsigned n = loop->first; n <= loop->last; n++, insn = block_next(insn)) {
		unsigned rd = format_register(isa_format(insn->op)->rd, insn->rd);

		if (rd < FORMAT_F)
			loop->written |= 1u << rd % 32;
		loop->vectors |= class_is_vector(isa_ops[insn->op].class);
	}
}

/* Returns whether the instruction jumps back in the block, and finds its target. */
static bool is_back(struct gen *gen, const struct insn *insn, unsigned *target)
{
	enum insn_class class = isa_ops[insn->op].class;
	const struct insn_place *to = NULL;

	if (class == CLASS_BRANCH || (insn->op == OP_jal && insn->rd == X_SINK))
		to = gen_place_to(gen, insn);
	if (!to || to - gen->place > insn->index)
		return false;
	*target = (unsigned)(to - gen->place);
	return true;
}

/*
 * Finds the value of a form, if registers will have their present values when the iteration begins.
 * Returns false if the form is not exact.
 */
static bool find_value(const struct gen *gen, const struct form *form, u64 *value)
{
	*value = gen->hart->x[form->base] + (gen->hart->x[form->index] << form->shift) +
		 (u64)(s64)form->low;
	return form->known && form->low == form->high;
}

/*
 * Guesses whether the BNE at the end of an inner loop will be taken; the strip still executes the
 * comparison. Returns false if there is no guess.
 */
static bool guess_back(const struct gen *gen, const struct forms *forms, const struct insn *insn,
		       bool *back)
{
	u64 a, b;

	if (insn->op != OP_bne || !find_value(gen, &forms->of[insn->rs1], &a) ||
	    !find_value(gen, &forms->of[insn->rs2], &b))
		return false;
	*back = a != b;
	return true;
}

/*
 * Follows an iteration up to the next jump back, and adds this stretch. Returns whether the loop
 * can still have a strip.
 */
static bool walk_stretch(struct gen *gen, struct loop *loop, struct forms *forms, unsigned *next)
{
	struct stretch *stretch = &loop->stretch[loop->stretches];
	const struct insn *insn = gen_insn(gen, *next);
	unsigned n = *next, target;

	if (loop->stretches++ == LOOP_STRETCHES)
		return false;
	for (;; n++, insn = block_next(insn)) {
		if (loop->length++ == NESTED_INSNS || !add_insn(gen, loop, forms, insn))
			return false;
		if (n == loop->last || is_back(gen, insn, &target))
			break;
	}
	*stretch = (struct stretch){ .first = (u8)*next, .last = (u8)n };
	*next = n + 1;
	if (n == loop->last)
		return true;
	if (!guess_back(gen, forms, insn, &stretch->back))
		return false;
	if (stretch->back)
		*next = target;
	return true;
}

/* Follows an iteration of the loop. Returns whether the loop can have a strip. */
static bool walk(struct gen *gen, struct loop *loop, struct forms *forms)
{
	unsigned next = loop->first;

	*forms = (struct forms){ 0 };
	for (unsigned reg = 0; reg < 32; reg++)
		forms->of[reg] = (struct form){ .known = true, .base = (u8)reg };
	for (const struct copy *copy = loop->copy; copy < loop->copy + loop->copies; copy++)
		forms->of[copy->reg] = (struct form){
			.known = true, .base = copy->of, .low = copy->offset, .high = copy->offset
		};
	loop->streams = loop->fixed = 0;
	loop->least = (u8)(loop->last + 1 - loop->first);
	loop->length = loop->stretches = 0;
	memset(loop->streamed, 0, sizeof(loop->streamed));
	while (next <= loop->last)
		if (!walk_stretch(gen, loop, forms, &next))
			return false;
	loop->least += (u8)gen_repeats(loop);
	return true;
}

/*
 * Returns whether a register after an iteration is the value of `base` before it plus a constant.
 */
static bool is_exact(const struct forms *forms, unsigned reg, unsigned base)
{
	const struct form *form = &forms->of[reg];

	return form->known && form->base == base && !form->index && form->low == form->high;
}

/* Returns whether after an iteration `reg` is `of` plus a constant, and finds the constant. */
static bool is_copy(const struct forms *forms, unsigned reg, unsigned of, s32 *offset)
{
	*offset = forms->of[reg].low - forms->of[of].low;
	return is_exact(forms, reg, of) && is_exact(forms, of, of);
}

/*
 * Finds streams whose base after an iteration is a copy of another register, as at the end of copy
 * loops that compilers write. Returns whether there are any.
 */
static bool find_copies(struct loop *loop, const struct forms *forms)
{
	for (unsigned n = 0; n < loop->streams && loop->copies < LOOP_COPIES; n++) {
		const unsigned reg = loop->stream[n].base, of = forms->of[reg].base;
		s32 offset;

		if (of == reg || !of || !is_copy(forms, reg, of, &offset) ||
		    (loop->copies && loop->copy[loop->copies - 1].reg == reg))
			continue;
		loop->copy[loop->copies++] = (struct copy){ (u8)reg, (u8)of, offset };
	}
	return loop->copies > 0;
}

/* Returns whether the copies have the same offsets after an iteration as before it. */
static bool keeps_copies(const struct loop *loop, const struct forms *forms)
{
	s32 offset;

	for (const struct copy *copy = loop->copy; copy < loop->copy + loop->copies; copy++)
		if (!is_copy(forms, copy->reg, copy->of, &offset) || offset != copy->offset)
			return false;
	return true;
}

/* Returns whether the loop can have a strip: with streams, or without any access. */
static bool analyse(struct gen *gen, struct loop *loop)
{
	struct forms forms;
	bool fits;

	find_written(gen, loop);
	fits = walk(gen, loop, &forms);
	/*
	 * With these copies, inner loops may have other numbers of iterations, which result in
	 * other copies.
	 */
	if (fits && find_copies(loop, &forms))
		fits = walk(gen, loop, &forms) && keeps_copies(loop, &forms);
	if (!fits)
		return false;
	remove_streams(gen, loop, &forms);
	count_accesses(gen, loop);
	gen_choose_pins(gen, loop);
	return loop->streams || !loop->asks;
}

/*
 * Returns whether the block has room for strips of nested loops, and has no vectors, which could
 * not be held in them.
 */
static bool may_be_nested(const struct block *block)
{
	return block->count >= NESTED_LEAST && !(block->key_mask & BLOCK_KEY_V_TYPE);
}

void gen_find_loops(struct gen *gen)
{
	struct loops *loops = &gen->loops;
	const struct insn *insn = gen->block->insn;
	unsigned target, inner = 0;

	loops->count = loops->nested = loops->repeats = 0;
	loops->strip = NULL;
	/* A strip has no code for a timing model. */
	if (!gen_is_misaligned_fast(gen) || gen->block->key & BLOCK_KEY_TIMED)
		return;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		struct loop *loop = &loops->loop[loops->count];

		if (loops->count == BLOCK_LOOPS || !is_back(gen, insn, &target))
			continue;
		/* A loop that begins after the previous jump back has no inner loop. */
		*loop = (struct loop){
			.first = (u8)target,
			.last = (u8)n,
			.nested = target < inner,
		};
		inner = n + 1;
		if (loop->nested && !may_be_nested(gen->block))
			continue;
		if (!analyse(gen, loop) ||
		    (loop->nested && loops->nested + loop->length > NESTED_INSNS))
			continue;
		if (loop->nested)
			loops->nested += loop->length;
		loops->count++;
	}
}

struct loop *gen_loop_ending(struct gen *gen, unsigned index)
{
	for (unsigned n = 0; n < gen->loops.count; n++)
		if (gen->loops.loop[n].last == index)
			return &gen->loops.loop[n];
	return NULL;
}
