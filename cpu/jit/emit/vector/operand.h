/* SPDX-License-Identifier: MIT */
/*
 * Access to the operands of vector instructions (operand.c). Operand a is vs2. Operand b is vs1, an
 * x or f register, or an immediate: the assembler writes `vsub.vv vd, vs2, vs1`, whose result is
 * vs2 - vs1.
 *
 * A part is as much of a register group as fits into one vector of the host. Offsets (`at`) are in
 * bytes from the start of the group with the widest elements; in other groups they are divided.
 */
#ifndef CPU_JIT_EMIT_VECTOR_OPERAND_H
#define CPU_JIT_EMIT_VECTOR_OPERAND_H

#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector/vector.h"

/* The predicates of JIT_V_CMP and JIT_V_CMPU (Intel 64 manual, volume 2, "VPCMPD/VPCMPUD"). */
enum {
	EQUAL, LESS, NOT_GREATER,
	NOT = 4, /* added to one of these */
	NOT_EQUAL = NOT | EQUAL, NOT_LESS = NOT | LESS, GREATER = NOT | NOT_GREATER,
};

/* Returns the host's mnemonic of an operation on lanes->size; 0 if there is none. */
ZydisMnemonic gen_host_op(const struct lanes *lanes, enum jit_vector op);

static inline void gen_write_op(struct gen *gen, const struct lanes *lanes, enum jit_vector op,
				unsigned count, const struct x86_arg *args)
{
	x86_write(&gen->x, gen_host_op(lanes, op), count, args);
}

/*
 * Writes an operation of vector.def. Only the last operand may be in memory. The first one, which
 * is written, may be one of the others, too.
 */
#define OP(gen, lanes, op, ...)                                                                    \
	gen_write_op(gen, lanes, op,                                                               \
		     sizeof((const struct x86_arg[]){ __VA_ARGS__ }) / sizeof(struct x86_arg),     \
		     (const struct x86_arg[]){ __VA_ARGS__ })

/* Returns scratch vector n of the host, 0 to LANES_MOST. */
static inline struct x86_arg scratch(const struct lanes *lanes, unsigned n)
{
	return x86_reg(lanes->width, lanes->first_scratch + n);
}

/* Returns the offset, in the hart's array of vector registers, of byte `at` of a register. */
static inline s64 place_of(const struct gen *gen, unsigned reg, unsigned at)
{
	return (s64)(reg % VECTOR_REGISTERS * gen->hart->vector.vlenb + at);
}

/* Returns the memory operand of the `size` bytes at that offset. */
static inline struct x86_arg v_in_hart(const struct gen *gen, unsigned size, unsigned reg, u32 at)
{
	return x86_at(size, ENV, ENV_OF(vector.v) + place_of(gen, reg, at));
}

/* Returns the memory operand of a part of a group, for a store; to read it, call read_part. */
static inline struct x86_arg part_in_hart(const struct gen *gen, const struct lanes *lanes,
					  unsigned reg, unsigned at)
{
	return v_in_hart(gen, lanes->width, reg, at);
}

/* Returns the operand for reading a part of a group: the host vector that holds it, or memory. */
static inline struct x86_arg read_part(struct gen *gen, const struct lanes *lanes, unsigned reg,
				       unsigned at)
{
	return gen_held(gen, lanes->width, place_of(gen, reg, at));
}

/* Notes that a part of a group was stored from a host vector, which then may hold it. */
static inline void gen_hold_part(struct gen *gen, const struct lanes *lanes, unsigned reg,
				 unsigned at, struct x86_arg result)
{
	gen_hold(gen, lanes->width, place_of(gen, reg, at), x86_base(result));
}

/* Notes that bytes of a register were changed, so that no host vector holds them. */
static inline void gen_drop_bytes(struct gen *gen, unsigned bytes, unsigned reg, unsigned at)
{
	gen_hold(gen, bytes, place_of(gen, reg, at), X86_NONE);
}

static inline void gen_move(struct gen *gen, const struct lanes *lanes, struct x86_arg to,
			    struct x86_arg from)
{
	OP(gen, lanes, JIT_V_MOVE, to, from);
}

static inline unsigned kind_of_b(const struct insn *insn)
{
	return isa_format(insn->op)->rs1.kind;
}

/* Sets all elements of scratch vector n to the low bits of a general register. */
void gen_broadcast(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg);

/* Sets all elements, of 2^size bytes each, of scratch vector n to a constant; changes RAX. */
void gen_broadcast_constant(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned size,
			    u64 value);

/* Broadcasts operand b, if it is a scalar, to scratch vector n; its NaN box was checked before. */
void gen_broadcast_b(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
		     unsigned n);

/* Returns the host vector that holds a part, or scratch vector n, into which it loads the part. */
struct x86_arg load_part(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg,
			 unsigned at);

/*
 * Returns operand b: the part of vs1, which may be in memory, or scratch vector n, where
 * gen_broadcast_b put it.
 */
struct x86_arg operand_b(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			 unsigned n, unsigned at);

#endif
