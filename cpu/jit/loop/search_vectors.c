/* SPDX-License-Identifier: MIT */
/* Writes the comparisons of elements (search_vectors.h). */
#include "cpu/jit/loop/search_vectors.h"

/* The predicates of AVX-512's comparisons. AVX2 has the first one, and the opposite of the last. */
enum predicate { EQUAL = 0, LESS = 1, UNEQUAL = 4, NOT_LESS = 5 };

/* By the size of the elements. */
static const ZydisMnemonic broadcasts[] = {
	[1] = ZYDIS_MNEMONIC_VPBROADCASTB, [2] = ZYDIS_MNEMONIC_VPBROADCASTW,
	[4] = ZYDIS_MNEMONIC_VPBROADCASTD, [8] = ZYDIS_MNEMONIC_VPBROADCASTQ,
};
static const ZydisMnemonic equals[] = {
	[1] = ZYDIS_MNEMONIC_VPCMPEQB, [2] = ZYDIS_MNEMONIC_VPCMPEQW,
	[4] = ZYDIS_MNEMONIC_VPCMPEQD, [8] = ZYDIS_MNEMONIC_VPCMPEQQ,
};
static const ZydisMnemonic greater[] = {
	[1] = ZYDIS_MNEMONIC_VPCMPGTB, [2] = ZYDIS_MNEMONIC_VPCMPGTW,
	[4] = ZYDIS_MNEMONIC_VPCMPGTD, [8] = ZYDIS_MNEMONIC_VPCMPGTQ,
};
static const ZydisMnemonic moves[] = {
	[1] = ZYDIS_MNEMONIC_VMOVDQU8, [2] = ZYDIS_MNEMONIC_VMOVDQU16,
	[4] = ZYDIS_MNEMONIC_VMOVDQU32, [8] = ZYDIS_MNEMONIC_VMOVDQU64,
};
/* By whether elements are signed, and by their size. */
static const ZydisMnemonic wide_compare[2][9] = {
	{ [1] = ZYDIS_MNEMONIC_VPCMPUB, [2] = ZYDIS_MNEMONIC_VPCMPUW,
	  [4] = ZYDIS_MNEMONIC_VPCMPUD, [8] = ZYDIS_MNEMONIC_VPCMPUQ },
	{ [1] = ZYDIS_MNEMONIC_VPCMPB, [2] = ZYDIS_MNEMONIC_VPCMPW,
	  [4] = ZYDIS_MNEMONIC_VPCMPD, [8] = ZYDIS_MNEMONIC_VPCMPQ },
};

/* Two vector registers to compute in. */
static struct x86_arg scratch(const struct search_writer *w, unsigned n)
{
	return x86_reg(w->vector, (w->avx512 ? XMM16 : XMM0) + n);
}

void search_write_sum(struct search_writer *w, const struct search_sum *sum, unsigned reg,
		      unsigned scratch)
{
	gen_write_form(w->gen, &sum->form, reg, scratch);
	if (sum->more)
		X86(&w->gen->x, ADD, x86_reg(8, reg), gen_x(w->gen, 8, sum->more));
}

void search_write_load(struct search_writer *w, unsigned load)
{
	if (w->avx512 && w->search.load[load].step)
		X86(&w->gen->x, VMOVUPS, scratch(w, 2 + load), x86_at(w->bytes, RCX, 0));
}

/* Returns a register with a part of a load's elements: scratch(n) if they must be loaded now. */
static struct x86_arg elements(struct search_writer *w, unsigned load, unsigned n, unsigned part)
{
	struct x86 *x = &w->gen->x;

	if (w->avx512)
		return scratch(w, 2 + load);
	X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, gen_stream_slot(load)));
	X86(x, VMOVUPS, scratch(w, n), x86_at(w->vector, RAX, part * w->vector));
	return scratch(w, n);
}

/* Fills a vector register with copies of the element in RAX. */
static void write_broadcast(struct search_writer *w, unsigned n)
{
	const unsigned size = w->search.size;
	struct x86 *x = &w->gen->x;
	struct x86_arg from = x86_reg(size == 8 ? 8 : 4, RAX);

	if (!w->avx512) {
		X86(x, VMOVQ, x86_xmm(x86_base(scratch(w, n))), x86_reg(8, RAX));
		from = x86_xmm(x86_base(scratch(w, n)));
	}
	x86_write(x, broadcasts[size], 2, (struct x86_arg[]){ scratch(w, n), from });
}

