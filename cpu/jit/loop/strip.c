/* SPDX-License-Identifier: MIT */
/*
 * Writes the versions of loops without checks of memory (see loop.h). Before a strip, code checks
 * the pages of the first iteration, and computes how many iterations will stay in them. During the
 * strip the budget register has only the instructions of these iterations, and hart->native.rest
 * has the rest of the slice, so one counter ends the strip for either reason.
 */
#include "cpu/jit/emitter.h"
#include "cpu/jit/loop/form.h"
#include "cpu/jit/loop/pins.h"
#include "cpu/jit/loop/prefetch.h"
#include "cpu/jit/loop/simd.h"
#include "cpu/jit/probe.h"

#include <string.h>

/*
 * After UNPROFITABLE_MOST strips in a row that were not worth their checks, a loop begins no strip
 * until UNPROFITABLE_INSNS instructions have passed since the counters were last cleared.
 */
#define UNPROFITABLE_MOST 32
#define UNPROFITABLE_INSNS (1 << 20)

/*
 * A strip without streams must save at least this many instructions of the host in each iteration.
 */
#define SPARED_LEAST 4

/*
 * Instructions of the host: how many a strip saves in each iteration for an access, and for a NaN
 * box, that is checked before it; and how many the code before it has in any case, for each stream,
 * for each box or copy, and for each register that is moved.
 */
enum { SPARED_ACCESS = 5, SPARED_BOX = 3 };
enum { COST_STRIP = 10, COST_STREAM = 8, COST_FACT = 3, COST_MOVE = 4 };

void gen_review_loops(struct hart *hart)
{
	struct native *native = &hart->native;

	if (hart->steps - native->unprofitable_since < UNPROFITABLE_INSNS)
		return;
	native->unprofitable_since = hart->steps;
	memset(native->unprofitable, 0, sizeof(native->unprofitable));
	memset(native->search, 0, sizeof(native->search));
}

static struct x86_arg rest(void)
{
	return x86_at(8, ENV, ENV_OF(native.rest));
}

static struct x86_arg iterations(void)
{
	return x86_at(8, ENV, ENV_OF(native.iterations));
}

s64 gen_stream_slot(unsigned stream)
{
	return ENV_OF(native.stream) + 8 * (s64)stream;
}

static struct x86_arg begun(void)
{
	return x86_at(8, ENV, ENV_OF(native.begun));
}

void gen_write_end_strip(struct x86 *x)
{
	u8 *unprofitable;

	X86(x, MOV, x86_reg(8, RAX), begun());
	X86(x, SUB, x86_reg(8, RAX), x86_reg(8, BUDGET));
	X86(x, CMP, x86_reg(8, RAX), x86_reg(8, RDX));
	unprofitable = x86_jump(x, ZYDIS_MNEMONIC_JL);
	X86(x, MOV, x86_indexed(1, ENV, RCX, 1, ENV_OF(native.unprofitable)), x86_imm(0));
	x86_patch(unprofitable, x->at);
	X86(x, ADD, x86_reg(8, BUDGET), rest());
	X86(x, RET);
}

/* Writes the function that ends the loop's strip. */
static void write_end(struct gen *gen, struct loop *loop)
{
	struct x86 *x = &gen->cold;

	loop->end = x->at;
	gen_leave_pins(x, loop);
	X86(x, MOV, x86_reg(4, RCX), x86_imm(loop->number));
	X86(x, MOV, x86_reg(4, RDX), x86_imm(loop->worth));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), gen->jit->stubs.end_strip);
}

unsigned gen_repeats(const struct loop *loop)
{
	return loop->length - (loop->last + 1u - loop->first);
}

void gen_leave_strip(struct x86 *x, const struct loop *loop, const u8 *checked, unsigned repeats)
{
	if (repeats)
		X86(x, ADD, x86_reg(8, BUDGET), x86_imm(repeats));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), loop->end);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), checked);
}

/* Returns the shift that divides by a power of two that is not less than the step. */
static u8 step_shift(s32 step)
{
	u8 shift = 0;

	while (1 << shift < step)
		shift++;
	return shift;
}

/*
 * Computes, from the address of the iteration's first byte in RDX, how many iterations after this
 * one stay in its page. hart->native.iterations becomes the minimum of this number and its old
 * value, or just this number if this is the `first` stream that moves. The offset in the page is
 * the distance to the page's beginning, and its complement that to the last byte.
 */
