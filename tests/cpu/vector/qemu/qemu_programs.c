/* SPDX-License-Identifier: MIT */
/*
 * Compares random programs (../programs.h): the state after threaded and native code is the
 * interpreter's, and QEMU's. Where QEMU differs, the instructions that the interpreter executed are
 * written one after the other, with branches that trap if they go elsewhere, and a search finds one
 * after which QEMU has another state although the state before it was the same. If this is a known
 * difference, the comparison continues after it from Baya's state; so a program whose differences
 * are all known is compared to its end, in parts.
 */
#include "tests/cpu/vector/difference.h"
#include "tests/cpu/vector/programs.h"
#include "tests/cpu/vector/qemu/qemu_compare.h"

#include <stdio.h>
#include <string.h>

/* The most differences that are printed. */
#define PRINTED 12

/* A program as the interpreter executed it. */
struct trace {
	u32 insn[PROGRAM_STEPS];
	/* before each instruction, and after the last one */
	struct vector_image state[PROGRAM_STEPS + 1];
	unsigned count;
};

struct programs {
	struct comparison *c;
	struct program program;
	struct trace trace;
	struct vector_image baya; /* what the interpreter made of it */
	u64 at, steps; /* where that ended, and after how many instructions */
	u64 executed, written, native, native_of;
	u64 by_op[OP_TABLE_SIZE];
};

/* --- Baya --- */

/* Executes at most `steps` instructions of the program. Returns the address that was reached. */
static u64 run(struct programs *p, enum unit_tier tier, u64 steps, struct vector_image *image)
{
	p->program.code.steps = (unsigned)steps;
	*image = p->program.in;
	return unit_run_code(p->c->unit, tier, &p->program.code, image);
}

static void print_program(const struct programs *p)
{
	const struct vector_image *in = &p->program.in;

	if (p->c->differences > PRINTED)
		return;
	printf("VLEN %u, vtype %llx, vl %llu, vcsr %llx, fcsr %llx:\n", p->c->maker.vlenb * 8,
	       in->vtype, in->vl, in->vcsr, in->fcsr);
	block_print(&p->program.loops.maker, p->program.code.insn, p->program.loops.count);
}

/* Counts a difference, and prints it after a line that says what it is. */
static void differ(struct programs *p, const char *what, const struct vector_image *baya,
		   const struct vector_image *other)
{
	const struct difference_images images = { &p->program.in, baya, other, "the other",
						  p->c->maker.vlenb };

	p->c->differences++;
	print_program(p);
	if (p->c->differences > PRINTED)
		return;
	printf("%s:\n", what);
	difference_print(&images);
}

/* Finds the first instruction after which a tier differs, and prints the difference. */
static void print_tier(struct programs *p, enum unit_tier tier)
{
	static struct vector_image should, is;
	u64 good = 0, bad = p->steps, at = 0;
	char text[128];

	while (good + 1 < bad) {
		u64 steps = (good + bad) / 2;
		bool same = run(p, UNIT_INTERP, steps, &should) == run(p, tier, steps, &is) &&
			    !memcmp(&should, &is, sizeof(is));

		*(same ? &good : &bad) = steps;
	}
	at = run(p, UNIT_INTERP, good, &should);
	snprintf(text, sizeof(text), "%s differs behind step %llu, the instruction at %llx",
		 unit_tier_names[tier], bad, at);
	at = run(p, UNIT_INTERP, bad, &should);
	if (run(p, tier, bad, &is) != at)
		printf("it went elsewhere than to %llx\n", at);
	differ(p, text, &should, &is);
}

