/* SPDX-License-Identifier: MIT */
/*
 * The shared code of ways to a pc that only the guest knows: jumps, which ask the table of jumps of
 * the view, and then the block cache; and ECALL and SRET, and writes of sstatus, sie and
 * satp: in the usual case the hart goes on at the handler, where the trap came from, or behind the
 * write, without leaving native code.
 */
#include "cpu/csr/csr.h"
#include "cpu/engine/block_cache.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/stubs.h"
#include "cpu/mmu/tlb.h"
#include "cpu/trap/trap.h"

/* A pc is even, and an entry has 16 bytes. */
_Static_assert(sizeof(struct tlb_jump) == 16, "eight times the pc is a jump's offset");

/* Goes on at the pc in RAX. */
static void goto_pc(struct x86 *x, const struct jit_stubs *stubs)
{
	const s64 jumps = offsetof(struct tlb_view, jump);

	X86(x, MOV, x86_reg(8, RDX), x86_at(8, ENV, ENV_OF(fetch)));
	X86(x, MOV, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, AND, x86_reg(4, RCX), x86_imm((TLB_JUMPS - 1) * 2));
	X86(x, CMP, x86_indexed(8, RDX, RCX, 8, jumps), x86_reg(8, RAX));
	x86_land(x86_jump(x, ZYDIS_MNEMONIC_JNZ), stubs->find_pc);
	X86(x, JMP, x86_indexed(8, RDX, RCX, 8, jumps + (s64)offsetof(struct tlb_jump, entry)));
}

void gen_goto_pc(struct gen *gen)
{
	goto_pc(&gen->x, &gen->jit->stubs);
}

void stubs_write_find(struct x86 *x, struct jit_stubs *stubs)
{
	stubs->find_pc = x->at;
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
	x86_land(x86_jump(x, ZYDIS_MNEMONIC_JZ), stubs->leave_pc);
	X86(x, JMP, x86_at(8, RDX, offsetof(struct block, entry)));
}

/*
 * Calls a function that does the instruction and returns the next pc. Flags of floating point stay
 * in MXCSR, because the function has none.
 */
static void write_take(struct x86 *x, const struct jit_stubs *stubs, u64 function)
{
	u8 *undone;

	stubs_save(x, stubs, false);
	X86(x, LEA, x86_reg(8, RDI), x86_at(8, ENV, -ENV_BIAS));
	X86(x, SUB, x86_reg(8, RSP), x86_imm(8));
	stubs_call_c(x, function);
	stubs_move_x(x, false, false);
	/* The return address is not used, unless nothing was done. */
	X86(x, ADD, x86_reg(8, RSP), x86_imm(16));
	X86(x, TEST, x86_reg(1, RAX), x86_imm(TRAP_UNDONE));
	undone = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	stubs_load_view(x);
	goto_pc(x, stubs);
	x86_land(undone, x->at);
	X86(x, SUB, x86_reg(8, RSP), x86_imm(8));
	X86(x, RET);
}

/* The ECALL, which ends its block, is at the offset in eax: pc and steps are made exact. */
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
 * Leaves in RCX where the views of S-mode (V=0) with the mstatus in RAX are remembered, or goes to
 * `slow` if they are not. It looks where view_slot does; with MXR, which is rare, perhaps in
 * another slot, in vain. RDX is changed.
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
 * CSRRS and CSRRC of the operand in RDX, without a result, in S-mode with V=0: where that is SUM,
 * as around each access of a kernel to a program's memory, another view of data is in force. The
 * function synchronizes the state of the FP unit if that is dirty.
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
	x86_land(same, x->at);
	X86(x, CMP, x86_reg(4, RAX), x86_reg(4, RAX));
	X86(x, RET);
	/* RCX was pushed in front of these jumps, and was not in front of the others. */
	for (unsigned n = 0; n < ARRAY_SIZE(slow); n++)
		x86_land(slow[n], x->at);
	X86(x, POP, x86_reg(8, RCX));
	X86(x, MOV, x86_reg(4, RDX), x86_imm(MSTATUS_SUM));
	x86_land(other, x->at);
	x86_land(alert, x->at);
	x86_land(dirty, x->at);
	x86_land(x86_jump(x, ZYDIS_MNEMONIC_JMP), stubs->sstatus);
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
