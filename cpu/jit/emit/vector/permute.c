/* SPDX-License-Identifier: MIT */
/*
 * Emitters of instructions that move elements to other places: moves of whole registers and of
 * element 0, slides and gathers. With AVX-512, slides and gathers are emitted for groups that fit
 * into one vector register of the host.
 */
#include "cpu/jit/emit/vector/permute.h"
#include "cpu/jit/emit/vector/select.h"

/* The indices of elements; as these are bytes, only their low bits. */
static const u8 numbers[LANES_MOST * 64] = {
#define FROM(n) (u8)(n), (u8)((n) + 1), (u8)((n) + 2), (u8)((n) + 3)
#define FROM_16(n) FROM(n), FROM((n) + 4), FROM((n) + 8), FROM((n) + 12)
#define FROM_64(n) FROM_16(n), FROM_16((n) + 16), FROM_16((n) + 32), FROM_16((n) + 48)
	FROM_64(0), FROM_64(64), FROM_64(128), FROM_64(192),
	FROM_64(256), FROM_64(320), FROM_64(384), FROM_64(448),
#undef FROM
#undef FROM_16
#undef FROM_64
};

void gen_number(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned first)
{
	static const enum jit_vector extend[] = {
		JIT_V_MOVE, JIT_V_ZEXT_2, JIT_V_ZEXT_4, JIT_V_ZEXT_8,
	};

	gen_constant(gen, RDX, (u64)(uintptr_t)numbers);
	OP(gen, lanes, extend[lanes->size], scratch(lanes, n),
	   x86_at(lanes->width >> lanes->size, RDX, first));
}

static void number_part(struct gen *gen, const struct row *row, unsigned at)
{
	gen_number(gen, &row->lanes, 0, at >> row->lanes.size);
}

bool jit_v_id(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row))
		return false;
	row.prepare = prepare_nothing;
	row.compute_part = number_part;
	return gen_row(gen, &row);
}

/* Emits vmv1r to vmv8r, which do not depend on vl. */
bool jit_v_move_whole(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	u64 bytes = (bits(insn->raw, 15, 3) + 1) * (u64)gen->hart->vector.vlenb;
	struct lanes lanes = { .size = 3 };

	(void)how;
	if (!gen_lanes_of(gen, insn, bytes, &lanes))
		return false;
	gen_require_start_0(gen);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width) {
		const struct x86_arg whole =
			load_part(gen, &lanes, at / lanes.width % 2, insn->rs2, at);

		gen_move(gen, &lanes, part_in_hart(gen, &lanes, insn->rd, at), whole);
		gen_hold_part(gen, &lanes, insn->rd, at, whole);
	}
	gen->held.reports_writes = true;
	return true;
}

struct x86_arg gen_first(struct gen *gen, const struct insn *insn, unsigned size, unsigned reg)
{
	struct lanes lanes;

	if (gen_row_lanes(gen, insn, size, &lanes)) {
		const struct x86_arg part = read_part(gen, &lanes, reg, 0);

		if (is_held(part))
			return x86_xmm(x86_base(part));
	}
	return v_in_hart(gen, 1u << size, reg, 0);
}

bool jit_v_move_x_s(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned size = gen_sew(gen), reg = gen_target(gen, insn->rd);
	struct x86_arg from;
	struct x86 *x = &gen->x;

	(void)how;
	if (!gen_keeps_tail(gen))
		return false;
	gen_require_start_0(gen);
	gen->held.reports_writes = true;
	if (insn->rd == X_SINK)
		return true;
	from = gen_first(gen, insn, size, insn->rs2);
	if (is_held(from) && size < 3) {
		X86(x, VMOVD, x86_reg(4, reg), from);
		from = x86_reg(1u << size, reg);
	}
	if (is_held(from) && size == 3)
		X86(x, VMOVQ, x86_reg(8, reg), from);
	else if (size == 3)
		X86(x, MOV, x86_reg(8, reg), from);
	else if (size == 2)
		X86(x, MOVSXD, x86_reg(8, reg), from);
	else
		X86(x, MOVSX, x86_reg(8, reg), from);
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_v_move_s_x(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned size = gen_sew(gen);

	(void)how;
	if (!gen_keeps_tail(gen))
		return false;
	gen_require_start_0(gen);
	X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm(0));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
	gen_read_x(gen, RAX, insn->rs1);
	X86(&gen->x, MOV, v_in_hart(gen, 1u << size, insn->rd, 0), x86_reg(1u << size, RAX));
	gen_drop_bytes(gen, 1u << size, insn->rd, 0);
	gen->held.reports_writes = true;
	return true;
}

