/* SPDX-License-Identifier: MIT */
/* The assembler of the tests' programs (see tier_emit.h). */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_emit.h"

#include "tests/cpu/tiers/tier_machine.h"

#include <string.h>

#define MEPC 0x341

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

/* Returns the bytes from a place in the image to that of the next instruction. */
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

void emit_constant(struct emit *e, unsigned rd, u64 value)
{
	if ((u64)sext(value, 12) == value) {
		emit_addi(e, rd, 0, (s64)value);
		return;
	}
	if ((u64)sext(value, 32) == value) {
		emit_lui(e, rd, (value + 0x800) >> 12 & 0xfffff);
		emit_load(e, e->match[OP_addiw], rd, rd, sext(value, 12));
		return;
	}
	emit_addi(e, rd, 0, 0);
	for (unsigned n = 0; n < 64; n++)
		if (value >> n & 1)
			emit_shift(e, e->match[OP_bseti], rd, rd, n);
}

void emit_skip_trapped(struct emit *e, unsigned reg)
{
	emit_csr(e, e->match[OP_csrrs], reg, 0, MEPC);
	emit_addi(e, reg, reg, 4);
	emit_csr(e, e->match[OP_csrrw], 0, reg, MEPC);
}

void emit_skipping_handler(struct emit *e, u64 at, unsigned reg)
{
	u64 pc = e->pc;

	e->pc = at;
	emit_skip_trapped(e, reg);
	emit(e, e->match[OP_mret]);
	e->pc = pc;
}

void emit_put(const struct emit *e, u64 pa, u64 value)
{
	memcpy(e->ram + (pa - RAM_BASE), &value, sizeof(value));
}
