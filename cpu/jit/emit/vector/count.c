/* SPDX-License-Identifier: MIT */
/*
 * Emitters of vcpop.v, vctz.v and vclz.v (Zvbb), which count bits. Trailing zeros are the bits of
 * ~x & (x - 1), leading zeros those that are 0 after each bit of x was copied to all lower ones.
 */
#include "cpu/jit/emit/vector/avx2.h"

/*
 * Scratch vectors: the value, which becomes the result, and constants: bytes of 1, or zeros if the
 * elements have 64 bits; the counts of four bits, a mask of four bits, halfwords of 1, and -1.
 */
enum { VALUE, OTHER, BYTES, COUNTS = 5, LOW, HALFWORDS, MINUS_1 };

/* The number of bits that are set in each number of four bits, as bytes. */
#define COUNTS_LOW 0x0302020102010100
#define COUNTS_HIGH 0x0403030203020201

static void prepare_count(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;

	gen_constant(gen, RAX, COUNTS_LOW);
	gen_constant(gen, RCX, COUNTS_HIGH);
	gen_prepare_nibbles(gen, lanes, &(struct nibbles){ COUNTS, LOW });
	gen_broadcast_constant(gen, lanes, BYTES, 0, lanes->size < 3);
	gen_broadcast_constant(gen, lanes, HALFWORDS, 1, 1);
	gen_set_ones(gen, lanes, MINUS_1);
}

/* Adds the counts of the bytes of each element. */
static void add_bytes(struct gen *gen, const struct lanes *lanes)
{
	const struct x86_arg value = scratch(lanes, VALUE), bytes = scratch(lanes, BYTES);
	struct x86 *x = &gen->x;

	if (lanes->size == 3) {
		X86(x, VPSADBW, value, value, bytes);
		return;
	}
	if (lanes->size)
		X86(x, VPMADDUBSW, value, value, bytes);
	if (lanes->size == 2)
		X86(x, VPMADDWD, value, value, scratch(lanes, HALFWORDS));
}

/* Replaces VALUE by the number of its bits that are set. */
static void count(struct gen *gen, const struct lanes *lanes)
{
	const struct x86_arg value = scratch(lanes, VALUE), high = scratch(lanes, OTHER);

	gen_look_up_nibbles(gen, lanes, value, high, &(struct nibbles){ COUNTS, LOW });
	X86(&gen->x, VPADDB, value, value, high);
	add_bytes(gen, lanes);
}

static void count_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg value = scratch(lanes, VALUE);

	gen_move(gen, lanes, value, read_part(gen, lanes, row->insn->rs2, at));
	count(gen, lanes);
}

static void count_trailing_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg value = scratch(lanes, VALUE), other = scratch(lanes, OTHER);

	gen_move(gen, lanes, value, read_part(gen, lanes, row->insn->rs2, at));
	OP(gen, lanes, JIT_V_ADD, other, value, scratch(lanes, MINUS_1));
	OP(gen, lanes, JIT_V_ANDN, value, value, other);
	count(gen, lanes);
}

static void count_leading_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg value = scratch(lanes, VALUE), other = scratch(lanes, OTHER);

	gen_move(gen, lanes, value, read_part(gen, lanes, row->insn->rs2, at));
	for (unsigned by = 1; by < 8u << lanes->size; by *= 2) {
		OP(gen, lanes, JIT_V_SRLI, other, value, x86_imm(by));
		OP(gen, lanes, JIT_V_OR, value, value, other);
	}
	OP(gen, lanes, JIT_V_ANDN, value, value, scratch(lanes, MINUS_1));
	count(gen, lanes);
}

bool jit_v_count(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	static void (*const parts[])(struct gen *gen, const struct row *row, unsigned at) = {
		[JIT_V_COUNT_ONES] = count_part,
		[JIT_V_COUNT_TRAILING] = count_trailing_part,
		[JIT_V_COUNT_LEADING] = count_leading_part,
	};
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row))
		return false;
	/* The host cannot shift bytes. */
	if (how->size == JIT_V_COUNT_LEADING && !row.lanes.size)
		return false;
	row.prepare = prepare_count;
	row.compute_part = parts[how->size];
	return gen_row(gen, &row);
}
