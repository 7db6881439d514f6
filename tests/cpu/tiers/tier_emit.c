/* SPDX-License-Identifier: MIT */
/* The assembler and the handlers of the tests' programs. See tier_emit.h. */
#include "tests/cpu/tiers/tier_emit.h"

#include "tests/cpu/tiers/tier_machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

void emit_start(struct emit *emit, const struct isa *isa, u8 *ram, u64 pc)
{
	*emit = (struct emit){ ram, pc, isa->match };
}

u16 *emit_here(const struct emit *e)
{
	return (u16 *)(e->ram + (e->pc - RAM_BASE));
}

void emit(struct emit *e, u32 raw)
{
	u16 *at = emit_here(e);

	at[0] = (u16)raw;
	if (insn_length(raw) == 4)
		at[1] = (u16)(raw >> 16);
	e->pc += insn_length(raw);
}

void emit_r(struct emit *e, u32 raw, unsigned rd, unsigned rs1, unsigned rs2)
{
	emit(e, raw | rd << 7 | rs1 << 15 | rs2 << 20);
}

void emit_addi(struct emit *e, unsigned rd, unsigned rs1, s64 imm)
{
	emit_load(e, e->match[OP_addi], rd, rs1, imm);
}

void emit_lui(struct emit *e, unsigned rd, u64 imm20)
{
	emit(e, e->match[OP_lui] | (u32)imm20 << 12 | rd << 7);
}

void emit_load(struct emit *e, u32 raw, unsigned rd, unsigned rs1, s64 imm)
{
	assert_true(imm >= -2048 && imm < 2048);
	emit(e, raw | (u32)imm << 20 | rs1 << 15 | rd << 7);
}

void emit_store(struct emit *e, u32 raw, unsigned rs1, unsigned rs2, s64 imm)
{
	assert_true(imm >= -2048 && imm < 2048);
	emit(e, raw | (u32)bits((u64)imm, 5, 7) << 25 | rs2 << 20 | rs1 << 15 |
			(u32)bits((u64)imm, 0, 5) << 7);
}

void emit_csr(struct emit *e, u32 raw, unsigned rd, unsigned rs1, unsigned csr)
{
	emit(e, raw | csr << 20 | rs1 << 15 | rd << 7);
}

void emit_shift(struct emit *e, u32 raw, unsigned rd, unsigned rs1, unsigned shamt)
{
	emit(e, raw | shamt << 20 | rs1 << 15 | rd << 7);
}

u32 encode_branch(u32 raw, s64 offset)
{
	u64 v = (u64)offset;

	raw &= ~0xfe000f80u;
	return raw | (u32)(bits(v, 12, 1) << 31 | bits(v, 5, 6) << 25 | bits(v, 1, 4) << 8 |
			   bits(v, 11, 1) << 7);
}

u32 encode_jump(u32 raw, s64 offset)
{
	u64 v = (u64)offset;

	raw &= 0xfff;
	return raw | (u32)(bits(v, 20, 1) << 31 | bits(v, 1, 10) << 21 | bits(v, 11, 1) << 20 |
			   bits(v, 12, 8) << 12);
}

void emit_jump(struct emit *e, u64 target)
{
	emit(e, encode_jump(e->match[OP_jal], (s64)(target - e->pc)));
}

void emit_branch_to(struct emit *e, u32 raw, unsigned rs1, u64 target)
{
	emit(e, encode_branch(raw | rs1 << 15, (s64)(target - e->pc)));
}

u16 *emit_branch(struct emit *e, u32 raw, unsigned rs1, unsigned rs2)
{
	u16 *at = emit_here(e);

	emit(e, raw | rs1 << 15 | rs2 << 20);
	return at;
}

/* Bytes from a place in the image to where the next instruction goes. */
static s64 distance(const struct emit *e, const u16 *from)
{
	return (const u8 *)emit_here(e) - (const u8 *)from;
}

void emit_patch_branch(struct emit *e, u16 *branch)
{
	u32 raw;

	memcpy(&raw, branch, 4);
	raw = encode_branch(raw, distance(e, branch));
	memcpy(branch, &raw, 4);
}

void emit_patch_addi(struct emit *e, u16 *at)
{
	u32 raw;

	assert_true(distance(e, at) < 2048);
	memcpy(&raw, at + 2, 4);
	raw |= (u32)distance(e, at) << 20;
	memcpy(at + 2, &raw, 4);
}

/* The handlers. x25 and x26 may be lost by an exception, as it ends the unit that uses them. */

enum { TIME = 0xc01, STIMECMP = 0x14d, MSTATUS = 0x300, SSTATUS = 0x100, MIP = 0x344, SIP = 0x144,
       MHPMCOUNTER3 = 0xb03, MHPMEVENT3 = 0x323 };

static void enter(struct emit *e, unsigned scratch, unsigned cause)
{
	emit_csr(e, e->match[OP_csrrw], 31, 31, scratch);
	emit_store(e, e->match[OP_sd], 31, 30, 0);
	emit_store(e, e->match[OP_sd], 31, 29, 8);
	emit_csr(e, e->match[OP_csrrs], 30, 0, cause);
}

