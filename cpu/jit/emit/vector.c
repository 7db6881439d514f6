/* SPDX-License-Identifier: MIT */
/*
 * Emitters of vector instructions that do the same with all elements: unmasked, with vl = VLMAX and
 * vstart = 0, by AVX2 or AVX-512 (vector.def). A group of the guest's registers is an array in the
 * hart, which is read and written by the host's vectors. All else is the body's. Blocks with
 * vectors are of one vtype, and in one where VS is Dirty nothing is to be marked.
 */
#include "cpu/isa/csr_bits.h"
#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector.h"

enum { ZYDIS_MNEMONIC_NO = ZYDIS_MNEMONIC_INVALID };

static const u16 host_ops[][2][4] = {
#define VECTOR(name, a, b, c, d, e, f, g, h)                                                       \
	[JIT_V_##name] = {                                                                         \
		{ ZYDIS_MNEMONIC_##a, ZYDIS_MNEMONIC_##b, ZYDIS_MNEMONIC_##c,                      \
		  ZYDIS_MNEMONIC_##d },                                                            \
		{ ZYDIS_MNEMONIC_##e, ZYDIS_MNEMONIC_##f, ZYDIS_MNEMONIC_##g,                      \
		  ZYDIS_MNEMONIC_##h },                                                            \
	},
#include "cpu/jit/emit/vector.def"
};

/* Returns the host's mnemonic; ZYDIS_MNEMONIC_INVALID: it has none. */
static ZydisMnemonic host_op(const struct lanes *lanes, enum jit_vector op)
{
	return (ZydisMnemonic)host_ops[op][lanes->wide][lanes->size];
}

static void write_op(struct gen *gen, const struct lanes *lanes, enum jit_vector op, unsigned count,
		     const struct x86_arg *args)
{
	x86_write(&gen->x, host_op(lanes, op), count, args);
}

#define OP(gen, lanes, op, ...)                                                                    \
	write_op(gen, lanes, op,                                                                   \
		 sizeof((const struct x86_arg[]){ __VA_ARGS__ }) / sizeof(struct x86_arg),         \
		 (const struct x86_arg[]){ __VA_ARGS__ })

/* Splits `bytes` of a group into the host's vectors; returns false if they are too few or many. */
static bool split(struct lanes *lanes, u64 bytes)
{
	lanes->bytes = (unsigned)bytes;
	lanes->width = lanes->wide && bytes >= 64 ? 64 : bytes >= 32 ? 32 : 16;
	return bytes >= 16 && bytes / lanes->width <= LANES_MOST;
}

bool gen_lanes(struct gen *gen, const struct insn *insn, int size, struct lanes *lanes)
{
	u64 vtype = gen->block->key >> BLOCK_KEY_VTYPE & 0xff;

	lanes->wide = gen->jit->has_avx512;
	lanes->size = size < 0 ? vtype_sew(vtype) - 3 : (unsigned)size;
	lanes->first = lanes->wide ? XMM16 : XMM0;
	lanes->vlmax = gen_vlmax(gen, vtype);
	/* Elements behind vl become ones there, also where a group is a part of a register. */
	if (gen->hart->vector.config.tail_ones || !(gen->block->key & BLOCK_KEY_V_DIRTY) ||
	    vector_is_masked(insn->raw) || gen->loops.strip || !gen->jit->has_avx2)
		return false;
	return split(lanes, lanes->vlmax << lanes->size);
}

void gen_begin_all(struct gen *gen, const struct lanes *lanes)
{
	if (!gen->from_0) {
		X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vstart)), x86_imm(0));
		gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
	}
	/* Behind the body it is 0, too. */
	gen->from_0 = true;
	X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm((s64)lanes->vlmax));
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
}

/* Begins a row of SEW if the host has the operation; returns false if it is the body's. */
static bool begin(struct gen *gen, const struct insn *insn, enum jit_vector op, struct lanes *lanes)
{
	if (!gen_lanes(gen, insn, -1, lanes) || !host_op(lanes, op))
		return false;
	gen_begin_all(gen, lanes);
	return true;
}