static void write_iterations(struct x86 *x, const struct stream *stream, bool first)
{
	s32 step = MAX(stream->most, -stream->least), size = stream->high - stream->low;

	if (stream->most > 0)
		X86(x, NOT, x86_reg(4, RDX));
	X86(x, AND, x86_reg(4, RDX), x86_imm((s64)PAGE_SIZE - 1));
	if (stream->most > 0 && size > 1)
		X86(x, SUB, x86_reg(4, RDX), x86_imm(size - 1));
	if (step > 1)
		X86(x, SHR, x86_reg(4, RDX), x86_imm(step_shift(step)));
	if (!first) {
		X86(x, CMP, x86_reg(8, RDX), iterations());
		X86(x, CMOVNB, x86_reg(8, RDX), iterations());
	}
	X86(x, MOV, iterations(), x86_reg(8, RDX));
}

/*
 * Subtracts from the budget, before an iteration, the instructions that it repeats because inner
 * loops are unrolled. If the slice ends before that, a checked iteration is executed instead.
 */
static void write_repeats(struct gen *gen, const struct loop *loop, const u8 *checked)
{
	const struct x86_arg repeats = x86_imm(gen_repeats(loop));
	struct x86 *cold = &gen->cold;

	if (!gen_repeats(loop))
		return;
	X86(&gen->x, SUB, x86_reg(8, BUDGET), repeats);
	x86_patch(x86_jump(&gen->x, ZYDIS_MNEMONIC_JL), cold->at);
	X86(cold, ADD, x86_reg(8, BUDGET), repeats);
	x86_patch(x86_jump(cold, ZYDIS_MNEMONIC_JMP), checked);
}

/*
 * Makes the budget that of the strip's iterations, if the slice has more; the rest of the slice is
 * kept in hart->native.rest.
 */
static void write_budget(struct gen *gen, const struct loop *loop, bool moves)
{
	struct x86 *x = &gen->x;

	if (moves) {
		X86(x, IMUL, x86_reg(8, RDX), iterations(), x86_imm(loop->least));
		X86(x, MOV, x86_reg(8, RCX), x86_reg(8, BUDGET));
		X86(x, CMP, x86_reg(8, RDX), x86_reg(8, BUDGET));
		X86(x, CMOVL, x86_reg(8, BUDGET), x86_reg(8, RDX));
		X86(x, SUB, x86_reg(8, RCX), x86_reg(8, BUDGET));
		X86(x, MOV, rest(), x86_reg(8, RCX));
	} else {
		X86(x, MOV, rest(), x86_imm(0));
	}
	X86(x, MOV, begun(), x86_reg(8, BUDGET));
	/*
	 * One iteration of a nested loop may be worth the checks; of other loops, the first
	 * iteration is not counted.
	 */
	if (loop->nested)
		X86(x, ADD, begun(), x86_imm(loop->length));
}

/* Writes the check that skips the strip if too many in a row were not worth it. */
static void write_worth(struct x86 *x, const struct loop *loop, const u8 *checked)
{
	struct x86_arg count = x86_at(1, ENV, ENV_OF(native.unprofitable) + loop->number);

	X86(x, CMP, count, x86_imm(UNPROFITABLE_MOST));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNB), checked);
	X86(x, INC, count);
}

/*
 * Collects what was noted about floating point while the checked version was written: the strip
 * requires all of it to be true, even what only a path that is never executed needs. Boxes of
 * registers that an iteration may write otherwise are left out.
 */
static void find_fp_state(const struct gen *gen, struct loop *loop)
{
	const struct insn *insn = gen_insn(gen, loop->first);
	u32 kept = ~0u;

	for (unsigned n = loop->first; n <= loop->last; n++, insn = block_next(insn)) {
		struct facts facts = { .boxed = ~0u };

		gen_transfer_facts(&facts, insn);
		kept &= facts.boxed;
		loop->dirty |= facts.dirty;
		loop->boxed |= gen->place[n].boxed;
	}
	loop->boxed &= kept;
}

