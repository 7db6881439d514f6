/* SPDX-License-Identifier: MIT */
/*
 * Units with sequences that compilers emit and the native tier translates as a whole (see
 * tier_units.h): pairs of instructions, branches around one instruction, accesses near each other,
 * loops over streams and arrays.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_units.h"

#include <string.h>

/* Emits a shift to the left, and then a shift to the right, or a sum, of its result. */
static void emit_shifted(struct program *program)
{
	static const u16 seconds[] = { OP_srli, OP_srai, OP_add };
	static const u8 counts[] = { 1, 2, 3, 4, 31, 32, 33, 48, 56 };
	unsigned rd = program_register(program), second = (unsigned)below(program->seed, 3);
	const u32 *match = program->isa->match;
	struct emit *e = &program->emit;
	u64 *seed = program->seed;

	emit_shift(e, match[OP_slli], rd, program_register(program),
		   counts[below(seed, ARRAY_SIZE(counts))]);
	if (seconds[second] != OP_add)
		emit_shift(e, match[seconds[second]], rd, rd,
			   counts[below(seed, ARRAY_SIZE(counts))]);
	else if (chance(seed, 50))
		emit_r(e, match[OP_add], rd, rd, program_register(program));
	else
		emit_r(e, match[OP_add], rd, program_register(program), rd);
}

/* Emits lui or auipc, and the instruction that completes the constant or the address. */
static void emit_far(struct program *program)
{
	unsigned rd = program_register(program);
	struct emit *e = &program->emit;
	u64 upper = below(program->seed, 1u << 20) << 12;
	s64 lower = (s64)below(program->seed, 4096) - 2048;

	if (chance(program->seed, 30)) {
		emit(e, (u32)(program->isa->match[OP_auipc] | upper | rd << 7));
		emit_addi(e, rd, rd, lower);
		return;
	}
	emit_lui(e, rd, upper >> 12);
	if (chance(program->seed, 50))
		emit_addi(e, rd, rd, lower);
	else
		emit_load(e, program->isa->match[OP_addiw], rd, rd, lower);
}

/* Emits a branch around one instruction. */
static void emit_skip(struct program *program)
{
	static const u16 branches[] = { OP_beq, OP_bne, OP_blt, OP_bge, OP_bltu, OP_bgeu };
	static const u16 skipped[] = { OP_addi, OP_addiw, OP_add };
	unsigned rs1 = program_register(program), rs2 = program_register(program);
	const u32 *match = program->isa->match;
	struct emit *e = &program->emit;
	u16 *at = emit_branch(e, match[branches[below(program->seed, 6)]], rs1, rs2);
	unsigned op = skipped[below(program->seed, 3)], rd = program_register(program);
	unsigned from = chance(program->seed, 20) ? 0 : program_register(program);

	if (op == OP_add)
		emit_r(e, match[op], rd, 0, from);
	else
		emit_load(e, match[op], rd, from, (s64)below(program->seed, 64) - 32);
	emit_patch_branch(e, at);
}

void unit_idioms(struct program *program)
{
	static void (*const idioms[])(struct program *) = { emit_shifted, emit_far, emit_skip,
							    emit_skip };

	for (unsigned n = 4 + (unsigned)below(program->seed, 12); n; n--) {
		idioms[below(program->seed, ARRAY_SIZE(idioms))](program);
		if (chance(program->seed, 30))
			program_any(program);
	}
}

/* Accesses near each other by a base that may be close to the end of a page. */
void unit_near(struct program *program)
{
	static const u16 loads[] = { OP_ld, OP_lw, OP_lhu, OP_lb, OP_lwu };
	static const u16 stores[] = { OP_sd, OP_sw, OP_sh, OP_sb };
	const u32 *match = program->isa->match;
	struct emit *e = &program->emit;
	u64 *seed = program->seed;
	const unsigned base = 1 + (unsigned)below(seed, 20);
	const s64 from = chance(seed, 50) ? (s64)below(seed, 1024) : -(s64)below(seed, 400);

	emit_addi(e, base, 22, from);
	for (unsigned n = 3 + (unsigned)below(seed, 12); n; n--) {
		s64 at = (s64)below(seed, chance(seed, 90) ? 400 : 2048);
		unsigned reg = program_register(program);

		at = chance(seed, 90) ? at & ~7 : at;
		/* This may write the base, also by moving the place of page-table entries. */
		if (chance(seed, 10)) {
			program_any(program);
			emit_addi(e, base, 22, from);
		}
		if (chance(seed, 50))
			emit_load(e, match[loads[below(seed, 5)]], reg, base, at);
		else
			emit_store(e, match[stores[below(seed, 4)]], base, reg, at);
	}
}

