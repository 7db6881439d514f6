/* SPDX-License-Identifier: MIT */
/*
 * The decoded form of an instruction: its unit, the registers that it reads and writes, how it
 * changes the flow. Each pattern of bits is decoded once, as long as the table has room.
 */
#ifndef CPU_TIMING_INORDER_DECODE_H
#define CPU_TIMING_INORDER_DECODE_H

#include "cpu/isa/isa.h"
#include "cpu/timing/decoded.h"

enum inorder_unit {
	INORDER_ALU, INORDER_BRANCH, INORDER_MUL, INORDER_DIV, INORDER_LOAD, INORDER_STORE,
	INORDER_AMO, INORDER_FPU, INORDER_FDIV, INORDER_CSR, INORDER_FENCE, INORDER_FENCE_I,
	INORDER_SFENCE, INORDER_XRET, INORDER_WAIT, INORDER_VSET, INORDER_VECTOR,
	INORDER_ILLEGAL, INORDER_UNITS
};

/* The effect of an instruction on the flow of fetch. */
enum inorder_flow { INORDER_ON, INORDER_COND, INORDER_JUMP, INORDER_INDIRECT, INORDER_RETURN };

/* Kinds of floating-point operations, as the parameters name them. */
enum inorder_fp { INORDER_ADD32, INORDER_ADD64, INORDER_COMPARE, INORDER_CONVERT };

/*
 * Registers: 1 to 31 integer, INORDER_F and above floating-point, 0 none. Those of vectors are in
 * the instruction.
 */
#define INORDER_F FORMAT_F
#define INORDER_REGISTERS 64

struct inorder_uop {
	struct insn insn;
	u32 raw;
	u8 unit, flow;
	u8 rs1, rs2, rs3, rd;
	u8 length; /* bytes */
	u8 fp; /* enum inorder_fp */
	bool call; /* pushes a return address */
	bool is_double; /* its floating-point operands are double precision */
	bool is_root;
	bool is_signed, is_word; /* the division is signed; it is of words */
	bool is_high; /* the result is the upper half of a product, or a remainder */
	bool writes_csr;
	/* the atomic is ordered before later accesses, after earlier ones */
	bool acquires, releases;
	u16 csr;
	s32 offset; /* offset of a branch or direct jump, in bytes */
};

struct inorder_decoder {
	const struct isa *isa;
	struct decoded decoded;
	struct inorder_uop uops[DECODED];
};

void inorder_decoder_init(struct inorder_decoder *decoder, const struct isa *isa);

/*
 * Decodes an instruction: `raw` is as fetched, with 16 significant bits when compressed. The result
 * is valid until the next call.
 */
const struct inorder_uop *inorder_decode(struct inorder_decoder *decoder, u32 raw);

#endif
