/* SPDX-License-Identifier: MIT */
/*
 * Writes the code of a row of elements: for the whole group, and in cold code also for the active
 * elements alone, those below vl and chosen by v0. The others keep their values, which is legal for
 * all policies (vector chapter, "Vector Tail Agnostic and Vector Mask Agnostic"). On harts that set
 * them to ones, the body is called.
 */
#include "cpu/jit/emit/vector/select.h"

/*
 * Groups of more parts have no version for active elements, because it would be long. With AVX2 the
 * limit is higher, because parts are half as large.
 */
#define ACTIVE_PARTS_MOST 4
#define ACTIVE_PARTS_MOST_AVX2 8

bool gen_row_begin(struct gen *gen, const struct insn *insn, const struct emitter *how, int size,
		   struct row *row)
{
	*row = (struct row){ .insn = insn,
			     .how = how,
			     .active_parts_most = ACTIVE_PARTS_MOST_AVX2 };
	return gen_row_lanes(gen, insn, size < 0 ? gen_sew(gen) : (unsigned)size, &row->lanes);
}

/* Returns whether the narrowed elements of two parts are written to vd together. */
static bool are_halves(const struct row *row)
{
	const unsigned width = row->lanes.avx512 ? 64 : 32;

	return row->narrow == 1 && row->lanes.width == width && row->lanes.bytes > width;
}

/*
 * Stores the result of a part to vd. If two parts are stored together, the first one is kept until
 * the second one is computed.
 */
static void write_d(struct gen *gen, const struct row *row, unsigned at, struct x86_arg result)
{
	const struct lanes lanes = lanes_of_vd(row);
	const unsigned width = row->lanes.width, first = (at - width) / 2;
	const struct x86_arg low = x86_reg(width / 2, lanes.first_scratch + 4);
	const struct x86_arg both = x86_reg(width, lanes.first_scratch + 4);

	if (!are_halves(row)) {
		gen_move(gen, &lanes, part_in_hart(gen, &lanes, row->insn->rd, at >> row->narrow),
			 result);
		gen_hold_part(gen, &lanes, row->insn->rd, at >> row->narrow, result);
	} else if (at % (2 * width) == 0) {
		gen_move(gen, &lanes, low, result);
	} else {
		if (lanes.avx512)
			X86(&gen->x, VINSERTI64X4, both, both, result, x86_imm(1));
		else
			X86(&gen->x, VINSERTI128, both, both, result, x86_imm(1));
		/*
		 * A later load of the whole vector would wait if two stores had written its bytes:
		 * the host forwards the data of one store only, to a load of bytes within it.
		 */
		gen_move(gen, &lanes, v_in_hart(gen, width, row->insn->rd, first), both);
		gen_hold(gen, width, place_of(gen, row->insn->rd, first), x86_base(both));
	}
}

struct x86_arg gen_result(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes lanes = lanes_of_vd(row);

	if (!row->direct || row->active_only)
		return scratch(&lanes, 0);
	return x86_reg(lanes.width, gen_holder(gen, lanes.width, place_of(gen, row->insn->rd, at),
					       lanes.first_scratch));
}

void gen_put(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes lanes = lanes_of_vd(row);
	struct x86_arg result = gen_result(gen, row, at), old = scratch(&lanes, 3);

	if (row->active_only) {
		gen_move(gen, &lanes, old,
			 read_part(gen, &lanes, row->insn->rd, at >> row->narrow));
		gen_merge(gen, &lanes, old, result, active_register(&lanes));
		result = old;
	}
	write_d(gen, row, at, result);
}

/*
 * Stores the bits in RDX, without AVX-512. If not all are to be written, RAX has a mask of those
 * that are.
 */