/* Returns one of the host's vectors that may be changed. Without AVX-512 there are two. */
static struct x86_arg scratch(const struct lanes *lanes, unsigned n)
{
	return x86_reg(lanes->width, lanes->first + n);
}

/* Returns a part of a group in the hart. */
static struct x86_arg part(const struct gen *gen, const struct lanes *lanes, unsigned reg,
			   unsigned at)
{
	s64 offset = (s64)(reg % VECTOR_REGISTERS * gen->hart->vector.vlenb + at);

	return x86_at(lanes->width, ENV, ENV_OF(vector.v) + offset);
}

static void move(struct gen *gen, const struct lanes *lanes, struct x86_arg to, struct x86_arg from)
{
	OP(gen, lanes, JIT_V_MOVE, to, from);
}

/* Makes all elements of a scratch vector what is in the low bits of a general register. */
static void broadcast(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg)
{
	struct x86 *x = &gen->x;

	if (lanes->wide) {
		OP(gen, lanes, JIT_V_BROADCAST, scratch(lanes, n),
		   x86_reg(lanes->size == 3 ? 8 : 4, reg));
		return;
	}
	X86(x, VMOVQ, x86_xmm(lanes->first + n), x86_reg(8, reg));
	OP(gen, lanes, JIT_V_BROADCAST, scratch(lanes, n), x86_xmm(lanes->first + n));
}

/* Does the same with an f register, which is boxed. */
static void broadcast_f(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned fs)
{
	gen_read_bits(gen, RAX, fs);
	broadcast(gen, lanes, n, RAX);
}

static unsigned kind_of_b(const struct insn *insn)
{
	return isa_format(insn->op)->rs1.kind;
}

/* Puts a second operand that is a scalar, and has been checked, into a scratch vector. */
static void spread(struct gen *gen, const struct insn *insn, const struct lanes *lanes, unsigned n)
{
	switch (kind_of_b(insn)) {
	case OPERAND_V:
		return;
	case OPERAND_F:
		broadcast_f(gen, lanes, n, insn->rs1);
		return;
	case OPERAND_X:
		if (is_pinned(insn->rs1)) {
			broadcast(gen, lanes, n, pin_x[insn->rs1]);
			return;
		}
		gen_read_x(gen, RAX, insn->rs1);
		break;
	default:
		gen_constant(gen, RAX, (u64)(s64)insn->imm);
	}
	broadcast(gen, lanes, n, RAX);
}

/* Returns the second operand: vs1's part, or scratch vector n. */
static struct x86_arg second(const struct gen *gen, const struct insn *insn,
			     const struct lanes *lanes, unsigned n, unsigned at)
{
	return kind_of_b(insn) == OPERAND_V ? part(gen, lanes, insn->rs1, at) : scratch(lanes, n);
}

/* One operation of integers; `flag`: vs2 is the second operand, of a scalar. */
bool jit_v_op(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	struct lanes lanes;

	if (!begin(gen, insn, op, &lanes))
		return false;
	spread(gen, insn, &lanes, 1);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width) {
		struct x86_arg a = part(gen, &lanes, insn->rs2, at);
		struct x86_arg b = second(gen, insn, &lanes, 1, at), r = scratch(&lanes, 0);

		if (how->flag) {
			OP(gen, &lanes, op, r, b, a);
		} else {
			move(gen, &lanes, r, a);
			OP(gen, &lanes, op, r, r, b);
		}
		move(gen, &lanes, part(gen, &lanes, insn->rd, at), r);
	}
	return true;
}