/* The registers of a loop whose addresses move through memory; the others up to x17 hold data. */
enum { STREAM_FIRST = 18, STREAMS = 3 };

/* For this number of rounds, nine steps of 400 bytes stay in the pages of data. */
#define FEW_ROUNDS 48

static unsigned stream_data(struct program *program)
{
	return (unsigned)below(program->seed, STREAM_FIRST);
}

static unsigned stream_base(struct program *program)
{
	return STREAM_FIRST + (unsigned)below(program->seed, STREAMS);
}

static void emit_stream_access(struct program *program, unsigned base)
{
	static const u16 loads[] = { OP_ld, OP_lw, OP_lhu, OP_lb, OP_lbu, OP_fld, OP_flw };
	static const u16 stores[] = { OP_sd, OP_sw, OP_sh, OP_sb, OP_fsd };
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	s64 at = (s64)below(seed, 64) - 32;

	at = chance(seed, 80) ? at & ~7 : at;
	if (chance(seed, 50))
		emit_load(&program->emit, match[loads[below(seed, ARRAY_SIZE(loads))]],
			  stream_data(program), base, at);
	else
		emit_store(&program->emit, match[stores[below(seed, ARRAY_SIZE(stores))]], base,
			   stream_data(program), at);
}

/*
 * Emits an access whose address is the sum of a base and an index below 2048, or of a base and the
 * distance to another base.
 */
static void emit_stream_index(struct program *program)
{
	static const u16 sums[] = { OP_add, OP_sh1add, OP_sh2add, OP_sh3add };
	const u32 *match = program->isa->match;
	struct emit *e = &program->emit;
	u64 *seed = program->seed;
	unsigned shift = (unsigned)below(seed, 4);

	if (chance(seed, 50))
		emit_load(e, match[OP_andi], 25, stream_data(program), (s64)below(seed, 256));
	else
		emit_shift(e, match[OP_srli], 25, stream_data(program),
			   53 + (unsigned)below(seed, 10));
	if (chance(seed, 50)) {
		emit_r(e, match[sums[shift]], 25, 25, stream_base(program));
	} else {
		emit_shift(e, match[OP_slli], 25, 25, shift);
		emit_r(e, match[OP_add], 25, stream_base(program), 25);
	}
	emit_stream_access(program, 25);
}

/*
 * Moves a base; in only some of the rounds if there is a branch around the move. If there are many
 * rounds, the steps are small, because the pages of data are followed by those of page tables,
 * which no loop may change.
 */
static void emit_stream_step(struct program *program, unsigned base, unsigned rounds)
{
	static const s16 steps[] = { 1, 2, 4, 8, 16, 24, -1, -4, -8, 0, 100, 400 };
	const size_t count = ARRAY_SIZE(steps) - (rounds <= FEW_ROUNDS ? 0 : 2);
	unsigned rs = stream_data(program);
	u16 *over = NULL;

	if (chance(program->seed, 25))
		over = emit_branch(&program->emit, program->isa->match[OP_blt], rs,
				   stream_data(program));
	emit_addi(&program->emit, base, base, steps[below(program->seed, count)]);
	if (chance(program->seed, 30))
		emit_stream_access(program, base);
	if (over)
		emit_patch_branch(&program->emit, over);
}

static void emit_round(struct program *program, unsigned rounds)
{
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;

	for (unsigned n = 2 + (unsigned)below(seed, 8); n; n--) {
		if (chance(seed, 50))
			emit_stream_access(program, stream_base(program));
		else if (chance(seed, 30))
			emit_stream_index(program);
		else if (chance(seed, 50))
			emit_stream_step(program, stream_base(program), rounds);
		else
			emit_r(&program->emit, match[chance(seed, 50) ? OP_add : OP_xor],
			       stream_data(program), stream_data(program), stream_data(program));
	}
}

