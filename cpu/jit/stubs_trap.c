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
#include "cpu/trap/trap.h"

/* A pc is even, and an entry has 16 bytes. */
_Static_assert(sizeof(struct tlb_jump) == 16, "eight times the pc is a jump's offset");

void gen_goto_pc(struct gen *gen)
{
	stubs_goto_pc(&gen->x, &gen->jit->stubs);
}

void stubs_goto_pc(struct x86 *x, const struct jit_stubs *stubs)
{
	const s64 jumps = offsetof(struct tlb_view, jump);

	X86(x, MOV, x86_reg(8, RDX), x86_at(8, ENV, ENV_OF(fetch)));
	X86(x, MOV, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, AND, x86_reg(4, RCX), x86_imm((TLB_JUMPS - 1) * 2));
	X86(x, CMP, x86_indexed(8, RDX, RCX, 8, jumps), x86_reg(8, RAX));
	x86_land(x86_jump(x, ZYDIS_MNEMONIC_JNZ), stubs->find_pc);
	X86(x, MOV, x86_reg(8, RDX), x86_indexed(8, RDX, RCX, 8, jumps + 8));
	X86(x, JMP, x86_at(8, RDX, offsetof(struct block, entry)));
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
	X86(x, MOV, x86_reg(8, VIEW), x86_at(8, ENV, ENV_OF(data)));
	stubs_goto_pc(x, stubs);
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
	X86(x, MOV, x86_reg(8, VIEW), x86_at(8, ENV, ENV_OF(data)));
	stubs_move_x(x, false, false);
	X86(x, POP, x86_reg(8, RAX));
	X86(x, CMP, x86_reg(1, RCX), x86_imm(1));
	X86(x, RET);
}

void stubs_write_trap(struct x86 *x, struct jit_stubs *stubs)
{
	stubs->go_to_pc = x->at;
	X86(x, MOV, x86_reg(8, BUDGET), x86_at(8, ENV, ENV_OF(limit)));
	X86(x, SUB, x86_reg(8, BUDGET), x86_at(8, ENV, ENV_OF(steps)));
	X86(x, MOV, x86_reg(8, VIEW), x86_at(8, ENV, ENV_OF(data)));
	X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(pc)));
	stubs_move_x(x, false, true);
	stubs_goto_pc(x, stubs);
	stubs->ecall = x->at;
	write_ecall(x, stubs);
	stubs->sret = x->at;
	write_take(x, stubs, (u64)(uintptr_t)trap_sret_direct);
	stubs->sstatus = x->at;
	write_csr(x, stubs, (u64)(uintptr_t)csr_sstatus_direct);
	stubs->sie = x->at;
	write_csr(x, stubs, (u64)(uintptr_t)csr_sie_direct);
	stubs->satp = x->at;
	write_csr(x, stubs, (u64)(uintptr_t)csr_satp_direct);
}