/* Shifts by a scalar or by elements, of whose numbers the low bits count. */
bool jit_v_shift(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	bool each = kind_of_b(insn) == OPERAND_V;
	struct lanes lanes;

	if ((each && !gen->jit->has_avx512) || !begin(gen, insn, op, &lanes))
		return false;
	if (each)
		gen_constant(gen, RAX, (8u << lanes.size) - 1);
	else
		gen_read_x(gen, RAX, insn->rs1);
	X86(&gen->x, AND, x86_reg(4, RAX), x86_imm((8 << lanes.size) - 1));
	broadcast(gen, &lanes, 1, RAX);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width) {
		struct x86_arg r = scratch(&lanes, 0), b = scratch(&lanes, each ? 2 : 1);

		if (each)
			OP(gen, &lanes, JIT_V_AND, b, scratch(&lanes, 1),
			   part(gen, &lanes, insn->rs1, at));
		move(gen, &lanes, r, part(gen, &lanes, insn->rs2, at));
		OP(gen, &lanes, op, r, r, b);
		move(gen, &lanes, part(gen, &lanes, insn->rd, at), r);
	}
	return true;
}

bool jit_v_shift_imm(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	struct lanes lanes;

	if (!begin(gen, insn, op, &lanes))
		return false;
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width) {
		struct x86_arg r = scratch(&lanes, 0);

		move(gen, &lanes, r, part(gen, &lanes, insn->rs2, at));
		OP(gen, &lanes, op, r, r, x86_imm(insn->imm & ((8 << lanes.size) - 1)));
		move(gen, &lanes, part(gen, &lanes, insn->rd, at), r);
	}
	return true;
}

/* A product of vs1, or the scalar, with vs2, or with vd (`flag`), and the sum with the other. */
bool jit_v_mul_add(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned factor = how->flag ? insn->rd : insn->rs2,
		 added = how->flag ? insn->rs2 : insn->rd;
	struct lanes lanes;

	if (!begin(gen, insn, JIT_V_MUL, &lanes))
		return false;
	spread(gen, insn, &lanes, 1);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width) {
		struct x86_arg r = scratch(&lanes, 0);

		move(gen, &lanes, r, part(gen, &lanes, factor, at));
		OP(gen, &lanes, JIT_V_MUL, r, r, second(gen, insn, &lanes, 1, at));
		OP(gen, &lanes, JIT_V_ADD, r, r, part(gen, &lanes, added, at));
		move(gen, &lanes, part(gen, &lanes, insn->rd, at), r);
	}
	return true;
}

bool jit_v_move(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct lanes lanes;

	(void)how;
	if (!gen_lanes(gen, insn, -1, &lanes))
		return false;
	gen_begin_all(gen, &lanes);
	spread(gen, insn, &lanes, 0);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width) {
		if (kind_of_b(insn) == OPERAND_V)
			move(gen, &lanes, scratch(&lanes, 0), part(gen, &lanes, insn->rs1, at));
		move(gen, &lanes, part(gen, &lanes, insn->rd, at), scratch(&lanes, 0));
	}
	return true;
}

/*
 * Comparisons of integers into the bits of vd; `size` is the host's predicate (Intel 64 manual,
 * volume 2, "VPCMPD/VPCMPUD").
 */
bool jit_v_compare(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	static const ZydisMnemonic stores[] = {
		[1] = ZYDIS_MNEMONIC_KMOVB, [2] = ZYDIS_MNEMONIC_KMOVW,
		[4] = ZYDIS_MNEMONIC_KMOVD, [8] = ZYDIS_MNEMONIC_KMOVQ,
	};
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	struct lanes lanes;
	unsigned bytes;

	if (!gen_lanes(gen, insn, -1, &lanes) || !host_op(&lanes, op))
		return false;
	bytes = (lanes.width >> lanes.size) / 8;
	if (!bytes)
		return false;
	gen_begin_all(gen, &lanes);
	spread(gen, insn, &lanes, 1);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width) {
		unsigned n = at / lanes.width;
		struct x86_arg to = part(gen, &lanes, insn->rd, n * bytes);

		move(gen, &lanes, scratch(&lanes, 0), part(gen, &lanes, insn->rs2, at));
		OP(gen, &lanes, op, x86_reg(8, K1), scratch(&lanes, 0),
		   second(gen, insn, &lanes, 1, at), x86_imm(how->size));
		to = x86_at(bytes, ENV, to.value);
		x86_write(&gen->x, stores[bytes], 2,
			  (const struct x86_arg[]){ to, x86_reg(8, K1) });
	}
	return true;
}

