/* SPDX-License-Identifier: MIT */
/*
 * Finds the loops of a block whose checks of memory can be hoisted: innermost ones, in which
 * addresses are sums of registers that a round changes by constants.
 */
#include "cpu/jit/loop/loop.h"

#include "cpu/isa/format.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/loop/form.h"
#include "cpu/jit/loop/pins.h"
#include "cpu/jit/priced.h"
#include "cpu/jit/probe.h"

/* The accesses of a stream are not further from each other; it does not move more in a round. */
#define STREAM_BYTES 2048
#define MERGED_BYTES 512
/* Those of loads and stores are nearer, as their check fails where that of either kind would. */
#define MERGED_BYTES_OF_BOTH 128
#define STREAM_STEP 256

/* The forms of registers that are known in front of an instruction of the loop. */
struct forms {
	struct form of[32];
	u32 unsure; /* registers whose form does not hold behind the next place that is jumped to */
	unsigned until; /* instructions before this one may have been jumped over */
};

static bool has_same_terms(const struct form *a, const struct form *b)
{
	return a->known && b->known && a->base == b->base && a->index == b->index &&
	       a->shift == b->shift;
}

/* Returns whether the loop does not change the register, which has a step's size now. */
static bool is_step(const struct gen *gen, const struct loop *loop, unsigned reg)
{
	s64 value = (s64)gen->hart->x[reg];

	return reg && !(loop->written >> reg & 1) && value >= -STREAM_STEP && value <= STREAM_STEP;
}

/*
 * Returns the form of what the instruction computes. A loop of vectors steps by their bytes, which
 * it has in a register: the strip is for what that has now.
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

/* The instruction changes rd. What may have been jumped over leaves the older value possible. */
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
			forms->of[reg].known = false;
	forms->unsure = 0;
}

/* Returns how many bytes a stream may have with one more load or store. */
static s32 most_bytes(const struct stream *stream, bool write)
{
	return (write ? stream->reads : stream->writes) ? MERGED_BYTES_OF_BOTH : MERGED_BYTES;
}

