/* SPDX-License-Identifier: MIT */
/*
 * Emitters of the accesses to CSRs that kernels make most often: those of csr/fast.h, and writes of
 * sie and satp, for S-mode with V as it is when the block is translated. In another mode, and if an
 * interrupt may be taken because of the access, the body executes it. Accesses to fflags, and reads
 * of vl and vlenb, are emitted for any mode.
 */
#include "cpu/csr/fast.h"
#include "cpu/jit/emit/emit.h"
#include "cpu/jit/emit/vector/vector.h"

/* Describes an access as far as it is known when it is translated. */
struct access {
	enum csr_how how;
	bool immediate;
	bool writes;
	u64 value; /* of an immediate */
};

static struct access access_of(const struct insn *insn, const struct emitter *how)
{
	return (struct access){
		.how = (enum csr_how)how->mnemonic,
		.immediate = how->flag || insn->rs1 == 0,
		.writes = how->mnemonic == CSR_WRITE || insn->rs1 != 0,
		.value = insn->rs1,
	};
}

void gen_require_mode(struct gen *gen)
{
	_Static_assert(offsetof(struct hart, virt) == offsetof(struct hart, priv) + 1,
		       "the mode is read at once");
	X86(&gen->x, MOVZX, x86_reg(4, RAX), x86_at(2, ENV, ENV_OF(priv)));
	X86(&gen->x, CMP, x86_reg(4, RAX), x86_imm(gen->hart->priv | gen->hart->virt << 8));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

/* Returns the operand of a field of the hart; `field` points into gen->hart. */
static struct x86_arg field_at(const struct gen *gen, const void *field)
{
	const u8 *hart = (const u8 *)gen->hart;

	return x86_at(8, ENV, (const u8 *)field - hart - ENV_BIAS);
}

static void and_constant(struct gen *gen, unsigned reg, unsigned scratch, u64 value)
{
	if (value == UINT64_MAX)
		return;
	gen_constant(gen, scratch, value);
	X86(&gen->x, AND, x86_reg(8, reg), x86_reg(8, scratch));
}

static void read_operand(struct gen *gen, unsigned reg, const struct insn *insn,
			 const struct access *access)
{
	if (access->immediate)
		gen_constant(gen, reg, access->value);
	else
		gen_read_x(gen, reg, insn->rs1);
}

/* Leaves in RCX the new value that the instruction computes from the old one in RAX. */
static void operate(struct gen *gen, const struct insn *insn, const struct access *access)
{
	struct x86 *x = &gen->x;

	read_operand(gen, RCX, insn, access);
	if (access->how == CSR_SET)
		X86(x, OR, x86_reg(8, RCX), x86_reg(8, RAX));
	if (access->how != CSR_CLEAR)
		return;
	X86(x, NOT, x86_reg(8, RCX));
	X86(x, AND, x86_reg(8, RCX), x86_reg(8, RAX));
}

/* Emits an access to sscratch, sepc, scause or stval. */
static bool emit_held(struct gen *gen, const struct insn *insn, const struct access *access)
{
	const struct hart *hart = gen->hart;
	unsigned n = insn->imm & 3;
	struct x86_arg at = field_at(gen, &hart->s[hart->virt].held[n]);

	gen_require_mode(gen);
	X86(&gen->x, MOV, x86_reg(8, RAX), at);
	if (access->writes) {
		operate(gen, insn, access);
		and_constant(gen, RCX, RDX, csr_held_bits[isa_has(hart->isa, EXT_zca)][n]);
		X86(&gen->x, MOV, at, x86_reg(8, RCX));
	}
	gen_write_x(gen, insn->rd, RAX);
	return true;
}

/* Leaves in RAX the value of sstatus that csr_sstatus computes. */
static void read_sstatus(struct gen *gen, struct x86_arg at)
{
	struct x86 *x = &gen->x;

	X86(x, MOVZX, x86_reg(4, RCX), x86_at(1, ENV, ENV_OF(fp_dirty)));
	X86(x, NEG, x86_reg(4, RCX));
	X86(x, AND, x86_reg(4, RCX), x86_imm(MSTATUS_FS));
	X86(x, MOV, x86_reg(8, RAX), at);
	X86(x, OR, x86_reg(8, RAX), x86_reg(8, RCX));
	/* SD is set if both bits of FS or of VS are, as in csr_with_fs. */
	X86(x, LEA, x86_reg(4, RCX), x86_indexed(8, RAX, RAX, 1, 0));
	X86(x, AND, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, AND, x86_reg(4, RCX), x86_imm(BIT(14) | BIT(10)));
	X86(x, NEG, x86_reg(8, RCX));
	X86(x, SHR, x86_reg(8, RCX), x86_imm(63));
	X86(x, SHL, x86_reg(8, RCX), x86_imm(63));
	X86(x, OR, x86_reg(8, RAX), x86_reg(8, RCX));
	X86(x, OR, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(status_fixed)));
	and_constant(gen, RAX, RCX, SSTATUS_READABLE);
}