/*
 * Emits a loop whose accesses move through pages; it ends by a branch, or by a jump and a branch.
 */
void unit_streams(struct program *program)
{
	const u32 *match = program->isa->match;
	struct emit *e = &program->emit;
	u64 *seed = program->seed, top;
	unsigned rounds = 1 + (unsigned)below(seed, chance(seed, 50) ? 400 : 12);
	u16 *out = NULL;

	emit_addi(e, 21, 0, rounds);
	for (unsigned n = 0; n < STREAMS; n++)
		emit_addi(e, STREAM_FIRST + n, 22, (s64)below(seed, 2400) - 400);
	top = e->pc;
	if (chance(seed, 30))
		out = emit_branch(e, match[OP_beq], 21, 0);
	emit_round(program, rounds);
	emit_addi(e, 21, 21, -1);
	if (out) {
		emit_jump(e, top);
		emit_patch_branch(e, out);
	} else {
		emit_branch_to(e, match[OP_bne], 21, top);
	}
}

/*
 * Emits the operation on an element in a register: with x9, which no round changes, or with a
 * number.
 */
static void emit_element(struct program *program, u16 op, unsigned reg, unsigned number)
{
	const u32 match = program->isa->match[op];
	struct emit *e = &program->emit;

	switch (op) {
	case OP_addi:
	case OP_xori:
		emit_load(e, match, reg, reg, (s64)number);
		break;
	case OP_slli:
	case OP_srli:
		emit_shift(e, match, reg, reg, number % 32);
		break;
	default:
		emit_r(e, match, reg, reg, 9);
	}
}

/* Emits a loop that does the same to each element of arrays, which may overlap. */
void unit_arrays(struct program *program)
{
	static const u16 loads[] = { OP_lbu, OP_lhu, OP_lw, OP_ld };
	static const u16 stores[] = { OP_sb, OP_sh, OP_sw, OP_sd };
	static const u16 ops[] = { OP_addi, OP_xori, OP_slli, OP_srli,
				   OP_add,  OP_sub,  OP_xor,  OP_srl };
	const u32 *match = program->isa->match;
	struct emit *e = &program->emit;
	u64 *seed = program->seed, top;
	const unsigned log = (unsigned)below(seed, 4), elements = 1u << below(seed, 3);
	const unsigned step = elements << log, number = (unsigned)below(seed, 2048);
	const u16 op = ops[below(seed, ARRAY_SIZE(ops))];
	const bool sums = chance(seed, 30), computes = chance(seed, 60);

	emit_addi(e, 21, 0, 1 + (s64)below(seed, chance(seed, 60) ? 2000 / step : 12));
	emit_addi(e, 18, 22, (s64)below(seed, 2400) - 400);
	emit_addi(e, 19, chance(seed, 60) ? 22 : 18, (s64)below(seed, 1024) - 400);
	top = e->pc;
	for (unsigned n = 0; n < elements; n++) {
		emit_load(e, match[loads[log]], 1 + n, 18, (s64)n << log);
		if (computes)
			emit_element(program, op, 1 + n, number);
	}
	for (unsigned n = 0; n < elements; n++)
		emit_store(e, match[stores[log]], 19, 1 + n, (s64)n << log);
	if (sums)
		emit_r(e, match[log == 3 ? OP_add : OP_addw], 10, 10, 1);
	emit_addi(e, 18, 18, step);
	emit_addi(e, 19, 19, step);
	emit_addi(e, 21, 21, -1);
	emit_branch_to(e, match[OP_bne], 21, top);
}

/* Emits a branch that ends a loop if the element in x1 compares with something in this way. */
static u16 *emit_found(struct program *program, bool two)
{
	static const u16 branches[] = { OP_beq, OP_bne, OP_blt, OP_bge, OP_bltu, OP_bgeu };
	const u32 match = program->isa->match[branches[below(program->seed, ARRAY_SIZE(branches))]];
	const unsigned other = two ? 2 : chance(program->seed, 50) ? 9 : 0;

	return chance(program->seed, 50) ? emit_branch(&program->emit, match, 1, other) :
					   emit_branch(&program->emit, match, other, 1);
}

