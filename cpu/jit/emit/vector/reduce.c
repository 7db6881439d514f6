/* SPDX-License-Identifier: MIT */
/*
 * Emitters of reductions of integers: the parts of a group are combined into one vector, whose two
 * halves are combined until one element is left.
 */
#include "cpu/jit/emit/vector/avx2.h"

/* The most of the host's vectors in a group. */
#define PARTS_MOST 4

static enum jit_vector op_of(const struct row *row)
{
	return (enum jit_vector)row->how->mnemonic;
}

/*
 * Sets all elements of scratch 0 to element 0 of vs1, so that it does not change the results. For a
 * sum (`flag`) only the first element is set, and the others are zeros.
 */
static void prepare_sum(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	const unsigned bytes = 1u << lanes->size;
	const struct x86_arg one = part_of(gen, bytes, row->insn->rs1, 0);
	struct x86 *x = &gen->x;

	if (bytes < 4)
		X86(x, MOVZX, x86_reg(4, RAX), one);
	else
		X86(x, MOV, x86_reg(bytes, RAX), one);
	if (row->how->flag)
		X86(x, VMOVQ, x86_xmm(lanes->first), x86_reg(8, RAX));
	else
		gen_broadcast(gen, lanes, 0, RAX);
}

static void sum_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg sum = scratch(lanes, 0), next = row->some ? scratch(lanes, 1) : sum;

	OP(gen, lanes, op_of(row), next, sum, from(gen, lanes, row->insn->rs2, at));
	if (row->some)
		gen_merge(gen, lanes, sum, next, gen_chosen(lanes));
}

/* Combines the upper half of a partial result of `bytes` bytes with the lower one. */
static void add_halves(struct gen *gen, const struct row *row, unsigned bytes)
{
	const unsigned first = row->lanes.first, half = bytes / 2;
	const struct x86_arg sum = x86_reg(MAX(half, 16u), first);
	const struct x86_arg upper = x86_reg(MAX(half, 16u), first + 1);
	struct x86 *x = &gen->x;

	if (bytes == 64)
		X86(x, VEXTRACTI64X4, upper, x86_reg(64, first), x86_imm(1));
	else if (bytes == 32 && row->lanes.wide)
		X86(x, VEXTRACTI64X2, upper, x86_reg(32, first), x86_imm(1));
	else if (bytes == 32)
		X86(x, VEXTRACTI128, upper, x86_reg(32, first), x86_imm(1));
	else
		X86(x, VPSRLDQ, upper, sum, x86_imm(half));
	OP(gen, &row->lanes, op_of(row), sum, sum, upper);
}

static void put_sum(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const unsigned bytes = 1u << lanes->size;

	if (at + lanes->width < lanes->bytes)
		return;
	for (unsigned left = lanes->width; left > bytes; left /= 2)
		add_halves(gen, row, left);
	X86(&gen->x, VMOVQ, x86_reg(8, RAX), x86_xmm(lanes->first));
	X86(&gen->x, MOV, part_of(gen, bytes, row->insn->rd, 0), x86_reg(bytes, RAX));
	spoil(gen, bytes, row->insn->rd, 0);
}

/*
 * Emits vredsum and other reductions of SEW; `flag`: 0 is the operation's neutral element. If vl is
 * 0, vd is kept, which is left to the body.
 */
bool jit_v_reduce(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) || !gen_host_op(&row.lanes, op_of(&row)) ||
	    row.lanes.bytes / row.lanes.width > PARTS_MOST)
		return false;
	gen_require_start_0(gen);
	X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm(0));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
	row.prepare = prepare_sum;
	row.part = sum_part;
	row.put = put_sum;
	row.all_parts = true;
	return gen_row(gen, &row);
}
