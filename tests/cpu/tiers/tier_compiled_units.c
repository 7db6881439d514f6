/* SPDX-License-Identifier: MIT */
/*
 * Units of what compilers write and the native tier translates at once (see tier_units.h): pairs of
 * instructions, branches around one, and accesses near each other.
 */
#include "tests/cpu/tiers/tier_units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Emits a shift to the left, and one to the right or a sum of its result. */
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

/* Emits lui or auipc, and what completes the constant or the address. */
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
	unsigned base = 1 + (unsigned)below(seed, 20);

	emit_addi(e, base, 22, chance(seed, 50) ? (s64)below(seed, 1024) : -(s64)below(seed, 400));
	for (unsigned n = 3 + (unsigned)below(seed, 12); n; n--) {
		s64 at = (s64)below(seed, chance(seed, 90) ? 400 : 2048);
		unsigned reg = program_register(program);

		at = chance(seed, 90) ? at & ~7 : at;
		if (chance(seed, 10))
			program_any(program);
		else if (chance(seed, 50))
			emit_load(e, match[loads[below(seed, 5)]], reg, base, at);
		else
			emit_store(e, match[stores[below(seed, 4)]], base, reg, at);
	}
}