/* Emits reads of sstatus, and the accesses that set or clear SIE. */
static bool emit_sie(struct gen *gen, const struct insn *insn, const struct access *access)
{
	struct x86 *x = &gen->x;
	const struct hart *hart = gen->hart;
	struct x86_arg at = field_at(gen, hart->virt ? &hart->s[BANK_VS].status : &hart->mstatus);
	bool sets = access->how == CSR_SET && access->value;

	gen_require_mode(gen);
	if (sets) {
		X86(x, CMP, x86_at(1, ENV, ENV_OF(alert)), x86_imm(0));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
		X86(x, BT, at, x86_imm(__builtin_ctzll(MSTATUS_SDT)));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JB);
	}
	if (insn->rd != X_SINK)
		read_sstatus(gen, at);
	if (sets)
		X86(x, OR, at, x86_imm(MSTATUS_SIE));
	else if (access->value)
		X86(x, AND, at, x86_imm(~(s64)MSTATUS_SIE));
	gen_write_x(gen, insn->rd, RAX);
	return true;
}

/* Writes the call of a stub that executes the write of the register and preserves RAX. */
static void write_by(struct gen *gen, const struct insn *insn, const struct access *access,
		     const u8 *stub)
{
	read_operand(gen, RDX, insn, access);
	X86(&gen->x, MOV, x86_reg(4, RCX), x86_imm(access->how));
	x86_patch(x86_jump(&gen->x, ZYDIS_MNEMONIC_CALL), stub);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Emits other writes of sstatus. A block with floating point ends after such a write, so the f
 * registers need not be in host registers afterwards.
 */
static bool emit_sstatus(struct gen *gen, const struct insn *insn, const struct access *access)
{
	const struct hart *hart = gen->hart;
	struct x86_arg at = field_at(gen, hart->virt ? &hart->s[BANK_VS].status : &hart->mstatus);
	bool sums = insn->rd == X_SINK && access->how != CSR_WRITE && !hart->virt &&
		    hart->status_bits & MSTATUS_SUM;

	assert(!gen->fp || insn->index + 1u == gen->block->count);
	/*
	 * The C function that the stub calls may change the vector registers in which the host
	 * holds parts.
	 */
	if (gen->block->key_mask & BLOCK_KEY_V)
		return false;
	gen_require_mode(gen);
	if (sums) {
		write_by(gen, insn, access, gen->jit->stubs.sum);
		return true;
	}
	if (insn->rd != X_SINK)
		read_sstatus(gen, at);
	write_by(gen, insn, access, gen->jit->stubs.sstatus);
	gen_write_x(gen, insn->rd, RAX);
	return true;
}

/* Emits writes of sie and satp that do not read them. */
static bool emit_write(struct gen *gen, const struct insn *insn, const struct access *access)
{
	const struct jit_stubs *stubs = &gen->jit->stubs;

	if (gen->fp || insn->rd != X_SINK || !access->writes)
		return false;
	gen_require_mode(gen);
	write_by(gen, insn, access, insn->imm == CSR_SIE ? stubs->sie : stubs->satp);
	return true;
}

/*
 * Emits an access to fflags. The flags that native code raised are still in MXCSR, and belong to
 * its value. A block with such an access counts as one with floating point, so its key says that
 * the unit is on.
 */
static bool emit_fflags(struct gen *gen, const struct insn *insn, const struct access *access)
{
	struct x86_arg mxcsr = x86_at(4, ENV, ENV_OF(native.mxcsr));
	struct x86_arg fflags = x86_at(1, ENV, ENV_OF(fflags));
	struct x86 *x = &gen->x;

	if (!(gen->block->key & BLOCK_KEY_FP))
		return false;
	X86(x, STMXCSR, mxcsr);
	X86(x, MOV, x86_reg(4, RAX), mxcsr);
	X86(x, AND, x86_reg(4, RAX), x86_imm(MXCSR_FLAGS));
	gen_constant(gen, RCX, (uintptr_t)gen->jit->fflags);
	X86(x, MOVZX, x86_reg(4, RAX), x86_indexed(1, RCX, RAX, 1, 0));
	X86(x, MOVZX, x86_reg(4, RCX), fflags);
	X86(x, OR, x86_reg(4, RAX), x86_reg(4, RCX));
	if (access->writes) {
		operate(gen, insn, access);
		X86(x, AND, x86_reg(4, RCX), x86_imm(31));
		X86(x, MOV, fflags, x86_reg(1, RCX));
		X86(x, MOV, x86_at(1, ENV, ENV_OF(fp_dirty)), x86_imm(1));
		X86(x, MOV, mxcsr, x86_imm(MXCSR_DEFAULT));
		X86(x, LDMXCSR, mxcsr);
	}
	gen_write_x(gen, insn->rd, RAX);
	return true;
}

bool jit_csr(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct access access = access_of(insn, how);

	if ((u32)insn->imm == CSR_FFLAGS)
		return emit_fflags(gen, insn, &access);
	if ((insn->imm == CSR_VL || insn->imm == CSR_VLENB) && !access.writes) {
		gen_read_vl_or_vlenb(gen, insn);
		return true;
	}
	if (gen->hart->priv != PRIV_S)
		return false;
	if (((u32)insn->imm & ~3u) == CSR_SSCRATCH)
		return emit_held(gen, insn, &access);
	if (insn->imm == CSR_SIE || insn->imm == CSR_SATP)
		return emit_write(gen, insn, &access);
	if ((u32)insn->imm != CSR_SSTATUS)
		return false;
	if (block_insn_turns_units(insn))
		return emit_sstatus(gen, insn, &access);
	return emit_sie(gen, insn, &access);
}