/* Emits a loop that searches an element, or compares arrays, and continues after what it finds. */
void unit_search(struct program *program)
{
	static const u16 loads[] = { OP_lbu, OP_lb, OP_lhu, OP_lw, OP_ld };
	static const u8 sizes[] = { 1, 1, 2, 4, 8 };
	const u32 *match = program->isa->match;
	struct emit *e = &program->emit;
	u64 *seed = program->seed, top;
	const unsigned kind = (unsigned)below(seed, ARRAY_SIZE(loads));
	const s64 step = chance(seed, 70) ? sizes[kind] : -(s64)sizes[kind];
	const bool two = chance(seed, 30), masks = kind == 0 && chance(seed, 50);
	u16 *found[2];

	emit_addi(e, 21, 0, 1 + (s64)below(seed, 600));
	emit_addi(e, 18, 22, (s64)below(seed, 2400) - 400);
	emit_addi(e, 19, 22, (s64)below(seed, 2400) - 400);
	emit_load(e, match[loads[kind]], 9, 22, (s64)below(seed, 1024));
	top = e->pc;
	emit_load(e, match[loads[kind]], 1, 18, 0);
	if (two)
		emit_load(e, match[loads[kind]], 2, 19, 0);
	if (masks)
		emit_load(e, match[OP_andi], 1, 1, 1 + (s64)below(seed, 255));
	found[0] = emit_found(program, two);
	found[1] = chance(seed, 50) ? emit_found(program, false) : NULL;
	emit_addi(e, 18, 18, step);
	emit_addi(e, 19, 19, step);
	emit_addi(e, 21, 21, -1);
	emit_branch_to(e, match[OP_bne], 21, top);
	for (unsigned n = 0; n < ARRAY_SIZE(found); n++)
		if (found[n])
			emit_patch_branch(e, found[n]);
	emit_addi(e, 18, 18, step);
	emit_addi(e, 21, 21, -1);
	emit_branch_to(e, match[OP_blt] | 21 << 20, 0, top);
}

/*
 * Emits a loop that copies or fills a few elements, until a count or an element ends it, and that
 * is entered several times with another count.
 */
void unit_copy(struct program *program)
{
	static const u16 loads[] = { OP_lbu, OP_lhu, OP_lw, OP_ld };
	static const u16 stores[] = { OP_sb, OP_sh, OP_sw, OP_sd };
	const u32 *match = program->isa->match;
	struct emit *e = &program->emit;
	u64 *seed = program->seed, top, again;
	const unsigned log = chance(seed, 60) ? 0 : (unsigned)below(seed, 4);
	const s64 step = (chance(seed, 75) ? 1 : -1) * (s64)BIT(log);
	const bool less = chance(seed, 40);
	u16 *found = NULL;

	emit_addi(e, 21, 0, 4 + (s64)below(seed, 40));
	emit_addi(e, 18, 22, (s64)below(seed, 1200));
	emit_addi(e, 19, chance(seed, 60) ? 22 : 18, (s64)below(seed, 1200));
	emit_addi(e, 9, 0, (s64)below(seed, 256));
	again = e->pc;
	emit_load(e, match[OP_andi], 20, 21, chance(seed, 80) ? 15 : 63);
	emit_addi(e, 20, 20, 1);
	emit_shift(e, match[OP_slli], 20, 20, log);
	emit_r(e, match[step > 0 ? OP_add : OP_sub], 20, 18, 20);
	top = e->pc;
	emit_load(e, match[loads[log]], 1, 18, 0);
	if (chance(seed, 30))
		found = emit_branch(e, match[OP_beq], 1, 9);
	emit_store(e, match[stores[log]], 19, chance(seed, 80) ? 1 : 9, 0);
	emit_addi(e, 18, 18, step);
	emit_addi(e, 19, 19, step);
	if (less && step > 0)
		emit_branch_to(e, match[OP_bltu] | 20 << 20, 18, top);
	else
		emit_branch_to(e, match[OP_bne] | 20 << 20, 18, top);
	if (found)
		emit_patch_branch(e, found);
	emit_addi(e, 21, 21, -1);
	emit_branch_to(e, match[OP_bne], 21, again);
}
