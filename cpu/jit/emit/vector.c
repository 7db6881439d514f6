/* SPDX-License-Identifier: MIT */
/*
 * The mapping of register groups to vector registers of the host, of AVX2 or AVX-512 (vector.def);
 * and the emitters of floating point, for unmasked instructions with vl = VLMAX and vstart = 0. A
 * group of the guest's registers is an array in the hart, which is read and written by vector
 * registers of the host. All other cases are left to the body. Blocks with vectors are translated
 * for one vtype. Instructions are emitted only in blocks in which VS is Dirty already, so that it
 * need not be set.
 */
#include "cpu/isa/csr_bits.h"
#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector_row.h"

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

ZydisMnemonic gen_host_op(const struct lanes *lanes, enum jit_vector op)
{
	return (ZydisMnemonic)host_ops[op][lanes->wide][lanes->size];
}

/* Finds which vector registers of the host are used. Returns false if there are none. */
static bool find_host(const struct gen *gen, struct lanes *lanes)
{
	lanes->wide = gen->jit->host.has_avx512;
	lanes->first = lanes->wide ? XMM16 : XMM0 + 2;
	return lanes->wide || gen->f_in_hart;
}

/*
 * Splits the bytes of a group into vectors of the host. Returns false if they are too few or many.
 */
static bool split(struct lanes *lanes, u64 bytes)
{
	lanes->bytes = (unsigned)bytes;
	lanes->width = lanes->wide && bytes >= 64 ? 64 : bytes >= 32 ? 32 : 16;
	return bytes >= 16 && bytes / lanes->width <= LANES_MOST;
}

/*
 * Uses vl instead of VLMAX if it is known and its elements fill whole vectors of the host. This is
 * not possible for segments, because the distance of their fields depends on VLMAX, nor for
 * permutations, because elements from vl on may move to lower places.
 */
static void use_known_vl(const struct gen *gen, const struct insn *insn, struct lanes *lanes)
{
	enum insn_class class = isa_ops[insn->op].class;
	u64 vl = gen_known_vl(gen), bytes = vl << lanes->size;

	if (class == CLASS_VPERM ||
	    ((class == CLASS_VLOAD || class == CLASS_VSTORE) && vector_nf(insn) > 1))
		return;
	if (vl < lanes->vlmax && gen_are_whole(bytes))
		lanes->vlmax = vl;
}

bool gen_row_lanes(const struct gen *gen, const struct insn *insn, unsigned size,
		   struct lanes *lanes)
{
	const struct vector_config *config = &gen->hart->vector.config;
	u64 bytes;

	lanes->size = size;
	lanes->vlmax = gen_vlmax(gen, gen_vtype(gen));
	use_known_vl(gen, insn, lanes);
	bytes = lanes->vlmax << size;
	if (config->tail_ones || config->mask_ones)
		return false;
	/* The bytes after the elements of a small group are in the same register. */
	return find_host(gen, lanes) && gen->block->key & BLOCK_KEY_V_DIRTY &&
	       split(lanes, MAX(bytes, 16));
}

bool gen_lanes_of(const struct gen *gen, const struct insn *insn, u64 bytes, struct lanes *lanes)
{
	return find_host(gen, lanes) && gen->block->key & BLOCK_KEY_V_DIRTY &&
	       !vector_is_masked(insn->raw) && split(lanes, bytes);
}

bool gen_lanes(struct gen *gen, const struct insn *insn, int size, struct lanes *lanes)
{
	lanes->size = size < 0 ? gen_sew(gen) : (unsigned)size;
	lanes->vlmax = gen_vlmax(gen, gen_vtype(gen));
	use_known_vl(gen, insn, lanes);
	/*
	 * On such harts elements from vl on become ones, even those of a group that is a part of a
	 * register.
	 */
	if (gen->hart->vector.config.tail_ones)
		return false;
	return gen_lanes_of(gen, insn, lanes->vlmax << lanes->size, lanes);
}

void gen_require_start_0(struct gen *gen)
{
	if (!gen->from_0) {
		X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vstart)), x86_imm(0));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	}
	/* After a call of the body vstart is 0, too. */
	gen->from_0 = true;
}

static void compare_length(struct gen *gen, u64 vlmax)
{
	X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm((s64)vlmax));
}

