/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores by indices, or with a stride, without AVX-512. The highest offset is compared
 * with the end of the site's span (vector_indexed.c); what is in there is moved element by element,
 * which is not slower than the gathers of AVX2. Another span is tried once.
 */
#include "cpu/jit/emit/vector_indexed.h"
#include "cpu/jit/probe.h"

/* The most elements. */
#define ELEMENTS_MOST 32

/* In scratch vectors: the highest offset in the span, the highest index, and a bit. */
enum { LIMIT, HIGHEST, SIGN, INDEX };

static struct lanes lanes_of_indices(const struct indexed *indexed)
{
	const unsigned bytes = (unsigned)indexed->lanes.vlmax << indexed->index_size;

	return (struct lanes){
		.size = indexed->index_size,
		.bytes = bytes,
		.width = MIN(bytes, 32u),
		.first = indexed->lanes.first,
	};
}

/* Makes the highest index the one of all parts, and leaves what is above the limit in it. */
static void find_above(struct gen *gen, const struct indexed *indexed, const struct lanes *lanes)
{
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg part = from(gen, lanes, indexed->insn->rs2, at);

		OP(gen, lanes, JIT_V_MAXU, scratch(lanes, HIGHEST),
		   scratch(lanes, at ? HIGHEST : LIMIT), part);
	}
	OP(gen, lanes, JIT_V_XOR, scratch(lanes, HIGHEST), scratch(lanes, HIGHEST),
	   scratch(lanes, LIMIT));
}

/* The same of 64 bits, for which the host has only a comparison of signed words. */
static void find_above_64(struct gen *gen, const struct indexed *indexed, const struct lanes *lanes)
{
	const struct x86_arg sign = scratch(lanes, SIGN), index = scratch(lanes, INDEX);

	gen_constant(gen, RCX, 1ull << 63);
	gen_broadcast(gen, lanes, SIGN, RCX);
	OP(gen, lanes, JIT_V_XOR, scratch(lanes, LIMIT), scratch(lanes, LIMIT), sign);
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg part = from(gen, lanes, indexed->insn->rs2, at);

		OP(gen, lanes, JIT_V_XOR, index, sign, part);
		OP(gen, lanes, JIT_V_GREATER, at ? index : scratch(lanes, HIGHEST), index,
		   scratch(lanes, LIMIT));
		if (at)
			OP(gen, lanes, JIT_V_OR, scratch(lanes, HIGHEST), scratch(lanes, HIGHEST),
			   index);
	}
}

/* Clears ZF if an index is above the highest offset, which RDX has. */
static void check_indices(struct gen *gen, const struct indexed *indexed)
{
	const struct lanes lanes = lanes_of_indices(indexed);
	struct x86 *x = &gen->x;

	if (indexed->index_size < 2) {
		gen_constant(gen, RCX, indexed->index_size ? UINT16_MAX : UINT8_MAX);
		X86(x, CMP, x86_reg(8, RDX), x86_reg(8, RCX));
		X86(x, CMOVNBE, x86_reg(8, RDX), x86_reg(8, RCX));
	}
	gen_broadcast(gen, &lanes, LIMIT, RDX);
	if (indexed->index_size == 3)
		find_above_64(gen, indexed, &lanes);
	else
		find_above(gen, indexed, &lanes);
	X86(x, VPTEST, scratch(&lanes, HIGHEST), scratch(&lanes, HIGHEST));
}

/* The same of a stride, which is negative, or too large to be multiplied, in no span. */
static void check_stride(struct gen *gen, const struct indexed *indexed, u8 **jumps)
{
	const u64 most = TLB_SPAN_PAGES * PAGE_SIZE, last = indexed->lanes.vlmax - 1;
	struct x86 *x = &gen->x;

	gen_read_x(gen, RCX, indexed->insn->rs2);
	X86(x, CMP, x86_reg(8, RCX), x86_imm((s64)most));
	jumps[3] = x86_jump(x, ZYDIS_MNEMONIC_JNB);
	X86(x, IMUL, x86_reg(4, RCX), x86_reg(4, RCX), x86_imm((s64)last));
	/* ZF is set if the highest offset is not below it. */
	X86(x, CMP, x86_reg(8, RDX), x86_reg(8, RCX));
	X86(x, SBB, x86_reg(4, RCX), x86_reg(4, RCX));
}

/* Goes away unless all elements are in the span; RAX has where rs1 is in the host's memory. */
static unsigned find_in_span(struct gen *gen, const struct indexed *indexed, u8 **jumps)
{
	struct x86 *x = &gen->x;

	gen_span_begin(gen, indexed, jumps);
	if (indexed->strided)
		check_stride(gen, indexed, jumps);
	else
		check_indices(gen, indexed);
	jumps[2] = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	gen_span_end(gen, indexed);
	return indexed->strided ? 4 : 3;
}

