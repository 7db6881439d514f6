/* SPDX-License-Identifier: MIT */
/*
 * Moves of elements, one by one, between memory and a register group (elements.c): of those that
 * are not consecutive in memory, as in indexed and strided accesses and in segments.
 */
#ifndef CPU_JIT_EMIT_VECTOR_ELEMENTS_H
#define CPU_JIT_EMIT_VECTOR_ELEMENTS_H

#include "cpu/jit/emit/vector/operand.h"

/* The most elements that an emitter moves this way, so that an instruction's code stays small. */
#define ELEMENTS_MOST 32

struct elements {
	const struct lanes *lanes; /* of the group; no more than lanes->count elements are moved */
	unsigned reg; /* its first register */
	/*
	 * Returns the operand in memory of element n, after it has written code that this needs. It
	 * is called once for each element, in ascending order, and may change RCX and RDX.
	 */
	struct x86_arg (*find)(struct gen *gen, const void *ctx, unsigned n);
	const void *ctx;
};

/*
 * Writes the load of all elements, or their store. If they fill less than 16 bytes, the bytes of
 * the group after them are preserved. Changes the scratch vectors 0 and 1.
 */
void gen_move_elements(struct gen *gen, const struct elements *elements, bool write);

#endif
