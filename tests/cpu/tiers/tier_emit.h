/* SPDX-License-Identifier: MIT */
/*
 * A very small assembler for the tests' programs: instructions from the masks of isa.def, written
 * into an image of RAM, with forward references patched.
 */
#ifndef TESTS_CPU_TIERS_TIER_EMIT_H
#define TESTS_CPU_TIERS_TIER_EMIT_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

struct emit {
	u8 *ram; /* image of RAM */
	u64 pc; /* where the next instruction will run */
	const u32 *match; /* isa->match */
};

void emit_start(struct emit *emit, const struct isa *isa, u8 *ram, u64 pc);

/* Emits two or four bytes, depending on the low bits. */
void emit(struct emit *emit, u32 raw);

/* Returns the place of the next instruction, to patch it later. */
u16 *emit_here(const struct emit *emit);

/* Emits raw with rd, rs1, rs2. */
void emit_r(struct emit *emit, u32 raw, unsigned rd, unsigned rs1, unsigned rs2);
void emit_addi(struct emit *emit, unsigned rd, unsigned rs1, s64 imm);
void emit_lui(struct emit *emit, unsigned rd, u64 imm20);
void emit_load(struct emit *emit, u32 raw, unsigned rd, unsigned rs1, s64 imm);
void emit_store(struct emit *emit, u32 raw, unsigned rs1, unsigned rs2, s64 imm);
void emit_csr(struct emit *emit, u32 raw, unsigned rd, unsigned rs1, unsigned csr);
void emit_jump(struct emit *emit, u64 target);

/* Emits what a handler does to skip the trapped instruction, of four bytes; changes a register. */
void emit_skip_trapped(struct emit *emit, unsigned reg);

/* Puts a number into the image at a physical address. */
void emit_put(const struct emit *emit, u64 pa, u64 value);

/* Emits rd = rs1 shifted by or with an immediate of six bits. */
void emit_shift(struct emit *emit, u32 raw, unsigned rd, unsigned rs1, unsigned shamt);

/* Emits a branch back, which compares rs1 with x0. */
void emit_branch_to(struct emit *emit, u32 raw, unsigned rs1, u64 target);

/* Emits a branch forward to the place where emit_patch_branch is called. */
u16 *emit_branch(struct emit *emit, u32 raw, unsigned rs1, unsigned rs2);
void emit_patch_branch(struct emit *emit, u16 *branch);

/* Makes auipc and addi at `at` compute the address of the next instruction. */
void emit_patch_addi(struct emit *emit, u16 *at);

/* Put the bits of the offset into the instruction, as branches and jumps hold them. */
u32 encode_branch(u32 raw, s64 offset);
u32 encode_jump(u32 raw, s64 offset);

/* Emits rd = a number: a few instructions of Zbs if it is no sign-extended word. */
void emit_constant(struct emit *emit, unsigned rd, u64 value);

#endif