/*
 * For some widths of elements, the host's permutations across a vector have no form for 16 bytes.
 */
#define PERMUTED_LEAST 32

/*
 * Begins a row of which, with AVX-512, the group must be one vector register of the host, within
 * which elements can go anywhere. Returns whether it is emitted.
 */
static bool begin(struct gen *gen, const struct insn *insn, const struct emitter *how,
		  struct row *row)
{
	if (!gen_row_begin(gen, insn, how, -1, row))
		return false;
	if (!row->lanes.avx512)
		return true;
	if (row->lanes.bytes != row->lanes.width || (!row->lanes.size && !gen->jit->host.has_vbmi))
		return false;
	/*
	 * The bytes after a small group are in the same register, or in the next one, and are
	 * preserved.
	 */
	row->lanes.width = row->lanes.bytes = MAX(row->lanes.width, PERMUTED_LEAST);
	return true;
}

/*
 * Puts elements of vs2, by the indices in scratch 1, into the places of scratch 0 that K2 selects;
 * the others keep their values.
 */
static void permute(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;

	OP(gen, lanes, JIT_V_PERMUTE, x86_masked(scratch(lanes, 0), K2), scratch(lanes, 1),
	   read_part(gen, lanes, row->insn->rs2, 0));
}

static void clear(struct gen *gen, const struct lanes *lanes, struct x86_arg vector)
{
	OP(gen, lanes, JIT_V_XOR, vector, vector, vector);
}

/* Sets K2 to the elements of scratch 1 that are below VLMAX; scratch `n` is used for VLMAX. */
static void find_inside(struct gen *gen, const struct lanes *lanes, unsigned n)
{

	gen_broadcast_constant(gen, lanes, n, lanes->size, lanes->count);
	OP(gen, lanes, JIT_V_CMPU, x86_reg(8, K2), scratch(lanes, 1), scratch(lanes, n),
	   x86_imm(LESS));
}

void gen_read_offset(struct gen *gen, const struct row *row)
{
	const struct insn *insn = row->insn;
	struct x86 *x = &gen->x;

	if (row->how->size == JIT_V_SLIDE_1) {
		gen_constant(gen, RAX, 1);
	} else if (kind_of_b(insn) == OPERAND_X) {
		gen_read_x(gen, RAX, insn->rs1);
		gen_constant(gen, RDX, row->lanes.count);
		X86(x, CMP, x86_reg(8, RAX), x86_reg(8, RDX));
		X86(x, CMOVNBE, x86_reg(8, RAX), x86_reg(8, RDX));
	} else {
		gen_constant(gen, RAX, MIN((u64)insn->imm, row->lanes.count));
	}
}

/*
 * Returns whether the slide is done by the host's compression or expansion, which needs no indices.
 */
static bool is_wide_slide(const struct row *row)
{
	return row->lanes.size >= 2;
}

/* Sets K2 to a bit for each element from the offset on, up to VLMAX for a slide down. */
static void prepare_wide_slide(struct gen *gen, const struct row *row)
{
	const bool by_one = row->how->size == JIT_V_SLIDE_1;
	const u64 by = by_one ? 1 : (u64)row->insn->imm;
	const u64 whole = row->how->flag ? ~0ull : BIT(row->lanes.count) - 1;
	struct x86 *x = &gen->x;

	if (by_one || kind_of_b(row->insn) != OPERAND_X) {
		gen_constant(gen, RDX, by < 64 ? ~0ull << by & whole : 0);
	} else {
		gen_read_x(gen, RAX, row->insn->rs1);
		/* The host shifts by the low six bits. */
		X86(x, CMP, x86_reg(8, RAX), x86_imm(64));
		X86(x, SBB, x86_reg(8, RDX), x86_reg(8, RDX));
		X86(x, SHLX, x86_reg(8, RDX), x86_reg(8, RDX), x86_reg(8, RAX));
		if (~whole)
			X86(x, AND, x86_reg(4, RDX), x86_imm((s64)whole));
	}
	X86(x, KMOVQ, x86_reg(8, K2), x86_reg(8, RDX));
}

