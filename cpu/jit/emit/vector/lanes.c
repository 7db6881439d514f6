/* SPDX-License-Identifier: MIT */
/*
 * Decides how a register group is split into vectors of the host, and writes the checks of vstart
 * and vl.
 */
#include "cpu/isa/csr_bits.h"
#include "cpu/jit/emit/vector/row.h"

/*
 * Finds which vector registers of the host are used. Returns false if there are none: without
 * AVX-512, f_in_hart says that the host has AVX2 (compile.c).
 */
static bool find_host(const struct gen *gen, struct lanes *lanes)
{
	lanes->avx512 = gen->jit->host.has_avx512;
	lanes->first_scratch = lanes->avx512 ? XMM16 : XMM0 + 2;
	return lanes->avx512 || gen->f_in_hart;
}

/*
 * Splits the bytes of a group into vectors of the host. Returns false if they are too few or many.
 */
static bool split(struct lanes *lanes, u64 bytes)
{
	lanes->bytes = (unsigned)bytes;
	lanes->width = lanes->avx512 && bytes >= 64 ? 64 : bytes >= 32 ? 32 : 16;
	return bytes >= 16 && bytes / lanes->width <= LANES_MOST;
}

/*
 * Uses vl instead of VLMAX if it is known and its elements fill whole vectors of the host. This is
 * not possible for segments, because the distance of their fields depends on VLMAX, nor for
 * permutations, because elements from vl on may move to lower places.
 */
static void use_known_vl(const struct gen *gen, const struct insn *insn, struct lanes *lanes)
{
	enum insn_class class = isa_ops[insn->op].class;
	u64 vl = gen_known_vl(gen), bytes = vl << lanes->size;

	if (class == CLASS_VPERM ||
	    ((class == CLASS_VLOAD || class == CLASS_VSTORE) && vector_nf(insn) > 1))
		return;
	if (vl < lanes->count && gen_are_whole(bytes))
		lanes->count = vl;
}

bool gen_row_lanes(const struct gen *gen, const struct insn *insn, unsigned size,
		   struct lanes *lanes)
{
	const struct vector_config *config = &gen->hart->vector.config;
	u64 bytes;

	lanes->size = size;
	lanes->count = gen_vlmax(gen, gen_vtype(gen));
	use_known_vl(gen, insn, lanes);
	bytes = lanes->count << size;
	if (config->tail_ones || config->mask_ones)
		return false;
	/* VLEN is at least 128, so 16 bytes are in one register even if the group is smaller. */
	return find_host(gen, lanes) && gen->block->key & BLOCK_KEY_V_DIRTY &&
	       split(lanes, MAX(bytes, 16));
}

bool gen_lanes_of(const struct gen *gen, const struct insn *insn, u64 bytes, struct lanes *lanes)
{
	return find_host(gen, lanes) && gen->block->key & BLOCK_KEY_V_DIRTY &&
	       !vector_is_masked(insn->raw) && split(lanes, bytes);
}

bool gen_lanes(struct gen *gen, const struct insn *insn, int size, struct lanes *lanes)
{
	lanes->size = size < 0 ? gen_sew(gen) : (unsigned)size;
	lanes->count = gen_vlmax(gen, gen_vtype(gen));
	use_known_vl(gen, insn, lanes);
	/*
	 * A hart that sets tail elements to ones does so also after a group that is smaller than a
	 * register, which is not done here.
	 */
	if (gen->hart->vector.config.tail_ones)
		return false;
	return gen_lanes_of(gen, insn, lanes->count << lanes->size, lanes);
}

void gen_require_start_0(struct gen *gen)
{
	if (!gen->from_0) {
		X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vstart)), x86_imm(0));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	}
	/* After a call of the body vstart is 0, too. */
	gen->from_0 = true;
}

static void compare_length(struct gen *gen, u64 count)
{
	X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm((s64)count));
}

void gen_require_all(struct gen *gen, u64 count)
{
	if (gen_known_vl(gen) == count)
		return;
	compare_length(gen, count);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

u8 *gen_jump_unless_all(struct gen *gen, u64 count)
{
	compare_length(gen, count);
	return x86_jump(&gen->x, ZYDIS_MNEMONIC_JNZ);
}

bool gen_keeps_tail(const struct gen *gen)
{
	return gen->block->key & BLOCK_KEY_V_DIRTY && !gen->hart->vector.config.tail_ones;
}
