/* SPDX-License-Identifier: MIT */
/*
 * Indexed and strided loads and stores of all elements: vl is VLMAX, and none is masked off. The
 * highest offset is compared with the end of the site's span (indexed.c); if all elements
 * are within it, they are moved one by one. On an EPYC 9004, 16 words are loaded in 9 cycles this
 * way, and in 17 by a gather; they are stored in 16 cycles, and in 23 by a scatter. What was stored
 * as a vector is read again by one load in a cycle, so eight bytes of indices are loaded at once.
 * If they are not all in the span, another span is tried once, or, with AVX-512 and elements of 32
 * bits and more, they are found in any pages (indexed.c).
 */
#include "cpu/jit/emit/vector/elements.h"
#include "cpu/jit/emit/vector/indexed.h"
#include "cpu/jit/probe.h"

/* The fewest bytes of indices. */
#define INDICES_LEAST 4

/* Scratch vectors: the highest offset in the span, the highest index, the sign bit, and indices. */
enum { LIMIT, HIGHEST, SIGN, INDEX };

static struct lanes lanes_of_indices(const struct indexed *indexed)
{
	const unsigned bytes = (unsigned)indexed->lanes.count << indexed->index_size;
	const bool avx512 = indexed->lanes.avx512;

	return (struct lanes){
		.avx512 = avx512,
		.size = indexed->index_size,
		.bytes = bytes,
		.width = MAX(MIN(bytes, avx512 ? 64u : 32u), 16u),
		.first_scratch = indexed->lanes.first_scratch,
	};
}

/* Returns a part of the indices; fewer than 16 bytes are followed by zeros. */
static struct x86_arg indices_at(struct gen *gen, const struct indexed *indexed,
				 const struct lanes *lanes, unsigned at)
{
	const struct x86_arg few = scratch(lanes, INDEX);

	if (lanes->bytes >= 16)
		return read_part(gen, lanes, indexed->insn->rs2, at);
	if (lanes->bytes == 8)
		X86(&gen->x, VMOVQ, few, v_in_hart(gen, 8, indexed->insn->rs2, at));
	else
		X86(&gen->x, VMOVD, few, v_in_hart(gen, 4, indexed->insn->rs2, at));
	return few;
}

/* Clears ZF if HIGHEST differs from LIMIT. */
static void test_above(struct gen *gen, const struct lanes *lanes)
{
	const struct x86_arg highest = scratch(lanes, HIGHEST);

	if (lanes->avx512) {
		OP(gen, lanes, JIT_V_CMPU, x86_reg(8, K1), highest, scratch(lanes, LIMIT),
		   x86_imm(NOT_EQUAL));
		X86(&gen->x, KORTESTQ, x86_reg(8, K1), x86_reg(8, K1));
		return;
	}
	OP(gen, lanes, JIT_V_XOR, highest, highest, scratch(lanes, LIMIT));
	X86(&gen->x, VPTEST, highest, highest);
}

/*
 * Sets HIGHEST to the maximum of LIMIT and the indices of all parts, and clears ZF if it is above
 * LIMIT.
 */
static void find_above(struct gen *gen, const struct indexed *indexed, const struct lanes *lanes)
{
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg part = indices_at(gen, indexed, lanes, at);

		OP(gen, lanes, JIT_V_MAXU, scratch(lanes, HIGHEST),
		   scratch(lanes, at ? HIGHEST : LIMIT), part);
	}
	test_above(gen, lanes);
}

/*
 * Sets HIGHEST to all ones where an index of 64 bits is above LIMIT, and clears ZF if any is. AVX2
 * has only signed comparisons, so the sign bits are flipped first.
 */
static void find_above_64(struct gen *gen, const struct indexed *indexed, const struct lanes *lanes)
{
	const struct x86_arg sign = scratch(lanes, SIGN), index = scratch(lanes, INDEX);

	gen_constant(gen, RCX, 1ull << 63);
	gen_broadcast(gen, lanes, SIGN, RCX);
	OP(gen, lanes, JIT_V_XOR, scratch(lanes, LIMIT), scratch(lanes, LIMIT), sign);
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg part = indices_at(gen, indexed, lanes, at);

		OP(gen, lanes, JIT_V_XOR, index, sign, part);
		OP(gen, lanes, JIT_V_GREATER, at ? index : scratch(lanes, HIGHEST), index,
		   scratch(lanes, LIMIT));
		if (at)
			OP(gen, lanes, JIT_V_OR, scratch(lanes, HIGHEST), scratch(lanes, HIGHEST),
			   index);
	}
	X86(&gen->x, VPTEST, scratch(lanes, HIGHEST), scratch(lanes, HIGHEST));
}

/* Clears ZF if an index is above the highest offset, which is in RDX. */
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
	if (indexed->index_size == 3 && !lanes.avx512)
		find_above_64(gen, indexed, &lanes);
	else
		find_above(gen, indexed, &lanes);
}

/*
 * Clears ZF if the offset of the last element of a strided access is above that in RDX. If the
 * stride is negative, or larger than any span, jumps[3] is taken.
 */