/*
 * Sets scratch 1 to the index of the element that comes to each place, and K2 to the places to
 * which one comes.
 */
static void prepare_slide(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg from = scratch(lanes, 1), by = scratch(lanes, 2);

	gen_read_offset(gen, row);
	gen_broadcast(gen, lanes, 2, RAX);
	gen_number(gen, lanes, 1, 0);
	if (row->how->flag) {
		OP(gen, lanes, JIT_V_CMPU, x86_reg(8, K2), from, by, x86_imm(NOT_LESS));
		OP(gen, lanes, JIT_V_SUB, from, from, by);
	} else {
		OP(gen, lanes, JIT_V_ADD, from, from, by);
		find_inside(gen, lanes, 2);
	}
}

void gen_read_scalar(struct gen *gen, const struct insn *insn)
{
	if (kind_of_b(insn) == OPERAND_F)
		gen_read_bits(gen, RAX, insn->rs1);
	else
		gen_read_x(gen, RAX, insn->rs1);
}

/* Puts the scalar of a slide by one into element 0, or into the last one. */
static void put_scalar(struct gen *gen, const struct row *row)
{
	struct x86 *x = &gen->x;

	if (row->how->flag) {
		X86(x, MOV, x86_reg(4, RDX), x86_imm(1));
	} else {
		X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
		X86(x, DEC, x86_reg(4, RCX));
		X86(x, MOV, x86_reg(4, RDX), x86_imm(1));
		X86(x, SHLX, x86_reg(8, RDX), x86_reg(8, RDX), x86_reg(8, RCX));
	}
	X86(x, KMOVQ, x86_reg(8, K3), x86_reg(8, RDX));
	gen_read_scalar(gen, row->insn);
	OP(gen, &row->lanes, JIT_V_BROADCAST, x86_masked(scratch(&row->lanes, 0), K3),
	   x86_reg(row->lanes.size == 3 ? 8 : 4, RAX));
}

static void slide_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = gen_result(gen, row, at);

	/* Elements below the offset of a slide up keep their values. */
	if (row->how->flag && row->how->size != JIT_V_SLIDE_1) {
		const struct x86_arg old = read_part(gen, lanes, row->insn->rd, at);

		if (!is_held(old) || x86_base(old) != x86_base(r))
			gen_move(gen, lanes, r, old);
	} else {
		clear(gen, lanes, r);
	}
	if (is_wide_slide(row))
		OP(gen, lanes, row->how->flag ? JIT_V_EXPAND : JIT_V_COMPRESS, x86_masked(r, K2),
		   load_part(gen, lanes, 1, row->insn->rs2, at));
	else
		permute(gen, row);
	if (row->how->size == JIT_V_SLIDE_1)
		put_scalar(gen, row);
}

bool jit_v_slide(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!begin(gen, insn, how, &row) ||
	    (kind_of_b(insn) == OPERAND_F && gen->block->key & BLOCK_KEY_RM))
		return false;
	if (!row.lanes.avx512)
		return gen_slide_avx2(gen, &row);
	row.prepare = is_wide_slide(&row) ? prepare_wide_slide : prepare_slide;
	row.compute_part = slide_part;
	/* The result register is written before vs2 is read, so vd must not be vs2. */
	row.direct = is_wide_slide(&row) && how->size != JIT_V_SLIDE_1 && insn->rd != insn->rs2;
	return gen_row(gen, &row);
}

/*
 * Loads the indices of vrgatherei16, which have 16 bits, as numbers of the elements' size. For
 * bytes, those above 255 become 255, which is not an index of an element, either.
 */
static void load_indices_16(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	const unsigned bytes = lanes->width << 1 >> lanes->size;
	const struct x86_arg indices = gen_held(gen, bytes, place_of(gen, row->insn->rs1, 0));
	const struct x86_arg wide = x86_reg(bytes, lanes->first_scratch + 1);

	if (lanes->size == 0) {
		X86(&gen->x, VMOVDQU64, wide, indices);
		X86(&gen->x, VPMOVUSWB, scratch(lanes, 1), wide);
	} else {
		OP(gen, lanes, lanes->size == 2 ? JIT_V_ZEXT_2 : JIT_V_ZEXT_4, scratch(lanes, 1),
		   indices);
	}
}