/* Fills a vector register with copies of a constant. */
static void write_constant(struct search_writer *w, unsigned n, u64 value)
{
	gen_constant(w->gen, RAX, value);
	write_broadcast(w, n);
}

/*
 * Returns a register with elements, or with what was computed from them; `flip` inverts their sign
 * bits. It may change both scratch registers.
 */
static struct x86_arg write_elements(struct search_writer *w, const struct search_value *value,
				     unsigned part, bool flip)
{
	struct x86_arg from = elements(w, value->load, 0, part);
	const struct x86_arg to = scratch(w, 0), with = scratch(w, 1);
	struct x86 *x = &w->gen->x;

	if (value->add) {
		write_constant(w, 1, (u8)value->add);
		X86(x, VPADDB, to, from, with);
		from = to;
	}
	if (value->mask) {
		write_constant(w, 1, value->mask);
		if (w->avx512)
			X86(x, VPANDQ, to, from, with);
		else
			X86(x, VPAND, to, from, with);
		from = to;
	}
	if (flip) {
		write_constant(w, 1, BIT(8 * w->search.size - 1));
		X86(x, VPXOR, to, from, with);
		from = to;
	}
	return from;
}

/* Returns a register with the other operand of a comparison, which is loaded or a sum. */
static struct x86_arg write_other(struct search_writer *w, const struct search_value *value,
				  unsigned part, bool flip)
{
	if (value->loaded)
		return elements(w, value->load, 1, part);
	search_write_sum(w, &value->sum, RAX, RCX);
	if (flip)
		X86(&w->gen->x, BTC, x86_reg(8, RAX), x86_imm(8 * w->search.size - 1));
	write_broadcast(w, 1);
	return scratch(w, 1);
}

/* Returns the predicate that is true of the elements with which the loop ends. */
static enum predicate predicate_of(const struct search_test *test)
{
	switch (test->op) {
	case OP_beq:
		return test->taken ? UNEQUAL : EQUAL;
	case OP_bne:
		return test->taken ? EQUAL : UNEQUAL;
	case OP_blt:
	case OP_bltu:
		return test->taken ? NOT_LESS : LESS;
	default:
		return test->taken ? LESS : NOT_LESS;
	}
}

/* The bits that AVX2 gives for the elements of a part: two for each element of two bytes. */
static unsigned bits_of_part(const struct search_writer *w)
{
	return w->search.size < 4 ? w->vector : w->vector / w->search.size;
}

/* Leaves in RAX or RDX (`reg`) a bit for each element of a part of which the predicate is true. */
static void write_compare(struct search_writer *w, const struct search_test *test, unsigned part,
			  unsigned reg)
{
	const struct search_access *load = &w->search.load[search_element(test)->load];
	const unsigned size = w->search.size;
	const enum predicate predicate = predicate_of(test);
	const bool equality = predicate == EQUAL || predicate == UNEQUAL;
	const bool is_signed = (test->op == OP_blt || test->op == OP_bge) &&
			       (size == 8 || load->sign);
	const bool flip = !w->avx512 && !is_signed && !equality;
	const struct x86_arg first = write_elements(w, search_element(test), part, flip);
	const struct x86_arg other =
		write_other(w, test->a.loaded ? &test->b : &test->a, part, flip);
	const struct x86_arg a = test->a.loaded ? first : other, b = test->a.loaded ? other : first;
	struct x86 *x = &w->gen->x;

	if (w->avx512) {
		x86_write(x, wide_compare[is_signed][size], 4,
			  (struct x86_arg[]){ x86_reg(8, K1), a, b, x86_imm(predicate) });
		X86(x, KMOVQ, x86_reg(8, reg), x86_reg(8, K1));
		return;
	}
	x86_write(x, equality ? equals[size] : greater[size], 3,
		  (struct x86_arg[]){ scratch(w, 0), equality ? a : b, equality ? b : a });
	if (size == 8)
		X86(x, VMOVMSKPD, x86_reg(4, reg), scratch(w, 0));
	else if (size == 4)
		X86(x, VMOVMSKPS, x86_reg(4, reg), scratch(w, 0));
	else
		X86(x, VPMOVMSKB, x86_reg(4, reg), scratch(w, 0));
	if (predicate == UNEQUAL || predicate == NOT_LESS)
		X86(x, XOR, x86_reg(4, reg),
		    x86_imm(size < 4 ? -1 : (s64)BIT(bits_of_part(w)) - 1));
}