/* Where RAM begins for the mode goes into x25: x30 is zero for U-mode. Then xepc. */
static void go_on(struct emit *e, unsigned epc)
{
	const u32 *match = e->match;
	u16 *privileged;

	emit_shift(e, match[OP_slli], 29, 27, 43);
	emit_shift(e, match[OP_srli], 29, 29, 43);
	emit_addi(e, 25, 0, 1);
	emit_shift(e, match[OP_slli], 25, 25, 31);
	privileged = emit_branch(e, match[OP_bne], 30, 0);
	emit_shift(e, match[OP_bseti], 25, 25, 22);
	emit_patch_branch(e, privileged);
	emit_r(e, match[OP_or], 29, 29, 25);
	emit_csr(e, match[OP_csrrw], 0, 29, epc);
}

static void leave(struct emit *e, unsigned scratch, u32 xret)
{
	emit_load(e, e->match[OP_ld], 30, 31, 0);
	emit_load(e, e->match[OP_ld], 29, 31, 8);
	emit_csr(e, e->match[OP_csrrw], 31, 31, scratch);
	emit(e, xret);
}

static void leave_m(struct emit *e)
{
	leave(e, 0x340, e->match[OP_mret]);
}

/* Counter 3 is to overflow again after so many events. */
static void overflow_soon(struct emit *e, unsigned period)
{
	emit_addi(e, 29, 0, 1);
	emit_shift(e, e->match[OP_slli], 29, 29, 63);
	emit_csr(e, e->match[OP_csrrc], 0, 29, MHPMEVENT3);
	emit_addi(e, 29, 0, -(s64)period);
	emit_csr(e, e->match[OP_csrrw], 0, 29, MHPMCOUNTER3);
}

/* Interrupts of M-mode; x30 is twice the cause. */
static void interrupt_m(struct emit *e, unsigned period)
{
	const u32 *match = e->match;
	u16 *not_timer, *not_software;

	emit_shift(e, match[OP_slli], 30, 30, 1);
	emit_addi(e, 29, 0, 2 * IRQ_MTI);
	not_timer = emit_branch(e, match[OP_bne], 30, 29);
	emit_load(e, match[OP_ld], 29, 31, 16);
	emit_csr(e, match[OP_csrrs], 30, 0, TIME);
	emit_addi(e, 30, 30, period);
	emit_store(e, match[OP_sd], 29, 30, 0);
	leave_m(e);
	emit_patch_branch(e, not_timer);
	emit_addi(e, 29, 0, 2 * IRQ_MSI);
	not_software = emit_branch(e, match[OP_bne], 30, 29);
	emit_load(e, match[OP_ld], 29, 31, 24);
	emit_store(e, match[OP_sw], 29, 0, 0);
	leave_m(e);
	emit_patch_branch(e, not_software);
	emit_csr(e, match[OP_csrrw], 0, 0, MIP);
	emit_addi(e, 29, 0, -1);
	emit_csr(e, match[OP_csrrw], 0, 29, STIMECMP);
	emit_lui(e, 29, BYTES_BASE >> 12);
	emit_store(e, match[OP_sd], 29, 0, 0);
	overflow_soon(e, period);
	leave_m(e);
}

/* x29 = mstatus.MPP. */
static void mask_mpp(struct emit *e)
{
	emit_lui(e, 29, 2);
	emit_addi(e, 29, 29, -2048);
}

void emit_handler_m(struct emit *e, unsigned period)
{
	const u32 *match = e->match;
	u16 *exception, *no_call;

	enter(e, 0x340, 0x342);
	exception = emit_branch(e, match[OP_bge], 30, 0);
	interrupt_m(e, period);
	emit_patch_branch(e, exception);
	emit_addi(e, 30, 30, -CAUSE_ECALL_U);
	emit_addi(e, 29, 0, 4);
	no_call = emit_branch(e, match[OP_bgeu], 30, 29);
	mask_mpp(e);
	emit_csr(e, match[OP_csrrc], 0, 29, MSTATUS);
	emit_load(e, match[OP_andi], 30, 26, 3);
	emit_shift(e, match[OP_slli], 30, 30, 11);
	emit_csr(e, match[OP_csrrs], 0, 30, MSTATUS);
	emit_patch_branch(e, no_call);
	mask_mpp(e);
	emit_csr(e, match[OP_csrrs], 30, 0, MSTATUS);
	emit_r(e, match[OP_and], 30, 30, 29);
	go_on(e, 0x341);
	leave_m(e);
}

void emit_handler_s(struct emit *e, unsigned period)
{
	const u32 *match = e->match;
	u16 *exception;

	enter(e, 0x140, 0x142);
	exception = emit_branch(e, match[OP_bge], 30, 0);
	emit_csr(e, match[OP_csrrw], 0, 0, SIP);
	emit_csr(e, match[OP_csrrs], 30, 0, TIME);
	emit_addi(e, 30, 30, period);
	emit_csr(e, match[OP_csrrw], 0, 30, STIMECMP);
	leave(e, 0x140, match[OP_sret]);
	emit_patch_branch(e, exception);
	emit_csr(e, match[OP_csrrs], 30, 0, SSTATUS);
	emit_load(e, match[OP_andi], 30, 30, 0x100); /* SPP */
	go_on(e, 0x141);
	leave(e, 0x140, match[OP_sret]);
}
