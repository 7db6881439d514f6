/* SPDX-License-Identifier: MIT */
/* The table of emitters (emit.def), and the answers to the translation's queries about them. */
#include "cpu/csr/csr.h"
#include "cpu/jit/emit/emit.h"
#include "cpu/jit/emit/vector/vector.h"

#define X(name) ZYDIS_MNEMONIC_##name
#define NUMBER(n) (n)
#define EMIT(row, function, how, bytes, value, kind)                                               \
	[OP_##row] = { .emit = function,                                                           \
		       .mnemonic = how,                                                            \
		       .size = bytes,                                                              \
		       .group = JIT_##kind,                                                        \
		       .flag = value },

const struct emitter emitters[OP_TABLE_SIZE] = {
#include "cpu/jit/emit/emit.def"
};

bool emitter_is_load(const struct emitter *emitter)
{
	return emitter->emit == jit_load || emitter->emit == jit_fp_load;
}

bool emitter_is_store(const struct emitter *emitter)
{
	return emitter->emit == jit_store || emitter->emit == jit_fp_store;
}

bool emitter_makes_nan(const struct emitter *emitter)
{
	return (emitter->emit == jit_fp_op || emitter->emit == jit_fp_sqrt) && emitter->size > 2;
}

bool emitter_makes_dirty(const struct emitter *emitter)
{
	return emitter->emit == jit_fp_compare || emitter->emit == jit_fp_to_int ||
	       emitter->emit == jit_fp_to_unsigned || emitter->emit == jit_v_float ||
	       emitter->emit == jit_v_fma || emitter->emit == jit_v_sum_floats ||
	       emitter->emit == jit_v_sqrt || emitter->emit == jit_v_min_max ||
	       emitter->emit == jit_v_sign || emitter->emit == jit_v_compare_floats ||
	       emitter->emit == jit_v_convert || emitter->emit == jit_v_from_half ||
	       emitter->emit == jit_v_widen_floats || emitter->emit == jit_v_reduce_floats;
}

bool emitter_ignores_nan(const struct emitter *emitter)
{
	return emitter->emit == jit_fp_op || emitter->emit == jit_fp_sqrt ||
	       emitter->emit == jit_fp_fma || emitter->emit == jit_fp_compare ||
	       emitter->emit == jit_fp_round || emitter->emit == jit_fp_min_max ||
	       emitter->emit == jit_fp_to_int || emitter->emit == jit_fp_to_unsigned;
}

bool emitter_leaves_rcx(const struct emitter *emitter, const struct insn *insn)
{
	return (emitter->emit == jit_op_imm && insn->op != OP_slli) || emitter->emit == jit_lui ||
	       emitter->emit == jit_auipc || emitter->emit == jit_fp_op ||
	       emitter->emit == jit_fp_sqrt || emitter->emit == jit_fp_fma;
}