static void store_bits(struct gen *gen, const struct row *row, unsigned first, unsigned bytes)
{
	const struct x86_arg to = v_in_hart(gen, bytes, row->insn->rd, first);
	const struct x86_arg result = x86_reg(8, RDX), old = x86_reg(8, RCX);
	struct x86 *x = &gen->x;

	if (row->active_only) {
		X86(x, MOV, x86_reg(bytes, RCX), to);
		X86(x, XOR, result, old);
		X86(x, AND, result, x86_reg(8, RAX));
		X86(x, XOR, result, old);
	}
	X86(x, MOV, to, x86_reg(bytes, RDX));
	gen_drop_bytes(gen, bytes, row->insn->rd, first);
}

/*
 * Returns whether the bits of all parts are stored at once: a later load of them all would wait if
 * several stores had written them (store forwarding).
 */
static bool gathers_bits(const struct row *row)
{
	return row->put == gen_put_mask && !row->lanes.avx512 && row->lanes.count <= 64;
}

/*
 * Adds the bits of a part, in RDX, to those of the earlier parts, in RCX. Stores all after the last
 * part.
 */
static void gather_bits(struct gen *gen, const struct row *row, unsigned at)
{
	const unsigned left = row->lanes.bytes - at - row->lanes.width;
	const unsigned count = elements_of_part(row);
	struct x86 *x = &gen->x;

	if (row->lanes.bytes > row->lanes.width && count < 32)
		X86(x, AND, x86_reg(4, RDX), x86_imm((1 << count) - 1));
	if (at) {
		X86(x, SHL, x86_reg(8, RDX), x86_imm(at / row->lanes.width * count));
		X86(x, OR, x86_reg(8, RDX), x86_reg(8, RCX));
	}
	if (left) {
		X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RDX));
		return;
	}
	if (row->active_only)
		gen_active_bits(gen, vector_is_masked(row->insn->raw));
	store_bits(gen, row, 0, MAX((unsigned)row->lanes.count / 8, 1u));
}

void gen_put_mask(struct gen *gen, const struct row *row, unsigned at)
{
	static const ZydisMnemonic moves[] = {
		[1] = ZYDIS_MNEMONIC_KMOVB, [2] = ZYDIS_MNEMONIC_KMOVW,
		[4] = ZYDIS_MNEMONIC_KMOVD, [8] = ZYDIS_MNEMONIC_KMOVQ,
	};
	unsigned count = elements_of_part(row), bytes = MAX(count / 8, 1u);
	unsigned first = at / row->lanes.width * bytes;
	const struct x86_arg to = v_in_hart(gen, bytes, row->insn->rd, first);
	const struct x86_arg result = x86_reg(8, K2), old = x86_reg(8, K3);
	struct x86 *x = &gen->x;

	if (gathers_bits(row)) {
		gather_bits(gen, row, at);
		return;
	}
	if (!row->lanes.avx512) {
		if (row->active_only)
			X86(x, VMOVQ, x86_reg(8, RAX), x86_xmm(ACTIVE_VECTOR));
		store_bits(gen, row, first, bytes);
		return;
	}
	if (row->active_only) {
		x86_write(x, moves[bytes], 2, (const struct x86_arg[]){ old, to });
		X86(x, KXORQ, result, result, old);
		X86(x, KANDQ, result, result, x86_reg(8, K1));
		X86(x, KXORQ, result, result, old);
	}
	x86_write(x, moves[bytes], 2, (const struct x86_arg[]){ to, result });
	gen_drop_bytes(gen, bytes, row->insn->rd, first);
}

/*
 * Returns whether the code before a part may jump over it and all later ones, which it does if none
 * of them has an active element: K1, or without AVX-512 RAX, has the bits of all of them. It may
 * not if something that was begun has to be completed: a sum, a mask, or the first of two halves.
 */
static bool may_end(const struct row *row, unsigned at)
{
	return row->active_only && at && row->lanes.count <= 64 && !row->all_parts &&
	       !gathers_bits(row) && !(are_halves(row) && at % (2 * row->lanes.width));
}

/*
 * Returns whether parts may be skipped, so that host registers do not always contain their results.
 */
static bool may_leave_out(const struct row *row)
{
	for (unsigned at = 0; at < row->lanes.bytes; at += row->lanes.width)
		if (may_end(row, at))
			return true;
	return false;
}

