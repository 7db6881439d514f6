/* SPDX-License-Identifier: MIT */
#ifndef CPU_JIT_EMIT_VECTOR_SEGMENT_H
#define CPU_JIT_EMIT_VECTOR_SEGMENT_H

#include "cpu/jit/emit/vector.h"

/*
 * Loads or stores segments of two fields or more, of which the elements of one lie so. Returns
 * false if the instruction is the body's.
 */
bool gen_segments(struct gen *gen, const struct insn *insn, const struct lanes *lanes, bool write);

/* Returns how many bytes they have, and what is loaded with them; 0: it is the body's. */
unsigned gen_segments_bytes(const struct gen *gen, const struct insn *insn,
			    const struct lanes *lanes);

#endif
