/* SPDX-License-Identifier: MIT */
/*
 * A small assembler for the tests' programs. It makes instructions from the bit patterns of
 * isa.def, writes them into an image of RAM, and patches forward references.
 */
#ifndef TESTS_CPU_TIERS_TIER_EMIT_H
#define TESTS_CPU_TIERS_TIER_EMIT_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

struct emit {
	u8 *ram; /* image of RAM */
	u64 pc; /* the address of the next instruction */
	const u32 *match; /* isa->match */
};

void emit_start(struct emit *emit, const struct isa *isa, u8 *ram, u64 pc);

/* Emits an instruction of two or four bytes, as its lowest bits determine. */
void emit(struct emit *emit, u32 raw);

/* Returns the place of the next instruction in the image, for patching it later. */
u16 *emit_here(const struct emit *emit);

/* Emit the instruction `raw` with these registers or this immediate inserted. */
void emit_r(struct emit *emit, u32 raw, unsigned rd, unsigned rs1, unsigned rs2);
void emit_addi(struct emit *emit, unsigned rd, unsigned rs1, s64 imm);
void emit_lui(struct emit *emit, unsigned rd, u64 imm20);
void emit_load(struct emit *emit, u32 raw, unsigned rd, unsigned rs1, s64 imm);
void emit_store(struct emit *emit, u32 raw, unsigned rs1, unsigned rs2, s64 imm);
void emit_csr(struct emit *emit, u32 raw, unsigned rd, unsigned rs1, unsigned csr);
void emit_jump(struct emit *emit, u64 target);

/*
 * Emits the code by which a trap handler skips the trapped instruction, of four bytes. Overwrites
 * the register.
 */
void emit_skip_trapped(struct emit *emit, unsigned reg);

/* Emits M-mode's whole handler of that kind at an address, without changing emit->pc. */
void emit_skipping_handler(struct emit *emit, u64 at, unsigned reg);

/* Writes a number into the image, at a physical address. */
void emit_put(const struct emit *emit, u64 pa, u64 value);

/* Emits an instruction with an immediate of six bits, such as a shift. */
void emit_shift(struct emit *emit, u32 raw, unsigned rd, unsigned rs1, unsigned shamt);

/* Emits a branch to an earlier address, which compares rs1 with x0. */
void emit_branch_to(struct emit *emit, u32 raw, unsigned rs1, u64 target);

/* Emits a branch to the address at which emit_patch_branch will be called for it. */
u16 *emit_branch(struct emit *emit, u32 raw, unsigned rs1, unsigned rs2);
void emit_patch_branch(struct emit *emit, u16 *branch);

/* Patches the auipc and addi at `at` such that they compute the address of the next instruction. */
void emit_patch_addi(struct emit *emit, u16 *at);

/* Return the instruction with the offset inserted, in the encoding of branches and of jumps. */
u32 encode_branch(u32 raw, s64 offset);
u32 encode_jump(u32 raw, s64 offset);

/* Emits instructions that set rd to a number: some of Zbs if it is not a sign-extended word. */
void emit_constant(struct emit *emit, unsigned rd, u64 value);

#endif
