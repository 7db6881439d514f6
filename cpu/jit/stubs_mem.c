/* SPDX-License-Identifier: MIT */
/*
 * The second level of the TLB, as native code asks it when an access misses its view: what refill()
 * does, in a few instructions for loads and as a function for stores, which mark pages.
 */
#include "cpu/jit/gen.h"
#include "cpu/jit/stubs.h"
#include "cpu/mmu/mem.h"

#define VIEW_OF(field) ((s64)offsetof(struct tlb_view, field))
#define TLB_OF(field) ((s64)offsetof(struct tlb, field))

/* Keeps a pinned register in the place of its x register, or takes it from there. */
static void borrow(struct x86 *x, unsigned reg, bool back)
{
	unsigned n = 0;

	while (pin_x[n] != reg)
		n++;
	if (back)
		X86(x, MOV, x86_reg(8, reg), x86_at(8, ENV, ENV_OF(x) + 8 * (s64)n));
	else
		X86(x, MOV, x86_at(8, ENV, ENV_OF(x) + 8 * (s64)n), x86_reg(8, reg));
}

/* Leaves in RDI where the second level would have the page in RDX, and in RSI the tag. */
static void write_place(struct x86 *x)
{
	_Static_assert(sizeof(struct space_page) == 16, "16 bytes are skipped for each page");

	X86(x, MOV, x86_reg(8, RSI), x86_at(8, VIEW, VIEW_OF(probed)));
	X86(x, MOV, x86_reg(8, RDI), x86_at(8, RSI, offsetof(struct space, salt)));
	X86(x, ADD, x86_reg(8, RDI), x86_reg(8, RDX));
	X86(x, SHR, x86_reg(8, RDI), x86_imm(PAGE_SHIFT - 4));
	X86(x, AND, x86_reg(4, RDI), x86_imm((TLB_SPACE_PAGES - 1) * 16));
	X86(x, ADD, x86_reg(8, RDI), x86_at(8, ENV, ENV_OF(tlb)));
	X86(x, MOV, x86_reg(8, RSI), x86_at(8, RSI, offsetof(struct space, number)));
	X86(x, OR, x86_reg(8, RSI), x86_reg(8, RDX));
}

/* Makes the entry at RCX that of the page in RDX, which may be read; RSI is what is added. */
static void write_entry(struct x86 *x)
{
	_Static_assert(TLB_GROUP == 8, "a group of entries has 64 bytes of each array");

	X86(x, MOV, x86_indexed(8, VIEW, RCX, 1, VIEW_OF(read)), x86_reg(8, RDX));
	X86(x, MOV, x86_indexed(8, VIEW, RCX, 1, VIEW_OF(addend)), x86_reg(8, RSI));
	X86(x, MOV, x86_indexed(8, VIEW, RCX, 1, VIEW_OF(write)), x86_imm(TLB_INVALID));
	X86(x, MOV, x86_indexed(8, VIEW, RCX, 1, VIEW_OF(execute)), x86_imm(TLB_INVALID));
	X86(x, SHR, x86_reg(4, RCX), x86_imm(6));
	X86(x, MOV, x86_indexed(1, VIEW, RCX, 1, VIEW_OF(entered)), x86_imm(1));
}

/* Returns the jump that is taken if the access in RAX is misaligned; NULL: it cannot be. */
static u8 *write_align_check(struct x86 *x, unsigned size)
{
	if (size == 1)
		return NULL;
	X86(x, TEST, x86_reg(1, RAX), x86_imm(size - 1));
	return x86_jump(x, ZYDIS_MNEMONIC_JNZ);
}

/* A misaligned access returns with the flags of its check. */
static void write_misaligned(struct x86 *x, u8 *misaligned)
{
	if (!misaligned)
		return;
	x86_land(misaligned, x->at);
	X86(x, RET);
}

/*
 * Asks a function for what is to be added to the address in RAX. It changes no vector register. It
 * leaves the sum in RCX, and sets ZF if there is one.
 */
static void write_ask(struct x86 *x, u64 function)
{
	X86(x, PUSH, x86_reg(8, RAX));
	stubs_move_x(x, true, false);
	X86(x, LEA, x86_reg(8, RDI), x86_at(8, ENV, -ENV_BIAS));
	X86(x, MOV, x86_reg(8, RSI), x86_reg(8, RAX));
	stubs_call_c(x, function);
	X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RAX));
	stubs_move_x(x, false, false);
	X86(x, POP, x86_reg(8, RAX));
	/* ZF is set unless RCX is 0. */
	X86(x, CMP, x86_reg(8, RCX), x86_imm(1));
	X86(x, SBB, x86_reg(4, RDX), x86_reg(4, RDX));
	X86(x, RET);
}

static void write_load(struct x86 *x, unsigned size, const u8 *walk)
{
	u8 *misaligned = write_align_check(x, size), *missed, *denied;

	borrow(x, RSI, false);
	borrow(x, RDI, false);
	write_place(x);
	X86(x, CMP, x86_reg(8, RSI), x86_at(8, RDI, TLB_OF(spaces.page[0].tag)));
	missed = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, MOV, x86_reg(8, RSI), x86_at(8, RDI, TLB_OF(spaces.page[0].page)));
	X86(x, TEST, x86_at(2, VIEW, VIEW_OF(needs.read)), x86_reg(2, RSI));
	denied = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	X86(x, AND, x86_reg(8, RSI), x86_imm((s64)PAGE_MASK));
	X86(x, SUB, x86_reg(8, RSI), x86_reg(8, RDX));
	write_entry(x);
	X86(x, MOV, x86_reg(8, RCX), x86_at(8, ENV, ENV_OF(tlb)));
	X86(x, INC, x86_at(8, RCX, TLB_OF(stats.misses)));
	X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RSI));
	X86(x, XOR, x86_reg(4, RDX), x86_reg(4, RDX));
	borrow(x, RSI, true);
	borrow(x, RDI, true);
	X86(x, RET);
	x86_land(denied, x->at);
	borrow(x, RSI, true);
	borrow(x, RDI, true);
	X86(x, OR, x86_reg(4, RDX), x86_imm(-1));
	X86(x, RET);
	write_misaligned(x, misaligned);
	x86_land(missed, x->at);
	borrow(x, RSI, true);
	borrow(x, RDI, true);
	x86_land(x86_jump(x, ZYDIS_MNEMONIC_JMP), walk);
}

static void write_store(struct x86 *x, unsigned size)
{
	u8 *misaligned = write_align_check(x, size);

	write_ask(x, (u64)(uintptr_t)mem_refill_store);
	write_misaligned(x, misaligned);
}

void stubs_write_refill(struct x86 *x, struct jit_stubs *stubs)
{
	stubs->walk = x->at;
	write_ask(x, (u64)(uintptr_t)mem_refill_load);
	for (unsigned n = 0; n < ARRAY_SIZE(stubs->refill[0]); n++) {
		stubs->refill[0][n] = x->at;
		write_load(x, 1u << n, stubs->walk);
		stubs->refill[1][n] = x->at;
		write_store(x, 1u << n);
	}
}
