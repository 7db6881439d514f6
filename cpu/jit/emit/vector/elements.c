/* SPDX-License-Identifier: MIT */
/* Moves of elements, one by one, between memory and a register group. See elements.h. */
#include "cpu/jit/emit/vector/elements.h"

/* Loads an element into the place `n` of 16 bytes in a vector register. */
static void insert(struct gen *gen, unsigned size, unsigned reg, struct x86_arg memory, unsigned n)
{
	static const u16 inserts[] = { ZYDIS_MNEMONIC_VPINSRB, ZYDIS_MNEMONIC_VPINSRW,
				       ZYDIS_MNEMONIC_VPINSRD, ZYDIS_MNEMONIC_VPINSRQ };
	const struct x86_arg to = x86_xmm(reg);

	x86_write(&gen->x, (ZydisMnemonic)inserts[size], 4,
		  (const struct x86_arg[]){ to, to, memory, x86_imm(n) });
}

/*
 * Loads the first element of 16 bytes in a vector register; the other ones may change, as they are
 * loaded later.
 */
static void insert_first(struct gen *gen, unsigned size, unsigned reg, struct x86_arg memory)
{
	if (size == 3)
		X86(&gen->x, VMOVQ, x86_xmm(reg), memory);
	else if (size == 2)
		X86(&gen->x, VMOVD, x86_xmm(reg), memory);
	else
		insert(gen, size, reg, memory, 0);
}

/* Stores the element at the place `n` of a vector register. */
static void extract(struct gen *gen, unsigned size, unsigned reg, struct x86_arg memory, unsigned n)
{
	static const u16 extracts[] = { ZYDIS_MNEMONIC_VPEXTRB, ZYDIS_MNEMONIC_VPEXTRW,
					ZYDIS_MNEMONIC_VPEXTRD, ZYDIS_MNEMONIC_VPEXTRQ };

	if (n == 0 && size == 3)
		X86(&gen->x, VMOVQ, memory, x86_xmm(reg));
	else if (n == 0 && size == 2)
		X86(&gen->x, VMOVD, memory, x86_xmm(reg));
	else
		x86_write(&gen->x, (ZydisMnemonic)extracts[size], 3,
			  (const struct x86_arg[]){ memory, x86_xmm(reg), x86_imm(n) });
}

static unsigned count_of_16_bytes(const struct lanes *lanes, unsigned at)
{
	return MIN(16u >> lanes->size, (unsigned)lanes->count - (at >> lanes->size));
}

/*
 * Loads the elements that are `at` bytes from the group's start, at most 16 bytes of them, into a
 * vector register. If they are fewer, the bytes after them keep the values that the group has.
 */
static void load_16_bytes(struct gen *gen, const struct elements *elements, unsigned at,
			  unsigned reg)
{
	const struct lanes *lanes = elements->lanes;
	const unsigned size = lanes->size, count = count_of_16_bytes(lanes, at);
	const struct x86_arg to = x86_xmm(reg);

	if (count << size < 16)
		gen_move(gen, lanes, to, v_in_hart(gen, 16, elements->reg, at));
	else if (size < 2)
		/* An insertion preserves the other elements, and would wait for the old ones. */
		OP(gen, lanes, JIT_V_XOR, to, to, to);
	for (unsigned n = 0; n < count; n++) {
		const struct x86_arg memory = elements->find(gen, elements->ctx, (at >> size) + n);

		if (n || count << size < 16)
			insert(gen, size, reg, memory, n);
		else
			insert_first(gen, size, reg, memory);
	}
}

/* Loads a part of the group, and notes that it is held. */
static void load_part_of(struct gen *gen, const struct elements *elements, unsigned at)
{
	const struct lanes *lanes = elements->lanes;
	const struct x86_arg r = scratch(lanes, 0), next = x86_xmm(lanes->first_scratch + 1);
	struct x86 *x = &gen->x;

	load_16_bytes(gen, elements, at, lanes->first_scratch);
	for (unsigned n = 1; n < lanes->width / 16; n++) {
		load_16_bytes(gen, elements, at + 16 * n, lanes->first_scratch + 1);
		if (lanes->avx512)
			X86(x, VINSERTI32X4, r, r, next, x86_imm(n));
		else
			X86(x, VINSERTI128, r, r, next, x86_imm(n));
	}
	gen_move(gen, lanes, part_in_hart(gen, lanes, elements->reg, at), r);
	gen_hold_part(gen, lanes, elements->reg, at, r);
}

/* Stores the elements of 16 bytes in a vector register. */
static void store_16_bytes(struct gen *gen, const struct elements *elements, unsigned at,
			   unsigned reg)
{
	const unsigned size = elements->lanes->size;
	const unsigned count = count_of_16_bytes(elements->lanes, at);

	for (unsigned n = 0; n < count; n++)
		extract(gen, size, reg, elements->find(gen, elements->ctx, (at >> size) + n), n);
}

/* Stores a part of the group. */
static void store_part_of(struct gen *gen, const struct elements *elements, unsigned at)
{
	const struct lanes *lanes = elements->lanes;
	const struct x86_arg all = load_part(gen, lanes, 0, elements->reg, at);
	const struct x86_arg next = x86_xmm(lanes->first_scratch + 1);
	struct x86 *x = &gen->x;

	store_16_bytes(gen, elements, at, x86_base(all));
	for (unsigned n = 1; n < lanes->width / 16; n++) {
		if (lanes->avx512)
			X86(x, VEXTRACTI32X4, next, all, x86_imm(n));
		else
			X86(x, VEXTRACTI128, next, all, x86_imm(n));
		store_16_bytes(gen, elements, at + 16 * n, lanes->first_scratch + 1);
	}
}

void gen_move_elements(struct gen *gen, const struct elements *elements, bool write)
{
	for (unsigned at = 0; at < elements->lanes->bytes; at += elements->lanes->width) {
		if (write)
			store_part_of(gen, elements, at);
		else
			load_part_of(gen, elements, at);
	}
}