static void check_stride(struct gen *gen, const struct indexed *indexed, u8 **jumps)
{
	const u64 most = TLB_SPAN_PAGES * PAGE_SIZE, last = indexed->lanes.count - 1;
	struct x86 *x = &gen->x;

	gen_read_x(gen, RCX, indexed->insn->rs2);
	X86(x, CMP, x86_reg(8, RCX), x86_imm((s64)most));
	jumps[3] = x86_jump(x, ZYDIS_MNEMONIC_JNB);
	X86(x, IMUL, x86_reg(4, RCX), x86_reg(4, RCX), x86_imm((s64)last));
	/* SBB sets ZF if the offset in RCX is not above that in RDX. */
	X86(x, CMP, x86_reg(8, RDX), x86_reg(8, RCX));
	X86(x, SBB, x86_reg(4, RCX), x86_reg(4, RCX));
}

/*
 * Writes the check that all elements are in the span; otherwise one of `jumps` is taken. Leaves in
 * RAX the host's address of rs1. Returns the number of jumps.
 */
static unsigned find_in_span(struct gen *gen, const struct indexed *indexed, u8 **jumps)
{
	struct x86 *x = &gen->x;

	gen_span_begin(gen, indexed->insn, indexed->write, jumps);
	if (indexed->strided)
		check_stride(gen, indexed, jumps);
	else
		check_indices(gen, indexed);
	jumps[2] = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	gen_span_end(gen, indexed);
	return indexed->strided ? 4 : 3;
}

/*
 * Loads eight bytes of indices into RDX. The first ones may be in a host register that holds the
 * part, and then need not be loaded from memory.
 */
static void load_indices(struct gen *gen, s64 at)
{
	const struct x86_arg word = gen_held(gen, 8, at);

	if (is_held(word))
		X86(&gen->x, VMOVQ, x86_reg(8, RDX), word);
	else
		X86(&gen->x, MOV, x86_reg(8, RDX), word);
}

/*
 * Returns the register in which it leaves an element's offset. RDX has what the next elements need.
 */
static unsigned find_offset(struct gen *gen, const struct indexed *indexed, unsigned n)
{
	const unsigned bytes = 1u << indexed->index_size, in_word = 8 / bytes;
	struct x86 *x = &gen->x;

	if (indexed->strided) {
		if (n)
			X86(x, ADD, x86_reg(8, RDX), gen_x(gen, 8, indexed->insn->rs2));
		else
			X86(x, XOR, x86_reg(4, RDX), x86_reg(4, RDX));
		return RDX;
	}
	if (n % in_word == 0)
		load_indices(gen, place_of(gen, indexed->insn->rs2, n * bytes));
	else
		X86(x, SHR, x86_reg(8, RDX), x86_imm(8 * bytes));
	if (n % in_word == in_word - 1)
		return RDX;
	if (bytes == 4)
		X86(x, MOV, x86_reg(4, RCX), x86_reg(4, RDX));
	else
		X86(x, MOVZX, x86_reg(4, RCX), x86_reg(bytes, RDX));
	return RCX;
}

/* Returns the operand in memory of element n. */
static struct x86_arg find_element(struct gen *gen, const void *ctx, unsigned n)
{
	const struct indexed *indexed = ctx;

	return x86_indexed(1u << indexed->lanes.size, RAX, find_offset(gen, indexed, n), 1, 0);
}

/* Moves all elements; RAX has the host's address of rs1. */
static void move_all(struct gen *gen, const struct indexed *indexed)
{
	const struct elements elements = {
		.lanes = &indexed->lanes, .reg = indexed->insn->rd,
		.find = find_element, .ctx = indexed,
	};

	gen_move_elements(gen, &elements, indexed->write);
}

/* Writes cold code that gives the site another span, and jumps back if all elements are in it. */
static void find_again(struct gen *gen, const struct indexed *indexed, u8 **jumps, unsigned count)
{
	const struct x86 hot = gen_span_missed(gen, jumps, count);
	struct x86 *x = &gen->x;
	u8 *missed[4], *found;

	gen_indexed_span(gen, indexed);
	find_in_span(gen, indexed, missed);
	found = x86_jump(x, ZYDIS_MNEMONIC_JMP);
	for (unsigned n = 0; n < count; n++)
		x86_patch(missed[n], x->at);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JMP);
	x86_patch(found, x->at);
	gen_end_cold(gen, hot);
}

/*
 * Returns whether the elements are moved here: their number allows it, none is masked off, and vl
 * is known to be VLMAX. Where they cannot be found by the view, vl is checked at run time instead.
 */
static bool are_all(struct gen *gen, const struct indexed *indexed)
{
	const u64 vlmax = indexed->lanes.count;

	if (vector_is_masked(indexed->insn->raw) || vlmax > ELEMENTS_MOST ||
	    (!indexed->strided && vlmax << indexed->index_size < INDICES_LEAST))
		return false;
	return !gen_can_find_by_view(indexed) || gen_known_vl(gen) == vlmax;
}

bool gen_indexed_all(struct gen *gen, const struct indexed *indexed)
{
	u8 *jumps[4];
	unsigned count;

	if (!are_all(gen, indexed))
		return false;
	gen_require_start_0(gen);
	gen_require_all(gen, indexed->lanes.count);
	count = find_in_span(gen, indexed, jumps);
	if (!gen_can_find_by_view(indexed))
		find_again(gen, indexed, jumps, count);
	gen->held.reports_writes = true;
	move_all(gen, indexed);
	if (gen_can_find_by_view(indexed))
		gen_find_by_view(gen, indexed, jumps, count);
	return true;
}