/* Writes the checks of what the strip assumes about registers, floating point and vstart. */
static void write_state_checks(struct gen *gen, const struct loop *loop, const u8 *checked)
{
	struct x86 *x = &gen->x;

	if (loop->vectors) {
		X86(x, CMP, x86_at(8, ENV, ENV_OF(vector.vstart)), x86_imm(0));
		x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), checked);
	}
	if (loop->dirty) {
		X86(x, CMP, x86_at(1, ENV, ENV_OF(fp_dirty)), x86_imm(1));
		x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), checked);
	}
	for (const struct copy *copy = loop->copy; copy < loop->copy + loop->copies; copy++) {
		gen_read_x(gen, RAX, copy->of);
		X86(x, LEA, x86_reg(8, RAX), x86_at(8, RAX, copy->offset));
		X86(x, CMP, x86_reg(8, RAX), gen_x(gen, 8, copy->reg));
		x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), checked);
	}
	for (unsigned reg = 0; reg < 32; reg++) {
		if (loop->fixed >> reg & 1) {
			X86(x, CMP, gen_x(gen, 8, reg), x86_imm((s64)gen->hart->x[reg]));
			x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), checked);
		}
		if (loop->boxed >> reg & 1) {
			emitter_compare_boxed(gen, reg);
			x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), checked);
		}
	}
}

/*
 * Writes the call that enters the page of the address in RAX in the view, for loads or for stores.
 */
static void write_refill(struct gen *gen, bool write, const u8 *checked)
{
	struct x86 *x = &gen->x;

	X86(x, MOV, x86_reg(8, RDX), x86_reg(8, RAX));
	X86(x, AND, x86_reg(8, RDX), x86_imm((s64)PAGE_MASK));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), gen->jit->stubs.refill[write][0]);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JZ), checked);
}

/*
 * Leaves in RCX the addend for the page of the iteration, the address of whose first byte is in
 * RDX. Checked iterations may find pages without the view (emit/vector/mem.c), so a page that the
 * view lacks is entered here.
 */
static void write_stream_page(struct gen *gen, const struct stream *stream, const u8 *checked)
{
	s32 size = stream->high - stream->low;
	struct x86 *x = &gen->x, hot;
	u8 *missed, *denied = NULL;

	gen_write_page_check(x, gen->jit, RDX, stream->writes, size);
	missed = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	if (stream->reads && stream->writes) {
		gen_write_tag_check(x, RAX, false);
		denied = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	}
	gen_write_addend(x);
	hot = gen_begin_cold(gen, missed);
	if (denied)
		x86_patch(denied, x->at);
	X86(x, LEA, x86_reg(8, RAX), x86_at(8, RDX, size - 1));
	X86(x, XOR, x86_reg(8, RAX), x86_reg(8, RDX));
	X86(x, TEST, x86_reg(8, RAX), x86_imm((s64)PAGE_MASK));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), checked);
	X86(x, MOV, x86_reg(8, RAX), x86_reg(8, RDX));
	if (stream->reads)
		write_refill(gen, false, checked);
	if (stream->writes)
		write_refill(gen, true, checked);
	X86(x, MOV, x86_reg(8, RDX), x86_reg(8, RAX));
	gen_end_cold(gen, hot);
}

/*
 * Writes the checks before an iteration. If one of its pages cannot be accessed, the checked
 * version of the iteration is executed.
 */
static void write_checks(struct gen *gen, const struct loop *loop)
{
	struct x86 *x = &gen->x;
	const u8 *checked = gen->place[loop->first].inner;
	bool moves = false;

	write_worth(x, loop, checked);
	write_state_checks(gen, loop, checked);
	for (unsigned n = 0; n < loop->streams; n++) {
		const struct stream *stream = &loop->stream[n];
		const struct form first = form_of_stream(stream, stream->low);

		gen_write_form(gen, &first, RDX, RCX);
		write_stream_page(gen, stream, checked);
		X86(x, MOV, x86_at(8, ENV, gen_stream_slot(n)), x86_reg(8, RCX));
		gen_prefetch_first(gen, loop, stream);
		if (stream->least || stream->most) {
			write_iterations(x, stream, !moves);
			moves = true;
		}
	}
	write_repeats(gen, loop, checked);
	write_budget(gen, loop, moves);
}

/*
 * Computes how many instructions a strip must execute to be worth its checks. Returns false if it
 * saves too little.
 */
static bool find_worth(struct loop *loop)
{
	const unsigned boxes = (unsigned)__builtin_popcount(loop->boxed);
	const unsigned spared = SPARED_ACCESS * loop->hoisted + loop->spared + SPARED_BOX * boxes;
	const unsigned cost = COST_STRIP + COST_STREAM * loop->streams +
			      COST_FACT * (boxes + loop->copies) + COST_MOVE * loop->moves;

	if (!loop->streams && spared < SPARED_LEAST)
		return false;
	loop->worth = (u16)(loop->least * cost / spared);
	return true;
}

