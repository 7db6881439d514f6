/* SPDX-License-Identifier: MIT */
/*
 * Functions that the emitters of vector instructions share (row.c): access to operands, and
 * the unrolled loop over the parts of a register group. A part is as much of a group as fits into
 * one vector of the host. Offsets (`at`) are in bytes from the start of a group.
 */
#ifndef CPU_JIT_EMIT_VECTOR_ROW_H
#define CPU_JIT_EMIT_VECTOR_ROW_H

#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector/vector.h"

/*
 * The emission of a vector instruction, a row of isa.def, that computes elements. In code for only
 * some elements, the active ones of a part are selected by K1, or without AVX-512 by the vector
 * CHOSEN (avx2.h), which has just a bit for each if the result is a mask. The functions may
 * change K2, K3, scratch vectors 0 to 2, and without AVX-512 XMM0.
 */
struct row {
	const struct insn *insn;
	const struct emitter *how;
	struct lanes lanes; /* of the operand with the widest elements */
	unsigned narrow; /* elements of vd are 2^narrow times smaller */
	bool carries; /* v0 is an operand (a carry), not a mask */
	bool some; /* the code that is being written computes only the active elements */
	bool never_all; /* there is no code for all elements */
	bool all_parts; /* no part may be skipped: the last one completes the result, as in a sum */
	u8 some_most; /* without AVX-512: the most parts of code for only some elements */
	bool direct; /* a part may be computed in the vector that will hold it (held.h) */
	/* Writes what all parts need, before them; NULL: gen_spread to scratch vector 1. */
	void (*prepare)(struct gen *gen, const struct row *row);
	/* Writes the computation of the part at an offset, with the result in gen_result(). */
	void (*part)(struct gen *gen, const struct row *row, unsigned at);
	/* Writes the store of that result to vd; NULL: gen_put. */
	void (*put)(struct gen *gen, const struct row *row, unsigned at);
	/* If not NULL, writes all parts instead, and calls the body only before it stores one. */
	void (*whole)(struct gen *gen, const struct row *row);
};

/* Initialises a row of elements of 2^size bytes (-1: SEW). Returns false if the body is needed. */
bool gen_row_begin(struct gen *gen, const struct insn *insn, const struct emitter *how, int size,
		   struct row *row);

/* Writes the code of the row. Returns false if the body is needed; nothing is written then. */
bool gen_row(struct gen *gen, struct row *row);

/* Returns where a part is computed: scratch vector 0, or the vector that will hold it. */
struct x86_arg gen_result(struct gen *gen, const struct row *row, unsigned at);

/* Writes the store of a part's result to vd; in code for some elements only of the active ones. */
void gen_put(struct gen *gen, const struct row *row, unsigned at);

/* Does the same for a mask: K2, or without AVX-512 RDX, has a bit for each element of the part. */
void gen_put_mask(struct gen *gen, const struct row *row, unsigned at);

/* Sets RAX to a mask of the active elements, at most 64: those below vl and, if `masked`, in v0. */
void gen_active(struct gen *gen, bool masked);

/* Loads the bits of v0 for a part into a mask register, or without AVX-512 into RAX. */
void gen_carry(struct gen *gen, const struct row *row, unsigned mask, unsigned at);

/* Does what gen_lanes does, for a row that may be masked or have a vl below VLMAX. */
bool gen_row_lanes(const struct gen *gen, const struct insn *insn, unsigned size,
		   struct lanes *lanes);

/* Returns the host's mnemonic of an operation; ZYDIS_MNEMONIC_INVALID if there is none. */
ZydisMnemonic gen_host_op(const struct lanes *lanes, enum jit_vector op);

static inline void gen_write_op(struct gen *gen, const struct lanes *lanes, enum jit_vector op,
				unsigned count, const struct x86_arg *args)
{
	x86_write(&gen->x, gen_host_op(lanes, op), count, args);
}

#define OP(gen, lanes, op, ...)                                                                    \
	gen_write_op(gen, lanes, op,                                                               \
		     sizeof((const struct x86_arg[]){ __VA_ARGS__ }) / sizeof(struct x86_arg),     \
		     (const struct x86_arg[]){ __VA_ARGS__ })

/* Returns scratch vector n of the host, 0 to LANES_MOST, which emitters may change. */
static inline struct x86_arg scratch(const struct lanes *lanes, unsigned n)
{
	return x86_reg(lanes->width, lanes->first + n);
}

/* Returns the offset, in the hart's array of vector registers, of byte `at` of a register. */
static inline s64 place_of(const struct gen *gen, unsigned reg, unsigned at)
{
	return (s64)(reg % VECTOR_REGISTERS * gen->hart->vector.vlenb + at);
}

/* Returns the memory operand of the `size` bytes there. */
static inline struct x86_arg part_of(const struct gen *gen, unsigned size, unsigned reg, u32 at)
{
	return x86_at(size, ENV, ENV_OF(vector.v) + place_of(gen, reg, at));
}

/* Returns the memory operand of a part of a group. */
static inline struct x86_arg part(const struct gen *gen, const struct lanes *lanes, unsigned reg,
				  unsigned at)
{
	return part_of(gen, lanes->width, reg, at);
}

/* Returns the operand for reading a part of a group: the host vector that holds it, or memory. */
static inline struct x86_arg from(struct gen *gen, const struct lanes *lanes, unsigned reg,
				  unsigned at)
{
	return gen_held(gen, lanes->width, place_of(gen, reg, at));
}

/* Notes that a part of a group was stored from a host vector, which then may hold it. */
static inline void hold(struct gen *gen, const struct lanes *lanes, unsigned reg, unsigned at,
			struct x86_arg result)
{
	gen_hold(gen, lanes->width, place_of(gen, reg, at), x86_base(result));
}

/* Notes that bytes of a register were changed, so that no host vector holds them. */
static inline void spoil(struct gen *gen, unsigned bytes, unsigned reg, unsigned at)
{
	gen_hold(gen, bytes, place_of(gen, reg, at), X86_NONE);
}

static inline void move(struct gen *gen, const struct lanes *lanes, struct x86_arg to,
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

/* Broadcasts a scalar second operand to scratch vector n; its NaN box was checked before. */
void gen_spread(struct gen *gen, const struct insn *insn, const struct lanes *lanes, unsigned n);

/* Returns the host vector that holds a part, or scratch vector n, into which it loads the part. */
struct x86_arg load_part(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg,
			 unsigned at);

/* Returns the second operand: the part of vs1, or scratch vector n, where gen_spread put it. */
struct x86_arg second(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
		      unsigned n, unsigned at);

#endif
