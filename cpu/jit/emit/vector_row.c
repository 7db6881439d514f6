/* SPDX-License-Identifier: MIT */
/*
 * How a row of elements is written: for the whole group, and with AVX-512 far from there also for
 * some of its elements, those below vl and chosen by v0. The others keep their values, which is
 * legal for all policies (vector chapter, "Vector Tail Agnostic and Vector Mask Agnostic"); harts
 * that make them ones have the body.
 */
#include "cpu/jit/emit/vector_row.h"

/* The most of the host's vectors for which there is a version for some elements. */
#define SOME_MOST 4

/* How many elements are in a part. */
static unsigned count_of(const struct row *row)
{
	return row->lanes.width >> row->lanes.size;
}

/* How the elements of vd lie. */
static struct lanes lanes_of_d(const struct row *row)
{
	struct lanes d = row->lanes;

	d.size -= row->narrow;
	d.width = MAX(d.width >> row->narrow, 16u);
	return d;
}

bool gen_row_begin(struct gen *gen, const struct insn *insn, const struct emitter *how, int size,
		   struct row *row)
{
	*row = (struct row){ .insn = insn, .how = how };
	return gen_row_lanes(gen, insn, size < 0 ? gen_sew(gen) : (unsigned)size, &row->lanes);
}

struct x86_arg load_part(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg,
			 unsigned at)
{
	const struct x86_arg source = from(gen, lanes, reg, at);

	if (is_held(source))
		return source;
	move(gen, lanes, scratch(lanes, n), source);
	return scratch(lanes, n);
}

void gen_active(struct gen *gen, bool masked)
{
	u64 vl = gen_known_vl(gen);
	struct x86 *x = &gen->x;

	if (vl) {
		gen_constant(gen, RAX, vl < 64 ? BIT(vl) - 1 : ~0ull);
	} else {
		X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
		X86(x, MOV, x86_reg(8, RAX), x86_imm(-1));
		X86(x, BZHI, x86_reg(8, RAX), x86_reg(8, RAX), x86_reg(8, RCX));
	}
	if (masked)
		X86(x, AND, x86_reg(8, RAX), part_of(gen, 8, 0, 0));
}

/* The same of a part of more than 64 elements: RAX has its bits in front. */
static void active_of_part(struct gen *gen, bool masked, unsigned first)
{
	struct x86 *x = &gen->x;

	X86(x, MOV, x86_reg(4, RDX), x86_imm(0));
	X86(x, MOV, x86_reg(4, RAX), x86_imm(64));
	X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
	X86(x, SUB, x86_reg(4, RCX), x86_imm(first));
	X86(x, CMOVB, x86_reg(4, RCX), x86_reg(4, RDX));
	X86(x, CMP, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, CMOVNBE, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, MOV, x86_reg(8, RAX), x86_imm(-1));
	X86(x, BZHI, x86_reg(8, RAX), x86_reg(8, RAX), x86_reg(8, RCX));
	if (masked)
		X86(x, AND, x86_reg(8, RAX), part_of(gen, 8, 0, first / 8));
}

/* Makes K1 the active elements of a part. */
static void choose(struct gen *gen, const struct row *row, unsigned at)
{
	bool masked = vector_is_masked(row->insn->raw) && !row->carries;
	unsigned count = count_of(row), first = at / row->lanes.width * count;
	struct x86 *x = &gen->x;

	if (first && row->lanes.vlmax <= 64) {
		X86(x, KSHIFTRQ, x86_reg(8, K1), x86_reg(8, K1), x86_imm(count));
		return;
	}
	if (row->lanes.vlmax <= 64)
		gen_active(gen, masked);
	else
		active_of_part(gen, masked, first);
	X86(x, KMOVQ, x86_reg(8, K1), x86_reg(8, RAX));
}

void gen_carry(struct gen *gen, const struct row *row, unsigned mask, unsigned at)
{
	unsigned first = at / row->lanes.width * count_of(row);

	X86(&gen->x, KMOVQ, x86_reg(8, mask), part_of(gen, 8, 0, first / 8));
}

/* Returns whether two parts of narrowed elements are written to vd at once. */
static bool are_halves(const struct row *row)
{
	return row->narrow == 1 && row->lanes.width == 64 && row->lanes.bytes > 64;
}

/* Writes to vd where a part of it is; a half is kept until the other one is there, too. */
static void write_d(struct gen *gen, const struct row *row, unsigned at, struct x86_arg result)
{
	const struct lanes lanes = lanes_of_d(row);
	const struct x86_arg low = x86_reg(32, lanes.first + 4);
	const struct x86_arg both = x86_reg(64, lanes.first + 4);

	if (!are_halves(row)) {
		move(gen, &lanes, part(gen, &lanes, row->insn->rd, at >> row->narrow), result);
		hold(gen, &lanes, row->insn->rd, at >> row->narrow, result);
	} else if (at % 128 == 0) {
		move(gen, &lanes, low, result);
	} else {
		X86(&gen->x, VINSERTI64X4, both, both, result, x86_imm(1));
		/* The host passes on what was stored only to a load within it. */
		X86(&gen->x, VMOVDQU64, part_of(gen, 64, row->insn->rd, (at - 64) / 2), both);
		gen_hold(gen, 64, place_of(gen, row->insn->rd, (at - 64) / 2), x86_base(both));
	}
}