void gen_require_all(struct gen *gen, u64 vlmax)
{
	if (gen_known_vl(gen) == vlmax)
		return;
	compare_length(gen, vlmax);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

u8 *gen_jump_unless_all(struct gen *gen, u64 vlmax)
{
	compare_length(gen, vlmax);
	return x86_jump(&gen->x, ZYDIS_MNEMONIC_JNZ);
}

bool gen_keeps_tail(const struct gen *gen)
{
	return gen->block->key & BLOCK_KEY_V_DIRTY && !gen->hart->vector.config.tail_ones;
}

/*
 * Writes a check that goes to the body unless all elements are computed: vstart is 0, and vl is
 * VLMAX.
 */
static void begin_all(struct gen *gen, const struct lanes *lanes)
{
	gen_require_start_0(gen);
	gen_require_all(gen, lanes->vlmax);
}

/* Broadcasts an f register, which is NaN-boxed, to all elements of a scratch vector. */
static void broadcast_f(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned fs)
{
	OP(gen, lanes, JIT_V_BROADCAST, scratch(lanes, n), gen_f(gen, 1u << lanes->size, fs));
}

void gen_broadcast(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg)
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

void gen_broadcast_constant(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned size,
			    u64 value)
{
	struct lanes elements = *lanes;

	elements.size = size;
	gen_constant(gen, RAX, value);
	gen_broadcast(gen, &elements, n, RAX);
}

void gen_spread(struct gen *gen, const struct insn *insn, const struct lanes *lanes, unsigned n)
{
	switch (kind_of_b(insn)) {
	case OPERAND_V:
		return;
	case OPERAND_F:
		broadcast_f(gen, lanes, n, insn->rs1);
		return;
	case OPERAND_X:
		if (gen_is_pinned(gen, insn->rs1)) {
			gen_broadcast(gen, lanes, n, gen->pin[insn->rs1]);
			return;
		}
		gen_read_x(gen, RAX, insn->rs1);
		break;
	default:
		gen_constant(gen, RAX, (u64)(s64)insn->imm);
	}
	gen_broadcast(gen, lanes, n, RAX);
}

/* One comparison checks two results: it is unordered if one of them is a NaN. */
void gen_refuse_nans(struct gen *gen, const struct lanes *lanes, const struct x86_arg *result,
		     unsigned count)
{
	const struct x86_arg unordered = x86_imm(3);
	struct x86_arg sum, next;
	struct x86 *x = &gen->x;

	sum = lanes->wide ? x86_reg(8, K1) : x86_reg(lanes->width, XMM0);
	next = lanes->wide ? x86_reg(8, K2) : x86_reg(lanes->width, XMM1);
	for (unsigned n = 0; n < count; n += 2) {
		OP(gen, lanes, JIT_V_FUNORDERED, n ? next : sum, result[n],
		   result[n + 1 < count ? n + 1 : n], unordered);
		if (n && lanes->wide)
			X86(x, KORW, sum, sum, next);
		else if (n)
			X86(x, VPOR, sum, sum, next);
	}
	if (lanes->wide)
		X86(x, KORTESTW, sum, sum);
	else
		X86(x, VPTEST, sum, sum);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Writes a check, as gen_refuse_nans does, that goes to the body if one of the first `count`
 * scratch vectors has a NaN.
 */
static void refuse_nans(struct gen *gen, const struct lanes *lanes, unsigned count)
{
	struct x86_arg result[LANES_MOST];

	for (unsigned n = 0; n < count; n++)
		result[n] = scratch(lanes, n);
	gen_refuse_nans(gen, lanes, result, count);
}

/*
 * Begins a row of floating point, and writes the checks that go to the body. Returns whether the
 * row is emitted.
 */
static bool begin_floats(struct gen *gen, const struct insn *insn, const struct emitter *how,
			 struct lanes *lanes)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;

	if (!gen_lanes(gen, insn, -1, lanes) || !gen_host_op(lanes, op) ||
	    !gen->jit->host.has_fma || gen->block->key & BLOCK_KEY_RM)
		return false;
	begin_all(gen, lanes);
	if (kind_of_b(insn) == OPERAND_F)
		gen_require_boxed(gen, insn->rs1, 1u << lanes->size);
	gen_note_fp_dirty(gen);
	return true;
}

static void store_all(struct gen *gen, const struct insn *insn, const struct lanes *lanes)
{
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg result = scratch(lanes, at / lanes->width);

		move(gen, lanes, part(gen, lanes, insn->rd, at), result);
		hold(gen, lanes, insn->rd, at, result);
	}
	gen->held.kept = true;
}

/* Emits an operation; `flag`: the scalar is the first operand. */
bool jit_v_float(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	const unsigned scalar = LANES_MOST; /* the scratch vector after those of results */
	unsigned n = 0;
	struct lanes lanes;

	if (!begin_floats(gen, insn, how, &lanes))
		return false;
	gen_spread(gen, insn, &lanes, scalar);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width, n++) {
		struct x86_arg b = second(gen, insn, &lanes, scalar, at), r = scratch(&lanes, n);

		if (how->flag)
			OP(gen, &lanes, op, r, b, from(gen, &lanes, insn->rs2, at));
		else
			OP(gen, &lanes, op, r, load_part(gen, &lanes, n, insn->rs2, at), b);
	}
	refuse_nans(gen, &lanes, n);
	store_all(gen, insn, &lanes);
	return true;
}

/* Emits fused multiply-add. */
bool jit_v_fma(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	bool each = kind_of_b(insn) == OPERAND_V;
	const unsigned scalar = LANES_MOST; /* the scratch vector after those of results */
	unsigned n = 0;
	struct lanes lanes;

	if (!begin_floats(gen, insn, how, &lanes))
		return false;
	gen_spread(gen, insn, &lanes, scalar);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width, n++) {
		struct x86_arg b = scratch(&lanes, scalar), r = scratch(&lanes, n);

		if (each)
			b = load_part(gen, &lanes, scalar, insn->rs1, at);
		move(gen, &lanes, r, from(gen, &lanes, insn->rd, at));
		OP(gen, &lanes, op, r, b, from(gen, &lanes, insn->rs2, at));
	}
	refuse_nans(gen, &lanes, n);
	store_all(gen, insn, &lanes);
	return true;
}