/* Returns the stream of the loop to which an access belongs; a new one if need be; NULL: none. */
static struct stream *stream_of(struct loop *loop, const struct form *form, bool write, s32 low,
				s32 high)
{
	struct stream *stream = loop->stream, *end = loop->stream + loop->streams;

	for (; stream < end; stream++)
		if (stream->base == form->base && stream->index == form->index &&
		    stream->shift == form->shift &&
		    MAX(stream->high, high) - MIN(stream->low, low) <= most_bytes(stream, write))
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

static void add_access(struct gen *gen, struct loop *loop, const struct forms *forms,
		       const struct insn *insn)
{
	const struct emitter *emitter = &emitters[insn->op];
	unsigned bytes = emitter_unit_bytes(gen, insn);
	struct form form = form_moved(forms->of[insn->rs1 % 32], bytes ? 0 : insn->imm);
	bool write = bytes ? emitter->flag : emitter_is_store(emitter);
	s32 high = form.high + (bytes ? (s32)bytes : emitter->size);
	struct stream *stream;

	if (!form.known)
		return;
	stream = stream_of(loop, &form, write, form.low, high);
	if (!stream)
		return;
	stream->reads |= !write;
	stream->writes |= write;
	stream->low = MIN(stream->low, form.low);
	stream->high = MAX(stream->high, high);
	gen->place[insn->index].stream = (u8)(stream - loop->stream + 1);
}

/* A branch of the loop, or the jump back. Returns whether a loop with a strip may have it. */
static bool add_branch(struct gen *gen, struct loop *loop, struct forms *forms,
		       const struct insn *insn)
{
	const struct place *to = gen_place_of(gen, (s64)gen_offset(gen, insn->at) + insn->imm);
	unsigned target = to ? (unsigned)(to - gen->place) : BLOCK_INSNS, next = insn->index + 1u;

	if (insn->index == loop->last)
		return true;
	if (target <= insn->index)
		return false;
	if (target <= loop->last) {
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

	if (!emitter->emit || class == CLASS_CSR || class == CLASS_FENCE || class == CLASS_SYSTEM)
		return false;
	if (gen->place[insn->index].joined)
		forget_unsure(forms);
	if (class == CLASS_BRANCH || class == CLASS_JUMP)
		return add_branch(gen, loop, forms, insn);
	if (emitter_is_load(emitter) || emitter_is_store(emitter) || emitter_unit_bytes(gen, insn))
		add_access(gen, loop, forms, insn);
	assign(gen, loop, forms, insn);
	return true;
}

/* Finds how far a register moves in a round. Returns false if that is not known. */
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

/* Returns whether bytes by a register that the loop does not change were in two pages just now. */
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
		gen->place[n].stream = number[gen->place[n].stream];
}

/* Finds how many accesses are of streams, and whether any other one asks the TLB view. */
static void count_accesses(const struct gen *gen, struct loop *loop)
{
	const struct insn *insn = gen_insn(gen, loop->first);

	for (unsigned n = loop->first; n <= loop->last; n++, insn = block_next(insn)) {
		if (gen->place[n].stream)
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

/* Goes through a round of the loop. Returns whether it can have a strip. */
static bool walk(struct gen *gen, struct loop *loop, struct forms *forms)
{
	const struct insn *insn = gen_insn(gen, loop->first);

	*forms = (struct forms){ 0 };
	for (unsigned reg = 0; reg < 32; reg++)
		forms->of[reg] = (struct form){ .known = true, .base = (u8)reg };
	for (const struct copy *copy = loop->copy; copy < loop->copy + loop->copies; copy++)
		forms->of[copy->reg] = (struct form){
			.known = true, .base = copy->of, .low = copy->offset, .high = copy->offset
		};
	loop->streams = loop->fixed = 0;
	loop->least = (u8)(loop->last + 1 - loop->first);
	for (unsigned n = loop->first; n <= loop->last; n++, insn = block_next(insn)) {
		gen->place[n].stream = 0;
		if (!add_insn(gen, loop, forms, insn))
			return false;
	}
	return true;
}

/* Returns whether a round leaves in a register what `base` was at its start, plus one constant. */
static bool is_exact(const struct forms *forms, unsigned reg, unsigned base)
{
	const struct form *form = &forms->of[reg];

	return form->known && form->base == base && !form->index && form->low == form->high;
}

/*
 * Finds streams whose base a round leaves as a copy of another register, as compilers write the end
 * of a copy loop. Returns whether there are any.
 */
static bool find_copies(struct loop *loop, const struct forms *forms)
{
	for (unsigned n = 0; n < loop->streams && loop->copies < LOOP_COPIES; n++) {
		const unsigned reg = loop->stream[n].base, of = forms->of[reg].base;

		if (of == reg || !of || !is_exact(forms, reg, of) || !is_exact(forms, of, of) ||
		    (loop->copies && loop->copy[loop->copies - 1].reg == reg))
			continue;
		loop->copy[loop->copies++] = (struct copy){
			.reg = (u8)reg,
			.of = (u8)of,
			.offset = forms->of[reg].low - forms->of[of].low,
		};
	}
	return loop->copies > 0;
}

/* Returns whether the loop can have a strip: with streams, or without any access. */
static bool analyse(struct gen *gen, struct loop *loop)
{
	struct forms forms;
	bool fits;

	find_written(gen, loop);
	fits = walk(gen, loop, &forms);
	if (fits && find_copies(loop, &forms))
		fits = walk(gen, loop, &forms);
	if (!fits)
		return false;
	remove_streams(gen, loop, &forms);
	count_accesses(gen, loop);
	gen_choose_pins(gen, loop);
	return loop->streams || !loop->asks;
}

/* Returns whether the instruction jumps back in the block, and where to. */
static bool is_back(struct gen *gen, const struct insn *insn, unsigned *target)
{
	enum insn_class class = isa_ops[insn->op].class;
	const struct place *to = NULL;

	if (class == CLASS_BRANCH || (insn->op == OP_jal && insn->rd == X_SINK))
		to = gen_place_of(gen, (s64)gen_offset(gen, insn->at) + insn->imm);
	if (!to || to - gen->place > insn->index)
		return false;
	*target = (unsigned)(to - gen->place);
	return true;
}

void gen_find_loops(struct gen *gen)
{
	struct loops *loops = &gen->loops;
	const struct insn *insn = gen->block->insn;
	unsigned target, inner = 0;

	loops->count = 0;
	loops->strip = NULL;
	/* Prices are added up in line (priced.h), which strips do not do. */
	if (!gen_is_misaligned_fast(gen) || priced_is(gen->block))
		return;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		struct loop *loop = &loops->loop[loops->count];

		if (loops->count == BLOCK_LOOPS || !is_back(gen, insn, &target))
			continue;
		*loop = (struct loop){ .first = (u8)target, .last = (u8)n };
		/* Only a loop behind the last jump back has no other loop in it. */
		if (target >= inner && analyse(gen, loop))
			loops->count++;
		inner = n + 1;
	}
}

struct loop *gen_loop_ending(struct gen *gen, unsigned index)
{
	for (unsigned n = 0; n < gen->loops.count; n++)
		if (gen->loops.loop[n].last == index)
			return &gen->loops.loop[n];
	return NULL;
}
