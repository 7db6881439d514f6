/* SPDX-License-Identifier: MIT */
/*
 * The stubs for jumps to a pc that is known only at run time. Indirect jumps look in the view's
 * table of jumps, and then in the block cache. ECALL, SRET, and writes of sstatus, sie and satp
 * usually stay in native code: the hart continues at the trap handler, where the trap came from, or
 * after the write.
 */
#include "cpu/csr/csr.h"
#include "cpu/engine/block_cache.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/stubs.h"
#include "cpu/mmu/tlb.h"
#include "cpu/trap/trap.h"

/*
 * The index is pc / 2, so with entries of 16 bytes the offset is 8 * pc. An AND removes bit 0,
 * which may be set after JALR.
 */
_Static_assert(sizeof(struct tlb_jump) == 16, "eight times the pc is a jump's offset");

/* Writes a jump to the code at the pc in RAX, by the table of jumps. */
static void goto_pc(struct x86 *x, const struct jit_stubs *stubs)
{
	const s64 jumps = offsetof(struct tlb_view, jump);

	X86(x, MOV, x86_reg(8, RDX), x86_at(8, ENV, ENV_OF(fetch)));
	X86(x, MOV, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, AND, x86_reg(4, RCX), x86_imm((TLB_JUMPS - 1) * 2));
	X86(x, CMP, x86_indexed(8, RDX, RCX, 8, jumps), x86_reg(8, RAX));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), stubs->find_pc);
	X86(x, JMP, x86_indexed(8, RDX, RCX, 8, jumps + (s64)offsetof(struct tlb_jump, entry)));
}

void gen_goto_pc(struct gen *gen)
{
	goto_pc(&gen->x, &gen->jit->stubs);
}

void stubs_write_find(struct x86 *x, struct jit_stubs *stubs)
{
	stubs->find_pc = x->at;
	X86(x, AND, x86_reg(8, RAX), x86_imm(-2));
	X86(x, PUSH, x86_reg(8, RAX));
	stubs_save(x, stubs, false);
	X86(x, LEA, x86_reg(8, RDI), x86_at(8, ENV, -ENV_BIAS));
	X86(x, MOV, x86_reg(8, RSI), x86_reg(8, RAX));
	X86(x, SUB, x86_reg(8, RSP), x86_imm(8));
	stubs_call_c(x, (u64)(uintptr_t)block_cache_known);
	stubs_move_x(x, false, false);
	X86(x, MOV, x86_reg(8, RDX), x86_reg(8, RAX));
	X86(x, ADD, x86_reg(8, RSP), x86_imm(8));
	X86(x, POP, x86_reg(8, RAX));
	X86(x, TEST, x86_reg(8, RDX), x86_reg(8, RDX));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JZ), stubs->leave_pc);
	X86(x, JMP, x86_at(8, RDX, offsetof(struct block, entry)));
}

/*
 * Writes the call of a function that executes the instruction and returns the next pc. The
 * floating-point flags stay in MXCSR, because the function does no floating point.
 */
static void write_take(struct x86 *x, const struct jit_stubs *stubs, u64 function)
{
	u8 *undone;

	stubs_save(x, stubs, false);
	X86(x, LEA, x86_reg(8, RDI), x86_at(8, ENV, -ENV_BIAS));
	X86(x, SUB, x86_reg(8, RSP), x86_imm(8));
	stubs_call_c(x, function);
	stubs_move_x(x, false, false);
	/* The return address is needed only if the function did nothing. */
	X86(x, ADD, x86_reg(8, RSP), x86_imm(16));
	X86(x, TEST, x86_reg(1, RAX), x86_imm(TRAP_UNDONE));
	undone = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	stubs_load_view(x);
	goto_pc(x, stubs);
	x86_patch(undone, x->at);
	X86(x, SUB, x86_reg(8, RSP), x86_imm(8));
	X86(x, RET);
}