/* Writes a gather of a part: indices from VLMAX on give a zero. */
static void gather_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;

	if (row->how->flag && lanes->size != 1)
		load_indices_16(gen, row);
	else
		gen_move(gen, lanes, scratch(lanes, 1), read_part(gen, lanes, row->insn->rs1, at));
	find_inside(gen, lanes, 2);
	clear(gen, lanes, scratch(lanes, 0));
	permute(gen, row);
}

bool jit_v_gather(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!begin(gen, insn, how, &row))
		return false;
	/* The indices of bytes have to fit into one vector register of the host. */
	if (how->flag && (!row.lanes.avx512 || (!row.lanes.size && row.lanes.width > 32)))
		return false;
	if (!row.lanes.avx512)
		return gen_gather_avx2(gen, &row);
	row.prepare = prepare_nothing;
	row.compute_part = gather_part;
	return gen_row(gen, &row);
}

/* Sets K2 to the elements below vl that vs1 selects. */
static void prepare_compress(struct gen *gen, const struct row *row)
{
	struct x86 *x = &gen->x;

	gen_active_bits(gen, false);
	X86(x, AND, x86_reg(8, RAX), v_in_hart(gen, 8, row->insn->rs1, 0));
	X86(x, KMOVQ, x86_reg(8, K2), x86_reg(8, RAX));
}

static void compress_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, 0);

	gen_move(gen, lanes, r, read_part(gen, lanes, row->insn->rd, at));
	OP(gen, lanes, JIT_V_COMPRESS, x86_masked(r, K2),
	   load_part(gen, lanes, 1, row->insn->rs2, at));
}

/* Emits vcompress; the elements after the last one that is written keep their values. */
bool jit_v_compress(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!begin(gen, insn, how, &row) || !gen_host_op(&row.lanes, JIT_V_COMPRESS))
		return false;
	row.prepare = prepare_compress;
	row.compute_part = compress_part;
	return gen_row(gen, &row);
}

/* Sets all elements of scratch 1 to the element of vs2 whose index is the scalar. */
static void prepare_one(struct gen *gen, const struct row *row)
{
	const struct insn *insn = row->insn;
	const struct lanes *lanes = &row->lanes;
	const unsigned bytes = 1u << lanes->size;
	struct x86 *x = &gen->x;
	s64 group = ENV_OF(vector.v) + (s64)(insn->rs2 * gen->hart->vector.vlenb);

	if (kind_of_b(insn) == OPERAND_X) {
		gen_read_x(gen, RAX, insn->rs1);
		gen_constant(gen, RCX, lanes->count);
		X86(x, XOR, x86_reg(4, RDX), x86_reg(4, RDX));
		X86(x, CMP, x86_reg(8, RAX), x86_reg(8, RCX));
		X86(x, CMOVNB, x86_reg(8, RAX), x86_reg(8, RDX));
		X86(x, SBB, x86_reg(8, RCX), x86_reg(8, RCX));
		X86(x, MOV, x86_reg(bytes, RAX), x86_indexed(bytes, ENV, RAX, bytes, group));
		X86(x, AND, x86_reg(8, RAX), x86_reg(8, RCX));
	} else if ((u64)insn->imm < lanes->count) {
		X86(x, MOV, x86_reg(bytes, RAX),
		    v_in_hart(gen, bytes, insn->rs2, (unsigned)insn->imm << lanes->size));
	} else {
		gen_constant(gen, RAX, 0);
	}
	gen_broadcast(gen, lanes, 1, RAX);
}

static void one_part(struct gen *gen, const struct row *row, unsigned at)
{
	(void)at;
	gen_move(gen, &row->lanes, scratch(&row->lanes, 0), scratch(&row->lanes, 1));
}

bool jit_v_gather_one(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row))
		return false;
	row.prepare = prepare_one;
	row.compute_part = one_part;
	return gen_row(gen, &row);
}