/* Writes an iteration of the strip. */
static void translate_iteration(struct gen *gen, const struct loop *loop)
{
	struct loops *loops = &gen->loops;

	loops->repeats = gen_repeats(loop);
	loops->fetched = 0;
	for (unsigned n = 0; n < loop->stretches; n++) {
		const struct stretch *stretch = &loop->stretch[n];

		loops->back = stretch->back;
		gen_translate(gen, stretch->first, stretch->last);
		if (stretch->back)
			loops->repeats -= stretch->last + 1u - stretch[1].first;
	}
}

/* Translates the loop a second time, as a strip. If that is impossible, nothing is written. */
static void write_strip(struct gen *gen, struct loop *loop)
{
	unsigned slow_paths = gen->slow_paths, side_exits = gen->side_exits;
	u8 *begin = gen->x.at, *cold_begin = gen->cold.at;

	find_fp_state(gen, loop);
	if (!find_worth(loop))
		return;
	loop->number = gen->jit->loops++ % NATIVE_LOOPS;
	loop->checks = begin;
	write_checks(gen, loop);
	write_end(gen, loop);
	gen_write_simd(gen, loop);
	gen_enter_pins(&gen->x, loop);
	loop->head = gen->x.at;
	gen->loops.failed = false;
	gen->loops.strip = loop;
	gen->pin = loop->pin;
	translate_iteration(gen, loop);
	gen->pin = pin_x;
	gen->loops.strip = NULL;
	if (!gen->loops.failed) {
		x86_patch(loop->back, loop->checks);
		if (loop->enter)
			x86_patch(loop->enter, loop->checks);
		return;
	}
	gen->slow_paths = slow_paths;
	gen->side_exits = side_exits;
	gen->x.at = begin;
	gen->cold.at = cold_begin;
}

void gen_enter_nested(struct gen *gen, unsigned index)
{
	for (unsigned n = 0; n < gen->loops.count; n++) {
		struct loop *loop = &gen->loops.loop[n];

		if (!loop->nested || loop->first != index)
			continue;
		loop->enter = x86_jump(&gen->x, ZYDIS_MNEMONIC_JMP);
		x86_patch(loop->enter, gen->x.at);
	}
}

unsigned gen_stream(const struct gen *gen, const struct insn *insn)
{
	return gen->loops.strip ? gen->loops.strip->streamed[insn->index] : 0;
}

bool gen_is_unrolled(const struct gen *gen, const struct insn *insn)
{
	const struct loop *strip = gen->loops.strip;

	return strip && strip->nested && insn->index != strip->last;
}

void gen_write_strips(struct gen *gen)
{
	for (unsigned n = 0; n < gen->loops.count; n++)
		write_strip(gen, &gen->loops.loop[n]);
}

/*
 * Notes the place of an instruction in the strip. An iteration begins with the same held vectors as
 * a checked one.
 */
void gen_place_strip(struct gen *gen, struct insn_place *place)
{
	bool begins = place == &gen->place[gen->loops.strip->first];

	place->strip = gen->x.at;
	if (place->joined)
		gen->held.now = begins ? place->wants : 0;
}

/*
 * Writes the end of an iteration. After the last iteration of the strip the checks are repeated,
 * unless the slice ends.
 */
void gen_strip_end(struct gen *gen, u8 *over)
{
	const struct loop *loop = gen->loops.strip;
	struct x86 *x = &gen->x, *cold = &gen->cold;

	gen_load_held(gen, x, gen->place[loop->first].wants & (u8)~gen->held.now);
	X86(x, SUB, x86_reg(8, BUDGET), x86_imm(loop->length));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNL), loop->head);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), cold->at);
	if (gen_repeats(loop))
		X86(cold, ADD, x86_reg(8, BUDGET), x86_imm(gen_repeats(loop)));
	x86_patch(x86_jump(cold, ZYDIS_MNEMONIC_CALL), loop->end);
	X86(cold, TEST, x86_reg(8, BUDGET), x86_reg(8, BUDGET));
	x86_patch(x86_jump(cold, ZYDIS_MNEMONIC_JNS), loop->checks);
	x86_patch(x86_jump(cold, ZYDIS_MNEMONIC_JMP), loop->out);
	if (!over)
		return;
	x86_patch(over, x->at);
	gen_load_held(gen, x, gen->place[loop->last + 1].vectors);
	gen_leave_strip(x, loop, gen->place[loop->last + 1].code, 0);
}
