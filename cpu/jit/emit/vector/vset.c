/* SPDX-License-Identifier: MIT */
/*
 * Emitters of vsetvli and vsetivli, whose vtype is known when they are translated, and of reads of
 * vl and vlenb. The hart's block_key changes with vtype; in a loop it usually has the new value
 * already.
 */
#include "cpu/isa/csr_bits.h"
#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector/vector.h"

/* Returns whether VS is Dirty already, by the block's key. */
static bool is_dirty(const struct gen *gen)
{
	return gen->block->key & BLOCK_KEY_V_DIRTY;
}

/* Returns whether the block is translated for one vtype. */
static bool knows_type(const struct gen *gen)
{
	return (gen->block->key_mask & BLOCK_KEY_V_TYPE) == BLOCK_KEY_V_TYPE;
}

/* Writes the change of vtype and of the keys that depend on it; changes EAX. */
static void write_type(struct x86 *x, u64 vtype)
{
	u32 key = hart_vector_key(vtype);

	X86(x, MOV, x86_at(8, ENV, ENV_OF(vector.vtype)), x86_imm((s64)vtype));
	X86(x, MOV, x86_at(4, ENV, ENV_OF(vector.key)), x86_imm(key));
	X86(x, MOV, x86_reg(4, RAX), x86_at(4, ENV, ENV_OF(block_key)));
	X86(x, AND, x86_reg(4, RAX), x86_imm(~(s64)BLOCK_KEY_V_TYPE));
	X86(x, OR, x86_reg(4, RAX), x86_imm(key));
	X86(x, MOV, x86_at(4, ENV, ENV_OF(block_key)), x86_reg(4, RAX));
}

/* Writes the change to another vtype, unless it is in force already. */
static void change_type(struct gen *gen, u64 vtype, u32 key)
{
	struct x86 *x = &gen->x, hot;

	if (knows_type(gen)) {
		write_type(x, vtype);
		return;
	}
	X86(x, CMP, x86_at(4, ENV, ENV_OF(block_key)), x86_imm(key));
	hot = gen_begin_cold(gen, x86_jump(x, ZYDIS_MNEMONIC_JNZ));
	write_type(x, vtype);
	gen_end_cold(gen, hot);
}

static void set_constant(struct gen *gen, const struct insn *insn, u64 vl)
{
	unsigned reg = gen_target(gen, insn->rd);

	X86(&gen->x, MOV, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm((s64)vl));
	if (insn->rd == X_SINK)
		return;
	gen_constant(gen, reg, vl);
	gen_write_x(gen, insn->rd, reg);
}

static void set_length(struct gen *gen, const struct insn *insn, u64 vlmax)
{
	struct x86 *x = &gen->x;

	if (insn->op == OP_vsetivli) {
		set_constant(gen, insn, MIN(insn->rs1, vlmax));
	} else if (!insn->rs1) {
		set_constant(gen, insn, vlmax);
	} else {
		gen_read_x(gen, RAX, insn->rs1);
		gen_constant(gen, RCX, vlmax);
		X86(x, CMP, x86_reg(8, RAX), x86_reg(8, RCX));
		X86(x, CMOVNBE, x86_reg(8, RAX), x86_reg(8, RCX));
		X86(x, MOV, x86_at(8, ENV, ENV_OF(vector.vl)), x86_reg(8, RAX));
		gen_write_x(gen, insn->rd, RAX);
	}
}

/*
 * Emits a vset that keeps vl (rs1 and rd are x0). A block that is translated for one vtype knows
 * whether the new one has the same VLMAX; in other blocks the body has to compare them, unless
 * vtype does not change. Returns whether the instruction is emitted.
 */
static bool keep_length(struct gen *gen, u64 vtype, u32 key)
{
	u32 now = gen->block->key;

	if (!knows_type(gen)) {
		X86(&gen->x, CMP, x86_at(4, ENV, ENV_OF(block_key)), x86_imm(key));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
		return true;
	}
	if (now & BLOCK_KEY_VILL || gen_vlmax(gen, gen_vtype(gen)) != gen_vlmax(gen, vtype))
		return false;
	if (now != key)
		write_type(&gen->x, vtype);
	return true;
}

bool jit_vset(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	u64 vtype = vtype_legal(gen->hart->isa, (u64)insn->imm);
	bool keeps = insn->op == OP_vsetvli && !insn->rs1 && insn->rd == X_SINK;
	u32 key = (gen->block->key & ~BLOCK_KEY_V_TYPE) | hart_vector_key(vtype);

	(void)how;
	if (vtype & VTYPE_VILL || gen->hart->vector.config.half_avl || !is_dirty(gen))
		return false;
	if (keeps) {
		if (!keep_length(gen, vtype, key))
			return false;
	} else {
		if (!knows_type(gen) || gen->block->key != key)
			change_type(gen, vtype, key);
		set_length(gen, insn, gen_vlmax(gen, vtype));
	}
	if (!gen->from_0)
		X86(&gen->x, MOV, x86_at(8, ENV, ENV_OF(vector.vstart)), x86_imm(0));
	gen->from_0 = true;
	gen->held.reports_writes = true;
	return true;
}

void gen_read_vl_or_vlenb(struct gen *gen, const struct insn *insn)
{
	/* In a block with vector instructions the unit is known to be on, because they need it. */
	if (!(gen->block->key & gen->block->key_mask & BLOCK_KEY_V)) {
		X86(&gen->x, TEST, x86_at(4, ENV, ENV_OF(block_key)), x86_imm(BLOCK_KEY_V));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
	}
	if (insn->imm == CSR_VLENB)
		gen_constant(gen, RAX, gen->hart->vector.vlenb);
	else
		X86(&gen->x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(vector.vl)));
	gen_write_x(gen, insn->rd, RAX);
}