/*
 * Writes the stub for an ECALL at the page offset in eax: it makes pc and steps exact, which is
 * simple because an ECALL ends its block.
 */
static void write_ecall(struct x86 *x, const struct jit_stubs *stubs)
{
	X86(x, ADD, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(native.page)));
	X86(x, MOV, x86_at(8, ENV, ENV_OF(pc)), x86_reg(8, RAX));
	X86(x, MOV, x86_reg(8, RCX), x86_at(8, ENV, ENV_OF(limit)));
	X86(x, SUB, x86_reg(8, RCX), x86_reg(8, BUDGET));
	X86(x, DEC, x86_reg(8, RCX));
	X86(x, MOV, x86_at(8, ENV, ENV_OF(steps)), x86_reg(8, RCX));
	write_take(x, stubs, (u64)(uintptr_t)trap_ecall_direct);
}

static void write_csr(struct x86 *x, const struct jit_stubs *stubs, u64 function)
{
	X86(x, PUSH, x86_reg(8, RAX));
	stubs_save(x, stubs, false);
	X86(x, LEA, x86_reg(8, RDI), x86_at(8, ENV, -ENV_BIAS));
	X86(x, MOV, x86_reg(4, RSI), x86_reg(4, RCX));
	stubs_call_c(x, function);
	X86(x, MOV, x86_reg(4, RCX), x86_reg(4, RAX));
	stubs_load_view(x);
	stubs_move_x(x, false, false);
	X86(x, POP, x86_reg(8, RAX));
	X86(x, CMP, x86_reg(1, RCX), x86_imm(1));
	X86(x, RET);
}

/*
 * Writes a lookup that leaves in RCX the cache entry (struct mode_views) for the views of S-mode
 * (V=0) with the mstatus in RAX, or takes one of the jumps `slow` if there is none. It computes the
 * slot as view_slot does, except with MXR, which is rare: then it may look in another slot and
 * miss. It changes RDX.
 */
static void find_mode_views(struct x86 *x, u8 *slow[3])
{
	const struct x86_arg atp = x86_at(8, ENV, ENV_OF(s[BANK_HS].atp));

	_Static_assert(sizeof(struct mode_views) == 64, "a shift by 6 multiplies by it");
	X86(x, MOV, x86_reg(4, RDX), x86_reg(4, RAX));
	X86(x, SHR, x86_reg(4, RDX), x86_imm(15));
	X86(x, AND, x86_reg(4, RDX), x86_imm(3 << 3));
	X86(x, OR, x86_reg(4, RDX), x86_imm(PRIV_S));
	X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(s[BANK_HS].atp)));
	X86(x, AND, x86_reg(4, RCX), x86_imm(7));
	X86(x, SHL, x86_reg(4, RCX), x86_imm(4));
	X86(x, OR, x86_reg(4, RCX), x86_reg(4, RDX));
	X86(x, AND, x86_reg(4, RCX), x86_imm(MODE_VIEWS - 1));
	X86(x, SHL, x86_reg(4, RCX), x86_imm(6));
	X86(x, LEA, x86_reg(8, RCX), x86_indexed(8, ENV, RCX, 1, ENV_OF(mode_views)));
	X86(x, CMP, x86_at(8, RCX, offsetof(struct mode_views, mode)), x86_reg(8, RDX));
	slow[0] = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, MOV, x86_reg(8, RDX), atp);
	X86(x, CMP, x86_at(8, RCX, offsetof(struct mode_views, atp)), x86_reg(8, RDX));
	slow[1] = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, MOV, x86_reg(8, RDX), x86_at(8, ENV, ENV_OF(tlb)));
	X86(x, MOV, x86_reg(8, RDX), x86_at(8, RDX, offsetof(struct tlb, changes)));
	X86(x, CMP, x86_at(8, RCX, offsetof(struct mode_views, changes)), x86_reg(8, RDX));
	slow[2] = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Writes the stub for CSRRS and CSRRC of sstatus without a result, with the operand in RDX, in
 * S-mode with V=0. If the operand is SUM, which a kernel sets and clears around each access to a
 * program's memory, the stub only switches to another view for data. If the state of the FP unit is
 * dirty, the stub calls the C function, which synchronizes it.
 */