static void compare_tiers(struct programs *p)
{
	static struct vector_image is;
	struct hart *hart = unit_hart(p->c->unit);

	for (unsigned tier = UNIT_THREADED; tier < UNIT_TIERS; tier++) {
		u64 steps = hart->steps, native = unit_native_insns(p->c->unit);
		u64 at = run(p, (enum unit_tier)tier, PROGRAM_STEPS, &is);

		if (tier != UNIT_THREADED) {
			p->native += unit_native_insns(p->c->unit) - native;
			p->native_of += hart->steps - steps;
		}
		if (at != p->at || hart->steps - steps != p->steps ||
		    memcmp(&is, &p->baya, sizeof(is)) != 0)
			print_tier(p, (enum unit_tier)tier);
	}
}

/* --- the program written out --- */

static bool is_branch(u32 insn)
{
	return (insn & 0x7f) == 0x63;
}

/*
 * Returns a branch that jumps over the next instruction exactly if `insn` goes the way that is
 * given, taken or not; or a no-op for a branch to the next instruction.
 */
static u32 branch_over_next(u32 insn, bool taken)
{
	u32 over = (insn & 0x01fff07f) | 8 << 7;

	if ((insn & ~0x01fff07fu) == 4 << 7)
		return BLOCK_NOP;
	return taken ? over : over ^ 1 << 12;
}

/* Executes the program one instruction at a time, and records the trace. */
static void make_trace(struct programs *p)
{
	struct trace *trace = &p->trace;
	struct vector_image *state = trace->state;
	u64 at = 0, to;

	*state = p->program.in;
	trace->count = 0;
	while (state->trap == IMAGE_DONE && p->program.code.insn[at / 4] != UNIT_END) {
		const struct unit_code code = { { p->program.code.insn[at / 4] }, 1 };
		u32 insn = code.insn[0];

		state[1] = *state;
		state++;
		to = at + unit_run_code(p->c->unit, UNIT_INTERP, &code, state);
		trace->insn[trace->count++] =
			is_branch(insn) ? branch_over_next(insn, to != at + 4) : insn;
		at = to;
	}
}

/* Counts the executed instructions of each row. */
static void count_trace(struct programs *p)
{
	struct insn insn;

	for (unsigned n = 0; n < p->trace.count; n++) {
		isa_decode(p->c->maker.isa, p->trace.insn[n], &insn);
		p->by_op[insn.op]++;
	}
}

/* A part of a trace. */
struct part {
	unsigned from, to;
};

/*
 * Has QEMU execute a part from the state that Baya had there. Returns whether QEMU reached the end
 * of the part, or the trap that Baya has there. If QEMU was aborted, it returns false and sets
 * *aborted.
 */
static bool run_part(struct programs *p, struct part part, struct vector_image *qemu, bool *aborted)
{
	u32 words[IMAGE_INSNS], at;
	struct qemu_code code = { words, 0 };
	bool traps = p->trace.state[part.to].trap != IMAGE_DONE;

	for (unsigned n = part.from; n < part.to; n++) {
		words[code.count++] = p->trace.insn[n];
		if (is_branch(p->trace.insn[n]))
			words[code.count++] = 0; /* an illegal instruction */
	}
	*qemu = p->trace.state[part.from];
	*aborted = !qemu_run(&p->c->qemu, code, qemu, &at);
	return !*aborted && at == code.count - traps;
}

static bool part_is_same(struct programs *p, struct part part)
{
	static struct vector_image qemu;
	const struct vector_image *baya = &p->trace.state[part.to];
	bool aborted;

	return run_part(p, part, &qemu, &aborted) && !memcmp(&qemu, baya, sizeof(qemu));
}

/* Returns the end of a part that differs, while it does not without its last instruction. */
static unsigned first_difference(struct programs *p, struct part part)
{
	unsigned good = part.from;

	while (good + 1 < part.to) {
		unsigned middle = (good + part.to) / 2;

		if (part_is_same(p, (struct part){ part.from, middle }))
			good = middle;
		else
			part.to = middle;
	}
	return part.to;
}

/*
 * Judges a part that differs because of its last instruction, and prints it if the difference is
 * unknown.
 */