/* Adds to RDX the bits of a test, or sets it to them if it is the `first` one. */
static void write_test(struct search_writer *w, const struct search_test *test, bool first)
{
	struct x86 *x = &w->gen->x;

	for (unsigned part = 0; part < w->bytes / w->vector; part++) {
		const bool sets = first && part == 0;

		write_compare(w, test, part, sets ? RDX : RAX);
		if (part)
			X86(x, SHL, x86_reg(8, RAX), x86_imm(bits_of_part(w)));
		if (!sets)
			X86(x, OR, x86_reg(8, RDX), x86_reg(8, RAX));
	}
}

/* Replaces the bits in RDX by the number of the first element with a bit. */
static void write_find(struct search_writer *w)
{
	const bool pairs = !w->avx512 && w->search.size == 2;
	const unsigned bits = pairs ? 2 * w->lanes : w->lanes;
	struct x86 *x = &w->gen->x;

	if (bits < 64 && w->search.down)
		X86(x, SHL, x86_reg(8, RDX), x86_imm(64 - bits));
	if (bits < 64)
		X86(x, BTS, x86_reg(8, RDX), x86_imm(w->search.down ? 63 - bits : bits));
	if (w->search.down)
		X86(x, LZCNT, x86_reg(8, RDX), x86_reg(8, RDX));
	else
		X86(x, TZCNT, x86_reg(8, RDX), x86_reg(8, RDX));
	if (pairs)
		X86(x, SHR, x86_reg(4, RDX), x86_imm(1));
}

void search_write_tests(struct search_writer *w)
{
	bool first = true;

	if (!w->search.of_data) {
		X86(&w->gen->x, MOV, x86_reg(4, RDX), x86_imm(w->lanes));
		return;
	}
	for (unsigned n = 0; n < w->search.tests; n++) {
		if (!search_is_of_data(&w->search.test[n]))
			continue;
		write_test(w, &w->search.test[n], first);
		first = false;
	}
	/* The upper halves must be clear, because SSE instructions would wait for them. */
	if (!w->avx512)
		X86(&w->gen->x, VZEROUPPER);
	write_find(w);
}

/* Leaves in K1 a mask of the first lanes, or of the last ones if the search goes down. */
static void write_mask(struct search_writer *w)
{
	struct x86 *x = &w->gen->x;

	X86(x, MOV, x86_reg(8, RAX), x86_imm(-1));
	if (w->search.down) {
		X86(x, MOV, x86_reg(4, RCX), x86_imm(w->lanes));
		X86(x, SUB, x86_reg(4, RCX), x86_reg(4, RDX));
		X86(x, BZHI, x86_reg(8, RAX), x86_reg(8, RAX), x86_reg(8, RCX));
		X86(x, NOT, x86_reg(8, RAX));
	} else {
		X86(x, BZHI, x86_reg(8, RAX), x86_reg(8, RAX), x86_reg(8, RDX));
	}
	X86(x, KMOVQ, x86_reg(8, K1), x86_reg(8, RAX));
}

void search_write_store(struct search_writer *w)
{
	const struct search_value *value = &w->search.stored;
	struct x86 *x = &w->gen->x;
	struct x86_arg from = scratch(w, 1);

	if (!w->search.stores)
		return;
	if (value->loaded) {
		from = elements(w, value->load, 0, 0);
	} else {
		search_write_sum(w, &value->sum, RAX, RCX);
		write_broadcast(w, 1);
	}
	write_mask(w);
	X86(x, MOV, x86_reg(8, RCX), x86_at(8, ENV, gen_stream_slot(SEARCH_LOADS)));
	x86_write(x, moves[w->search.size], 2,
		  (struct x86_arg[]){ x86_masked(x86_at(w->bytes, RCX, 0), K1), from });
}