static void write_sum(struct x86 *x, const struct jit_stubs *stubs)
{
	u8 *other, *alert, *dirty, *same, *slow[3];

	_Static_assert(CSR_SET == 1 && CSR_CLEAR == 2, "bit 0 is what SUM becomes");
	X86(x, CMP, x86_reg(8, RDX), x86_imm(MSTATUS_SUM));
	other = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, CMP, x86_at(1, ENV, ENV_OF(alert)), x86_imm(0));
	alert = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, CMP, x86_at(1, ENV, ENV_OF(fp_dirty)), x86_imm(0));
	dirty = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(mstatus)));
	X86(x, MOV, x86_reg(4, RDX), x86_reg(4, RAX));
	X86(x, SHR, x86_reg(4, RDX), x86_imm(__builtin_ctz(MSTATUS_SUM)));
	X86(x, XOR, x86_reg(4, RDX), x86_reg(4, RCX));
	X86(x, TEST, x86_reg(4, RDX), x86_imm(1));
	same = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	X86(x, PUSH, x86_reg(8, RCX));
	X86(x, XOR, x86_reg(8, RAX), x86_imm(MSTATUS_SUM));
	find_mode_views(x, slow);
	X86(x, MOV, x86_at(8, ENV, ENV_OF(mstatus)), x86_reg(8, RAX));
	X86(x, MOV, x86_reg(8, VIEW), x86_at(8, RCX, offsetof(struct mode_views, data)));
	X86(x, MOV, x86_at(8, ENV, ENV_OF(data)), x86_reg(8, VIEW));
	X86(x, LEA, x86_reg(8, RDX), x86_at(8, VIEW, offsetof(struct tlb_view, regime)));
	X86(x, MOV, x86_at(8, ENV, ENV_OF(data_regime)), x86_reg(8, RDX));
	X86(x, ADD, x86_reg(8, VIEW), x86_imm(VIEW_BIAS));
	X86(x, POP, x86_reg(8, RCX));
	x86_patch(same, x->at);
	X86(x, CMP, x86_reg(4, RAX), x86_reg(4, RAX));
	X86(x, RET);
	/* RCX was pushed before these jumps, but not before the others. */
	for (unsigned n = 0; n < ARRAY_SIZE(slow); n++)
		x86_patch(slow[n], x->at);
	X86(x, POP, x86_reg(8, RCX));
	X86(x, MOV, x86_reg(4, RDX), x86_imm(MSTATUS_SUM));
	x86_patch(other, x->at);
	x86_patch(alert, x->at);
	x86_patch(dirty, x->at);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), stubs->sstatus);
}

void stubs_write_trap(struct x86 *x, struct jit_stubs *stubs)
{
	stubs->go_to_pc = x->at;
	X86(x, MOV, x86_reg(8, BUDGET), x86_at(8, ENV, ENV_OF(limit)));
	X86(x, SUB, x86_reg(8, BUDGET), x86_at(8, ENV, ENV_OF(steps)));
	stubs_load_view(x);
	X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(pc)));
	stubs_move_x(x, false, true);
	goto_pc(x, stubs);
	stubs->ecall = x->at;
	write_ecall(x, stubs);
	stubs->sret = x->at;
	write_take(x, stubs, (u64)(uintptr_t)trap_sret_direct);
	stubs->sstatus = x->at;
	write_csr(x, stubs, (u64)(uintptr_t)csr_sstatus_direct);
	stubs->sum = x->at;
	write_sum(x, stubs);
	stubs->sie = x->at;
	write_csr(x, stubs, (u64)(uintptr_t)csr_sie_direct);
	stubs->satp = x->at;
	write_csr(x, stubs, (u64)(uintptr_t)csr_satp_direct);
}
