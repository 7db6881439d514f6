/* SPDX-License-Identifier: MIT */
/*
 * Functions that emitters of vector rows share: operands, and the loop over the host's vectors that
 * make up a group, with the choice of the elements that are written (vector_row.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_ROW_H
#define CPU_JIT_EMIT_VECTOR_ROW_H

#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector.h"

/*
 * A row that computes elements. K1, or without AVX-512 the vector CHOSEN (vector_avx2.c), has the
 * elements of a part that are active, if not all are (`some`); for a row that writes bits CHOSEN
 * has just bits. K2 and K3 are the row's, as scratch vectors 0, 1 and 2 are, and without AVX-512
 * XMM0.
 */

struct row {
	const struct insn *insn;
	const struct emitter *how;
	struct lanes lanes; /* of the operand with the widest elements */
	unsigned narrow; /* elements of vd have 2^narrow times fewer bytes */
	bool carries; /* v0 is an operand and masks nothing */
	bool some; /* this version is the one for some elements */
	bool never_all; /* there is no other */
	bool all_parts; /* the last part ends what the first one began */
	bool direct; /* a part may be computed in the vector that is to hold it */
	/* Computes in front of the parts what all need; NULL: spreads a scalar in scratch 1. */
	void (*prepare)(struct gen *gen, const struct row *row);
	/* Computes the part that is `at` bytes behind the group's start, where gen_result says. */
	void (*part)(struct gen *gen, const struct row *row, unsigned at);
	/* Writes it to vd; NULL: the elements are vd's. */
	void (*put)(struct gen *gen, const struct row *row, unsigned at);
};

/* Begins a row of elements of 2^size bytes (-1: of SEW); false: it is the body's. */
bool gen_row_begin(struct gen *gen, const struct insn *insn, const struct emitter *how, int size,
		   struct row *row);

/* Writes it. */
bool gen_row(struct gen *gen, struct row *row);

/* Returns scratch 0, or for all of a part of a direct row the vector that is to hold it. */
struct x86_arg gen_result(struct gen *gen, const struct row *row, unsigned at);

/* Writes the result, the active elements of a part, to vd. */
void gen_put(struct gen *gen, const struct row *row, unsigned at);

/* Writes K2, a bit for each element of a part, to vd. */
void gen_put_mask(struct gen *gen, const struct row *row, unsigned at);

/* Makes RAX a mask of the first vl elements, and those that v0 has; VLMAX is at most 64. */
void gen_active(struct gen *gen, bool masked);

/* Loads the bits of v0 for a part into a mask register, or without AVX-512 into RAX. */
void gen_carry(struct gen *gen, const struct row *row, unsigned mask, unsigned at);

/* Finds how VLMAX elements lie for a row that may be masked, and be done in part. */
bool gen_row_lanes(const struct gen *gen, const struct insn *insn, unsigned size,
		   struct lanes *lanes);

/* Returns the host's mnemonic; ZYDIS_MNEMONIC_INVALID: it has none. */
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

/* Returns one of the host's vectors that may be changed, of which there are LANES_MOST + 1. */
static inline struct x86_arg scratch(const struct lanes *lanes, unsigned n)
{
	return x86_reg(lanes->width, lanes->first + n);
}

/* Returns where the vector registers have what is `at` bytes behind the start of one, in bytes. */
static inline s64 place_of(const struct gen *gen, unsigned reg, unsigned at)
{
	return (s64)(reg % VECTOR_REGISTERS * gen->hart->vector.vlenb + at);
}

/* Returns `size` of these bytes. */
static inline struct x86_arg part_of(const struct gen *gen, unsigned size, unsigned reg, u32 at)
{
	return x86_at(size, ENV, ENV_OF(vector.v) + place_of(gen, reg, at));
}

/* Returns a part of a group in the hart. */
static inline struct x86_arg part(const struct gen *gen, const struct lanes *lanes, unsigned reg,
				  unsigned at)
{
	return part_of(gen, lanes->width, reg, at);
}

/* Returns a part of a group to be read, which a vector of the host may hold. */
static inline struct x86_arg from(struct gen *gen, const struct lanes *lanes, unsigned reg,
				  unsigned at)
{
	return gen_held(gen, lanes->width, place_of(gen, reg, at));
}

/* Notes that a part of a group was stored from a vector of the host. */
static inline void hold(struct gen *gen, const struct lanes *lanes, unsigned reg, unsigned at,
			struct x86_arg result)
{
	gen_hold(gen, lanes->width, place_of(gen, reg, at), x86_base(result));
}

/* Notes that bytes of a register were changed. */
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

/* Makes all elements of a scratch vector what is in the low bits of a general register. */
void gen_broadcast(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg);

/* Puts a second operand that is a scalar, and has been checked, into a scratch vector. */
void gen_spread(struct gen *gen, const struct insn *insn, const struct lanes *lanes, unsigned n);

/* Returns a vector of the host with a part: what holds it, or scratch vector n, where it is put. */
struct x86_arg load_part(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned reg,
			 unsigned at);

/* Returns the second operand: vs1's part, or scratch vector n. */
static inline struct x86_arg second(struct gen *gen, const struct insn *insn,
				    const struct lanes *lanes, unsigned n, unsigned at)
{
	return kind_of_b(insn) == OPERAND_V ? from(gen, lanes, insn->rs1, at) : scratch(lanes, n);
}

#endif
