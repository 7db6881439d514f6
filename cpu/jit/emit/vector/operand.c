/* SPDX-License-Identifier: MIT */
/* Access to the operands of vector instructions, and broadcasts of scalar ones. */
#include "cpu/jit/emit/vector/operand.h"

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
	return (ZydisMnemonic)host_ops[op][lanes->avx512][lanes->size];
}

struct x86_arg load_part(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg,
			 unsigned at)
{
	const struct x86_arg source = read_part(gen, lanes, reg, at);

	if (is_held(source))
		return source;
	gen_move(gen, lanes, scratch(lanes, n), source);
	return scratch(lanes, n);
}

struct x86_arg operand_b(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			 unsigned n, unsigned at)
{
	return kind_of_b(insn) == OPERAND_V ? read_part(gen, lanes, insn->rs1, at) :
					      scratch(lanes, n);
}

/* Broadcasts an f register, which is NaN-boxed, to all elements of a scratch vector. */
static void broadcast_f(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned fs)
{
	OP(gen, lanes, JIT_V_BROADCAST, scratch(lanes, n), gen_f(gen, 1u << lanes->size, fs));
}

void gen_broadcast(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg)
{
	struct x86 *x = &gen->x;

	if (lanes->avx512) {
		OP(gen, lanes, JIT_V_BROADCAST, scratch(lanes, n),
		   x86_reg(lanes->size == 3 ? 8 : 4, reg));
		return;
	}
	X86(x, VMOVQ, x86_xmm(lanes->first_scratch + n), x86_reg(8, reg));
	OP(gen, lanes, JIT_V_BROADCAST, scratch(lanes, n), x86_xmm(lanes->first_scratch + n));
}

void gen_broadcast_constant(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned size,
			    u64 value)
{
	struct lanes elements = *lanes;

	elements.size = size;
	gen_constant(gen, RAX, value);
	gen_broadcast(gen, &elements, n, RAX);
}

void gen_broadcast_b(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
		     unsigned n)
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
