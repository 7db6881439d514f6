/* SPDX-License-Identifier: MIT */
/*
 * Emitters of loads and stores of whole groups, or registers, without a stride: the TLB view is
 * asked once, as for a scalar. What is in two pages, and what the view lacks, is the body's.
 */
#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector.h"
#include "cpu/jit/emit/vector_segment.h"

/* Moves `bytes` between memory, which is at RCX + `at`, and the register. */
static void move_all(struct gen *gen, const struct lanes *lanes, unsigned at, unsigned reg,
		     bool write)
{
	s64 group = ENV_OF(vector.v) + (s64)(reg * gen->hart->vector.vlenb);
	ZydisMnemonic move = lanes->wide ? ZYDIS_MNEMONIC_VMOVDQU64 : ZYDIS_MNEMONIC_VMOVDQU;

	for (unsigned n = 0; n < lanes->bytes; n += lanes->width) {
		struct x86_arg memory = x86_indexed(lanes->width, RCX, at, 1, n);
		struct x86_arg part = x86_at(lanes->width, ENV, group + n);
		struct x86_arg reg_n = x86_reg(lanes->width, lanes->first + (n / lanes->width) % 2);

		x86_write(&gen->x, move, 2,
			  (const struct x86_arg[]){ reg_n, write ? part : memory });
		x86_write(&gen->x, move, 2,
			  (const struct x86_arg[]){ write ? memory : part, reg_n });
	}
}

static void access(struct gen *gen, const struct insn *insn, const struct lanes *lanes, bool write)
{
	gen_read_x(gen, RAX, insn->rs1);
	gen_write_page_check(&gen->x, gen->jit, RAX, write, (s32)lanes->bytes);
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
	gen_write_addend(&gen->x);
	move_all(gen, lanes, RAX, insn->rd, write);
}

/* vle and vse, and vle with fault-only-first, which does not fault here; `flag`: it stores. */
bool jit_v_unit(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct lanes lanes;

	if (!gen_is_misaligned_fast(gen) ||
	    !gen_lanes(gen, insn, (int)vector_encoded_eew(insn->raw) - 3, &lanes))
		return false;
	if (vector_nf(insn) > 1)
		return gen_segments(gen, insn, &lanes, how->flag);
	gen_begin_all(gen, &lanes);
	access(gen, insn, &lanes, how->flag);
	return true;
}

/* vl1re8 to vl8re64 and vs1r to vs8r, which neither vtype nor vl concern; `flag`: it stores. */
bool jit_v_whole(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	u64 bytes = vector_whole_count(insn) * (u64)gen->hart->vector.vlenb;
	struct lanes lanes;

	if (!gen_is_misaligned_fast(gen) || !gen_lanes_of(gen, insn, bytes, &lanes))
		return false;
	gen_require_start_0(gen);
	access(gen, insn, &lanes, how->flag);
	return true;
}