/*
 * Writes one version of the code. Before parts that may be skipped, code for active elements jumps
 * to the end if none is left.
 */
static void write_parts(struct gen *gen, const struct row *row)
{
	u8 *ends[LANES_MOST];
	unsigned count = 0;

	gen->held.reports_writes = true;
	if (row->compute_all) {
		row->compute_all(gen, row);
		return;
	}
	gen->held.may_be_skipped = may_leave_out(row);
	if (row->prepare)
		row->prepare(gen, row);
	else
		gen_broadcast_b(gen, row->insn, &row->lanes, 1);
	for (unsigned at = 0; at < row->lanes.bytes; at += row->lanes.width) {
		if (row->active_only && !gathers_bits(row))
			gen_active_mask(gen, row, at);
		if (may_end(row, at)) {
			if (row->lanes.avx512)
				X86(&gen->x, KORTESTQ, x86_reg(8, K1), x86_reg(8, K1));
			else
				X86(&gen->x, TEST, x86_reg(8, RAX), x86_reg(8, RAX));
			ends[count++] = x86_jump(&gen->x, ZYDIS_MNEMONIC_JZ);
		}
		row->compute_part(gen, row, at);
		if (row->put)
			row->put(gen, row, at);
		else
			gen_put(gen, row, at);
	}
	while (count)
		x86_patch(ends[--count], gen->x.at);
	gen->held.may_be_skipped = false;
}

/*
 * Writes the version for active elements in the cold half, as the target of `jump`. `before` is
 * held.now as it was at the jump. At the end the cold code loads what the hot code has in
 * registers, so that both continue in the same state.
 */
static void write_active_cold(struct gen *gen, struct row *row, u8 *jump, u8 before)
{
	struct held *held = &gen->held;
	struct x86 hot = gen_begin_cold(gen, jump);
	bool first_pass = held->first_pass;
	u8 after = held->now;

	/* The version for all elements has noted already what is read and written. */
	held->first_pass = false;
	held->now = before;
	row->active_only = true;
	write_parts(gen, row);
	gen_load_held(gen, &gen->x, after & held->written & ~held->now);
	held->now = after;
	held->first_pass = first_pass;
	gen_end_cold(gen, hot);
}

static bool has_active_version(const struct row *row)
{
	return row->lanes.bytes / row->lanes.width <=
	       (row->lanes.avx512 ? ACTIVE_PARTS_MOST : row->active_parts_most);
}

/*
 * A version for the active elements is enough if the instruction is masked, if the elements do not
 * fill the vectors, if a narrowed result is less than the 16 bytes that are stored, or if the
 * emitter wants it so. One for all elements is enough if vl is known or the group has many parts.
 * Otherwise there are two.
 */
bool gen_row(struct gen *gen, struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	bool needs_active_only = row->always_active_only ||
				 lanes->count << lanes->size < lanes->bytes ||
				 lanes->width >> row->narrow < 16 ||
				 (vector_is_masked(row->insn->raw) && !row->carries);
	const bool has_active = has_active_version(row);
	const u8 before = gen->held.now;
	u8 *jump;

	if (needs_active_only && !has_active)
		return false;
	gen_require_start_0(gen);
	if (row->refuses_vl_0) {
		X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm(0));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
	}
	if (kind_of_b(row->insn) == OPERAND_F)
		gen_require_boxed(gen, row->insn->rs1, 1u << gen_sew(gen));
	row->active_only = needs_active_only;
	if (needs_active_only) {
		write_parts(gen, row);
		return true;
	}
	if (!has_active || gen_known_vl(gen) == lanes->count) {
		gen_require_all(gen, lanes->count);
		write_parts(gen, row);
		return true;
	}
	jump = gen_jump_unless_all(gen, lanes->count);
	gen->held.written = 0;
	write_parts(gen, row);
	write_active_cold(gen, row, jump, before);
	return true;
}
