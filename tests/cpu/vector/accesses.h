/* SPDX-License-Identifier: MIT */
/*
 * Vector loads and stores of each form, with the list of their accesses, which is written by hand;
 * and a machine whose hart executes one of them in U-mode. VLEN is 128, vtype is e32,m1 and vl is
 * 4.
 */
#ifndef TESTS_CPU_VECTOR_ACCESSES_H
#define TESTS_CPU_VECTOR_ACCESSES_H

#include "tests/cpu/engines.h"

#define ACCESSES_CODE (RAM_BASE + 4 * PAGE_SIZE)
/* The address in a1; accesses from it on cross into another page. */
#define ACCESSES_DATA (RAM_BASE + 8 * PAGE_SIZE - 24)
#define ACCESSES_MASK 0x0au /* the mask in v0: elements 1 and 3 are active */
#define ACCESSES_STRIDE (-8) /* the stride in a2 */
#define ACCESSES_MOST 16

/*
 * A form of a load or store. Its data are in v8 and the following registers; a1 is the base
 * address.
 */
struct vector_form {
	const char *name;
	u32 raw;
	bool store;
	unsigned bytes, fields;
	unsigned count; /* the number of segments, including inactive ones */
	unsigned inactive; /* one bit for each inactive segment */
	int offset[ACCESSES_MOST]; /* the offset of each segment from the base, in bytes */
};

extern const struct vector_form vector_forms[];
extern const unsigned vector_form_count;

/* The interpreter, threaded code, and native code. */
#define VECTOR_TIERS 3
extern const hart_tier vector_tiers[VECTOR_TIERS];

/*
 * Returns a new machine whose hart has these extensions. The caller frees it by
 * engines_free.
 */
struct engines *vector_machine_create(struct ext_set extensions);

/*
 * Sets everything on which an instruction depends. Registers and memory get different numbers in
 * each byte.
 */
void vector_machine_prepare(struct engines *vectors);

/*
 * Executes the instruction at pc = ACCESSES_CODE, in the hart's mode. Returns whether it retired;
 * if it traps, the trap is taken.
 */
bool vector_machine_step(struct engines *vectors, hart_tier tier, u32 raw);

/* Return the bytes of field `field` of segment n in the registers, and their address in memory. */
u8 *vector_form_register(struct hart *hart, const struct vector_form *form, unsigned n,
			 unsigned field);
static inline u64 vector_form_address(const struct vector_form *form, unsigned n, unsigned field)
{
	return ACCESSES_DATA + (u64)(s64)form->offset[n] + (u64)field * form->bytes;
}

#endif