/* Leaves an element's offset in RDX. */
static void find_offset(struct gen *gen, const struct indexed *indexed, unsigned n)
{
	const unsigned bytes = 1u << indexed->index_size;
	const struct x86_arg index = part_of(gen, bytes, indexed->insn->rs2, n * bytes);
	struct x86 *x = &gen->x;

	if (indexed->strided && n)
		X86(x, ADD, x86_reg(8, RDX), gen_x(8, indexed->insn->rs2));
	else if (indexed->strided)
		X86(x, XOR, x86_reg(4, RDX), x86_reg(4, RDX));
	else if (bytes < 4)
		X86(x, MOVZX, x86_reg(4, RDX), index);
	else
		X86(x, MOV, x86_reg(bytes, RDX), index);
}

/* Loads 16 bytes of elements, of 32 or 64 bits, into a vector of the host. */
static void load_elements(struct gen *gen, const struct indexed *indexed, unsigned at, unsigned reg)
{
	const unsigned size = indexed->lanes.size, bytes = 1u << size;
	const struct x86_arg to = x86_xmm(reg), memory = x86_indexed(bytes, RAX, RDX, 1, 0);
	struct x86 *x = &gen->x;

	for (unsigned n = 0; n < 16 / bytes; n++) {
		find_offset(gen, indexed, (at >> size) + n);
		if (n && size == 3)
			X86(x, VPINSRQ, to, to, memory, x86_imm(n));
		else if (n)
			X86(x, VPINSRD, to, to, memory, x86_imm(n));
		else if (size == 3)
			X86(x, VMOVQ, to, memory);
		else
			X86(x, VMOVD, to, memory);
	}
}

/* Loads a part of the group, and holds it. */
static void load_in_span(struct gen *gen, const struct indexed *indexed, unsigned at)
{
	const struct lanes *lanes = &indexed->lanes;
	const struct x86_arg r = scratch(lanes, 0);

	load_elements(gen, indexed, at, lanes->first);
	if (lanes->width > 16) {
		load_elements(gen, indexed, at + 16, lanes->first + 1);
		X86(&gen->x, VINSERTI128, r, r, x86_xmm(lanes->first + 1), x86_imm(1));
	}
	move(gen, lanes, part(gen, lanes, indexed->insn->rd, at), r);
	hold(gen, lanes, indexed->insn->rd, at, r);
}

static void move_element(struct gen *gen, const struct indexed *indexed, unsigned n)
{
	const unsigned bytes = 1u << indexed->lanes.size;
	const struct x86_arg element = part_of(gen, bytes, indexed->insn->rd, n * bytes);
	const struct x86_arg memory = x86_indexed(bytes, RAX, RDX, 1, 0);
	struct x86 *x = &gen->x;

	find_offset(gen, indexed, n);
	X86(x, MOV, x86_reg(bytes, RCX), indexed->write ? element : memory);
	X86(x, MOV, indexed->write ? memory : element, x86_reg(bytes, RCX));
}

/* Has the site find another span, and goes back if all elements are there. */
static void find_again(struct gen *gen, const struct indexed *indexed, u8 **jumps, unsigned count)
{
	struct x86 near = gen_go_far(gen, jumps[0]);
	struct x86 *x = &gen->x;
	u8 *missed[4], *found;

	for (unsigned n = 1; n < count; n++)
		x86_land(jumps[n], x->at);
	gen_read_x(gen, RAX, indexed->insn->rs1);
	gen_constant(gen, RCX, (u64)gen_span_at(gen, indexed->insn, indexed->write));
	x86_land(x86_jump(x, ZYDIS_MNEMONIC_CALL), gen->jit->stubs.span[indexed->write]);
	find_in_span(gen, indexed, missed);
	found = x86_jump(x, ZYDIS_MNEMONIC_JMP);
	for (unsigned n = 0; n < count; n++)
		x86_land(missed[n], x->at);
	gen_cold(gen, ZYDIS_MNEMONIC_JMP);
	x86_land(found, x->at);
	gen_come_back(gen, near);
}

bool gen_indexed_avx2(struct gen *gen, const struct indexed *indexed)
{
	const struct lanes *lanes = &indexed->lanes;
	const u64 vlmax = lanes->vlmax;
	u8 *jumps[4];
	unsigned count;

	if (vector_is_masked(indexed->insn->raw) || vlmax > ELEMENTS_MOST ||
	    (!indexed->strided && vlmax << indexed->index_size < 16))
		return false;
	gen_require_start_0(gen);
	gen_require_all(gen, vlmax);
	count = find_in_span(gen, indexed, jumps);
	find_again(gen, indexed, jumps, count);
	gen->held.kept = true;
	if (!indexed->write && lanes->size >= 2 && vlmax << lanes->size == lanes->bytes) {
		for (unsigned at = 0; at < lanes->bytes; at += lanes->width)
			load_in_span(gen, indexed, at);
		return true;
	}
	for (unsigned n = 0; n < vlmax; n++)
		move_element(gen, indexed, n);
	if (!indexed->write)
		spoil(gen, (unsigned)vlmax << lanes->size, indexed->insn->rd, 0);
	return true;
}