static void put(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes lanes = lanes_of_d(row);
	struct x86_arg result = scratch(&lanes, 0), old = scratch(&lanes, 3);

	if (row->some) {
		move(gen, &lanes, old, from(gen, &lanes, row->insn->rd, at >> row->narrow));
		OP(gen, &lanes, JIT_V_MERGE, x86_masked(old, K1), result);
		result = old;
	}
	write_d(gen, row, at, result);
}

void gen_put_mask(struct gen *gen, const struct row *row, unsigned at)
{
	static const ZydisMnemonic moves[] = {
		[1] = ZYDIS_MNEMONIC_KMOVB, [2] = ZYDIS_MNEMONIC_KMOVW,
		[4] = ZYDIS_MNEMONIC_KMOVD, [8] = ZYDIS_MNEMONIC_KMOVQ,
	};
	unsigned count = count_of(row), bytes = MAX(count / 8, 1u);
	unsigned first = at / row->lanes.width * bytes;
	const struct x86_arg to = part_of(gen, bytes, row->insn->rd, first);
	const struct x86_arg result = x86_reg(8, K2), old = x86_reg(8, K3);
	struct x86 *x = &gen->x;

	if (row->some) {
		x86_write(x, moves[bytes], 2, (const struct x86_arg[]){ old, to });
		X86(x, KXORQ, result, result, old);
		X86(x, KANDQ, result, result, x86_reg(8, K1));
		X86(x, KXORQ, result, result, old);
	}
	x86_write(x, moves[bytes], 2, (const struct x86_arg[]){ to, result });
	spoil(gen, bytes, row->insn->rd, first);
}

/*
 * Returns whether a part, and all behind it, may be left out if K1 has no element. What is begun is
 * ended: a sum, and the first one of two halves.
 */
static bool may_end(const struct row *row, unsigned at)
{
	return row->some && at && row->lanes.vlmax <= 64 && !row->all_parts &&
	       !(are_halves(row) && at % 128);
}

static void write_parts(struct gen *gen, const struct row *row)
{
	u8 *ends[LANES_MOST];
	unsigned count = 0;

	gen->held.kept = true;
	gen->held.some = row->some;
	if (row->prepare)
		row->prepare(gen, row);
	else
		gen_spread(gen, row->insn, &row->lanes, 1);
	for (unsigned at = 0; at < row->lanes.bytes; at += row->lanes.width) {
		if (row->some)
			choose(gen, row, at);
		if (may_end(row, at)) {
			X86(&gen->x, KORTESTQ, x86_reg(8, K1), x86_reg(8, K1));
			ends[count++] = x86_jump(&gen->x, ZYDIS_MNEMONIC_JZ);
		}
		row->part(gen, row, at);
		if (row->put)
			row->put(gen, row, at);
		else
			put(gen, row, at);
	}
	while (count)
		x86_land(ends[--count], gen->x.at);
	gen->held.some = false;
}

/* Writes the version for some elements far away, where `jump` leads; `before` was held then. */
static void write_some_far(struct gen *gen, struct row *row, u8 *jump, u8 before)
{
	struct held *held = &gen->held;
	struct x86 near = gen_go_far(gen, jump);
	u8 behind = held->now;

	held->now = before;
	row->some = true;
	write_parts(gen, row);
	held->now = behind;
	gen_load_held(gen, &gen->x, behind & held->made);
	gen_come_back(gen, near);
}

bool gen_row(struct gen *gen, struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	bool part_only = row->never_all || lanes->vlmax << lanes->size < lanes->bytes ||
			 lanes->width >> row->narrow < 16 ||
			 (vector_is_masked(row->insn->raw) && !row->carries);
	bool can_part = lanes->wide && lanes->bytes / lanes->width <= SOME_MOST;
	const u8 before = gen->held.now;
	u8 *jump;

	if (part_only && !can_part)
		return false;
	gen_require_start_0(gen);
	row->some = part_only;
	if (part_only) {
		write_parts(gen, row);
		return true;
	}
	if (!can_part || gen_known_vl(gen) == lanes->vlmax) {
		gen_require_all(gen, lanes->vlmax);
		write_parts(gen, row);
		return true;
	}
	jump = gen_jump_unless_all(gen, lanes->vlmax);
	gen->held.made = 0;
	write_parts(gen, row);
	write_some_far(gen, row, jump, before);
	return true;
}