/*
 * Goes to the body if one of the results, in the first scratch vectors, is a NaN: nothing is
 * written yet. Without AVX-512 there is one, and the second vector is free.
 */
static void refuse_nans(struct gen *gen, const struct lanes *lanes, unsigned count)
{
	const struct x86_arg unordered = x86_imm(3);
	struct x86 *x = &gen->x;

	for (unsigned n = 0; n < count; n++) {
		struct x86_arg to = lanes->wide ? x86_reg(8, n ? K0 + 2 : K1) : scratch(lanes, 1);

		OP(gen, lanes, JIT_V_FUNORDERED, to, scratch(lanes, n), scratch(lanes, n),
		   unordered);
		if (n)
			X86(x, KORW, x86_reg(8, K1), x86_reg(8, K1), x86_reg(8, K0 + 2));
	}
	if (lanes->wide)
		X86(x, KORTESTW, x86_reg(8, K1), x86_reg(8, K1));
	else
		X86(x, VPTEST, scratch(lanes, 1), scratch(lanes, 1));
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
}

/* Returns whether the row is emitted, and goes to the body where it is not. */
static bool begin_floats(struct gen *gen, const struct insn *insn, const struct emitter *how,
			 struct lanes *lanes)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;

	if (!gen_lanes(gen, insn, -1, lanes) || !host_op(lanes, op) || !gen->jit->has_fma ||
	    gen->block->key & BLOCK_KEY_RM)
		return false;
	if (!lanes->wide && lanes->bytes > lanes->width)
		return false;
	gen_begin_all(gen, lanes);
	if (kind_of_b(insn) == OPERAND_F)
		gen_require_boxed(gen, insn->rs1, 1u << lanes->size);
	gen_note_fp_dirty(gen);
	return true;
}

static void store_all(struct gen *gen, const struct insn *insn, const struct lanes *lanes)
{
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width)
		move(gen, lanes, part(gen, lanes, insn->rd, at), scratch(lanes, at / lanes->width));
}

/* A scratch vector behind those of results. */
static unsigned scalar_of(const struct lanes *lanes)
{
	return lanes->wide ? LANES_MOST : 1;
}

/* An operation of numbers; `flag` as above. */
bool jit_v_float(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	unsigned n = 0, scalar;
	struct lanes lanes;

	if (!begin_floats(gen, insn, how, &lanes))
		return false;
	scalar = scalar_of(&lanes);
	spread(gen, insn, &lanes, scalar);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width, n++) {
		struct x86_arg a = part(gen, &lanes, insn->rs2, at), r = scratch(&lanes, n);
		struct x86_arg b = second(gen, insn, &lanes, scalar, at);

		if (how->flag) {
			OP(gen, &lanes, op, r, b, a);
		} else {
			move(gen, &lanes, r, a);
			OP(gen, &lanes, op, r, r, b);
		}
	}
	refuse_nans(gen, &lanes, n);
	store_all(gen, insn, &lanes);
	return true;
}

/* Fused products and sums. */
bool jit_v_fma(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	bool each = kind_of_b(insn) == OPERAND_V;
	unsigned n = 0, scalar;
	struct lanes lanes;

	if (!begin_floats(gen, insn, how, &lanes))
		return false;
	scalar = scalar_of(&lanes);
	spread(gen, insn, &lanes, scalar);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width, n++) {
		if (each)
			move(gen, &lanes, scratch(&lanes, scalar),
			     part(gen, &lanes, insn->rs1, at));
		move(gen, &lanes, scratch(&lanes, n), part(gen, &lanes, insn->rd, at));
		OP(gen, &lanes, op, scratch(&lanes, n), scratch(&lanes, scalar),
		   part(gen, &lanes, insn->rs2, at));
	}
	refuse_nans(gen, &lanes, n);
	store_all(gen, insn, &lanes);
	return true;
}
