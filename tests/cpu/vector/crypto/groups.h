/* SPDX-License-Identifier: MIT */
/*
 * Executes instructions of vector cryptography, which operate on element groups. Tests provide the
 * operands; they are put into random registers. Of everything that the instruction may write, only
 * the groups from vstart to vl may have changed, and an agnostic tail.
 */
#ifndef TESTS_CPU_VECTOR_CRYPTO_GROUPS_H
#define TESTS_CPU_VECTOR_CRYPTO_GROUPS_H

#include "cpu/isa/isa.h"
#include "tests/cpu/vector/unit.h"

/* The contents of an operand's registers, one after the other. */
struct operand {
	u8 bytes[8 * IMAGE_VLENB];
};

/* A form in which instructions are executed: the tier, VLEN, vtype and so on. */
struct groups {
	struct groups_suite *suite;
	unsigned vlenb;
	bool ones; /* agnostic elements become ones */
	enum unit_tier tier;
	unsigned size, elements; /* the binary logarithm of SEW in bytes; the elements of a group */
	u64 vtype, vl, vstart;
};

/* Returns a new suite, which the caller frees by groups_suite_free. */
struct groups_suite *groups_suite_create(void);
void groups_suite_free(struct groups_suite *suite);

/* Return how often a row was executed, and how many bytes of tails have become ones. */
u64 groups_executed(const struct groups_suite *suite, enum op op);
u64 groups_ones(const struct groups_suite *suite);

/*
 * Calls a function with each form: each tier, VLEN, and LMUL that has room for a group; vl is VLMAX
 * or less, and vstart is 0 or the start of another group.
 */
void groups_each(struct groups_suite *suite, unsigned size, unsigned elements,
		 void (*check)(struct groups *g));

/* Returns a random number below `count`. */
unsigned groups_pick(struct groups *g, unsigned count);

/* Fills operands with random bytes. */
void groups_draw(struct groups *g, struct operand *operands, unsigned count);

/*
 * Return the number of groups of an operand, and the first one that an instruction computes and the
 * one after the last.
 */
unsigned groups_count(const struct groups *g);
unsigned groups_first(const struct groups *g);
unsigned groups_end(const struct groups *g);

/* groups_at returns the bytes of group n; the others read and write one of its elements. */
u8 *groups_at(const struct groups *g, struct operand *operand, unsigned n);
u64 groups_get(const struct groups *g, struct operand *operand, unsigned n, unsigned element);
void groups_put(const struct groups *g, struct operand *operand, unsigned n, unsigned element,
		u64 value);

/* Returns byte n of a hexadecimal text. */
unsigned groups_byte(const char *hex, unsigned n);

/* Sets group n to the bytes of such a text. */
void groups_fill(const struct groups *g, struct operand *to, unsigned n, const char *hex);

/* Fails unless group n has these bytes. */
void groups_expect(const struct groups *g, struct operand *is, unsigned n, const char *hex);

/* XORs another operand into the groups that an instruction would compute. */
void groups_xor(const struct groups *g, struct operand *to, struct operand *other);

/* Execute a row with these operands: vd is d, vs2 is a, vs1 is b. */
void groups_unary(struct groups *g, enum op op, struct operand *d, const struct operand *a);
void groups_binary(struct groups *g, enum op op, struct operand *d, const struct operand *a,
		   const struct operand *b);
void groups_immediate(struct groups *g, enum op op, struct operand *d, const struct operand *a,
		      unsigned immediate);

#endif
