/* SPDX-License-Identifier: MIT */
/* The table of emitters (emit.def). */
#include "cpu/csr/csr.h"
#include "cpu/jit/emit/emit.h"
#include "cpu/jit/emit/vector.h"

#define X(name) ZYDIS_MNEMONIC_##name
#define NUMBER(n) (n)
#define EMIT(row, function, how, bytes, value, kind)                                               \
	[OP_##row] = { .emit = function, .mnemonic = how, .size = bytes,                           \
		       .group = JIT_##kind, .flag = value },

const struct emitter emitters[OP_TABLE_SIZE] = {
#include "cpu/jit/emit/emit.def"
};
