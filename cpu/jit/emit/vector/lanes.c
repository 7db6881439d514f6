/* SPDX-License-Identifier: MIT */
/*
 * The mapping of register groups to vector registers of the host, of AVX2 or AVX-512 (vector.def).
 * A group of the guest's registers is an array in the hart, which is read and written by vector
 * registers of the host. Blocks with vectors are translated for one vtype. Instructions are emitted
 * only in blocks in which VS is Dirty already, so that it need not be set.
 */
#include "cpu/isa/csr_bits.h"
#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector/row.h"

enum { ZYDIS_MNEMONIC_NO = ZYDIS_MNEMONIC_INVALID };

static const u16 host_ops[][2][4] = {
#define VECTOR(name, a, b, c, d, e, f, g, h)                                                       \
	[JIT_V_##name] = {                                                                         \
		{ ZYDIS_MNEMONIC_##a, ZYDIS_MNEMONIC_##b, ZYDIS_MNEMONIC_##c,                      \
		  ZYDIS_MNEMONIC_##d },                                                            \
		{ ZYDIS_MNEMONIC_##e, ZYDIS_MNEMONIC_##f, ZYDIS_MNEMONIC_##g,                      \
		  ZYDIS_MNEMONIC_##h },                                                            \
	},
#include "cpu/jit/emit/vector/vector.def"
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
