/* SPDX-License-Identifier: MIT */
/*
 * Segment loads and stores of all elements, one by one: of segments that have more than 64 bits (as
 * arrays of complex numbers or of points have), of stores whose segments are not a power of two
 * bytes, and of groups of less than 16 bytes.
 */
#include "cpu/jit/emit/vector/elements.h"
#include "cpu/jit/emit/vector/segment.h"

/* The field that is moved; the host's address of the first segment is in RAX. */
struct field {
	unsigned size; /* the binary logarithm of an element's bytes */
	unsigned segment, at; /* the bytes of a segment, and of its fields before this one */
};

static struct x86_arg find_element(struct gen *gen, const void *ctx, unsigned n)
{
	const struct field *field = ctx;

	(void)gen;
	return x86_at(1u << field->size, RAX, n * field->segment + field->at);
}

unsigned gen_segment_elements_bytes(const struct insn *insn, const struct lanes *lanes)
{
	const u64 elements = vector_nf(insn) * lanes->count;

	if (vector_is_masked(insn->raw) || !elements || elements > ELEMENTS_MOST)
		return 0;
	return (unsigned)elements << lanes->size;
}

bool gen_segment_elements(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			  bool write)
{
	const unsigned bytes = gen_segment_elements_bytes(insn, lanes), fields = vector_nf(insn);
	const unsigned registers = MAX(lanes->bytes / gen->hart->vector.vlenb, 1u);
	unsigned base;

	if (!bytes)
		return false;
	gen_require_start_0(gen);
	gen_require_all(gen, lanes->count);
	base = gen_probe_bytes(gen, insn, bytes, write);
	X86(&gen->x, LEA, x86_reg(8, RAX), x86_indexed(8, RCX, base, 1, 0));
	gen->held.reports_writes = true;
	for (unsigned n = 0; n < fields; n++) {
		const struct field field = {
			.size = lanes->size, .segment = fields << lanes->size,
			.at = n << lanes->size,
		};
		const struct elements elements = {
			.lanes = lanes, .reg = insn->rd + n * registers,
			.find = find_element, .ctx = &field,
		};

		gen_move_elements(gen, &elements, write);
	}
	return true;
}