static enum known judge(struct programs *p, struct part part)
{
	struct comparison *c = p->c;
	static struct vector_image in, baya, qemu;
	const struct part last = { part.to - 1, part.to };
	enum known known = KNOWN_NONE;
	bool aborted, ended = run_part(p, last, &qemu, &aborted);

	in = p->trace.state[last.from];
	baya = p->trace.state[last.to];
	in.raw = baya.raw = qemu.raw = p->trace.insn[last.from];
	if (aborted)
		known = known_abort(&c->maker, &in);
	else if (!ended || memcmp(&qemu, &baya, sizeof(qemu)) != 0)
		known = known_difference(&c->maker, &in, &baya, &qemu);
	else /* It differs only after the other instructions, which nothing explains. */
		run_part(p, part, &qemu, &aborted);
	c->known[known]++;
	if (known != KNOWN_NONE)
		return known;
	c->differences++;
	print_program(p);
	if (c->differences <= PRINTED) {
		printf("differs from QEMU in a part of %u instructions, behind the last one:\n",
		       part.to - part.from);
		print_difference(c, &in, &baya, &qemu);
	}
	return known;
}

/* Explains why QEMU executed the program in another way than Baya, or was aborted. */
static void explain(struct programs *p, const struct vector_image *whole, bool aborted)
{
	struct part part = { 0, p->trace.count };

	while (part.from < part.to && !part_is_same(p, part)) {
		unsigned end = first_difference(p, part);

		if (judge(p, (struct part){ part.from, end }) == KNOWN_NONE)
			return;
		part.from = end;
	}
	if (part.from > 0)
		return;
	differ(p,
	       aborted ? "QEMU is aborted by the loops alone" : "QEMU differs in the loops alone",
	       &p->baya, aborted ? &p->baya : whole);
}

/* --- programs --- */

static void compare_program(struct programs *p)
{
	struct comparison *c = p->c;
	struct program *program = &p->program;
	struct hart *hart = unit_hart(c->unit);
	static struct vector_image qemu;
	struct qemu_code code = { program->code.insn, program->loops.count };
	u64 before = hart->steps;
	bool aborted;
	u32 at;

	p->at = run(p, UNIT_INTERP, PROGRAM_STEPS, &p->baya);
	p->steps = hart->steps - before;
	compare_tiers(p);
	make_trace(p);
	count_trace(p);
	if (memcmp(&p->trace.state[p->trace.count], &p->baya, sizeof(p->baya)) != 0)
		differ(p, "the interpreter differs from its own single steps", &p->baya,
		       &p->trace.state[p->trace.count]);
	c->compared++;
	c->trapped += p->baya.trap != IMAGE_DONE;
	p->executed += p->steps - (p->baya.trap == IMAGE_DONE); /* without UNIT_END */
	p->written += code.count;
	qemu = program->in;
	aborted = !qemu_run(&c->qemu, code, &qemu, &at);
	if (aborted || at != p->at / 4 || memcmp(&qemu, &p->baya, sizeof(qemu)) != 0)
		explain(p, &qemu, aborted);
}

static unsigned rows_seen(const struct programs *p)
{
	unsigned rows = 0;

	for (unsigned op = OP_vsetivli; op < OP_COUNT; op++)
		rows += p->by_op[op] != 0;
	return rows;
}

void compare_programs(struct comparison *c, u64 count)
{
	static struct programs p;

	p.c = c;
	/* Each VLEN has programs of its own. */
	c->maker.seed += c->maker.vlenb;
	block_maker_init(&p.program.loops.maker, c->maker.isa, c->maker.seed);
	for (u64 n = 0; n < count; n++) {
		program_make(&p.program, &c->maker, c->unit);
		compare_program(&p);
	}
	printf("%llu instructions in each tier, of %llu in the programs and of %u rows of %u; "
	       "%llu of %llu in native code\n",
	       p.executed, p.written, rows_seen(&p), OP_COUNT - OP_vsetivli, p.native, p.native_of);
}
