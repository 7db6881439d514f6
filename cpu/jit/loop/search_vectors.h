/* SPDX-License-Identifier: MIT */
/* How the code before a search compares elements, by AVX-512 or by AVX2, and stores them. */
#ifndef CPU_JIT_LOOP_SEARCH_VECTORS_H
#define CPU_JIT_LOOP_SEARCH_VECTORS_H

#include "cpu/jit/gen.h"
#include "cpu/jit/loop/search.h"

/* A search whose code is being written. */
struct search_writer {
	struct gen *gen;
	struct search search;
	bool avx512; /* otherwise by AVX2 */
	unsigned lanes; /* the number of elements that are compared or stored at once */
	unsigned bytes; /* of these elements */
	unsigned vector; /* the bytes in a vector register: all, or half with AVX2 */
	unsigned number; /* the index in hart->native.search */
	/* The jumps to the loop's own code, for x86_patch: some for each access and test. */
	u8 *out[2 + 4 * SEARCH_LOADS + 4 + 2 * SEARCH_TESTS];
	unsigned outs;
};

/* Leaves the value of a sum in `reg`, and changes `scratch`. */
void search_write_sum(struct search_writer *w, const struct search_sum *sum, unsigned reg,
		      unsigned scratch);

/* Loads the elements of a load, whose address is in RCX, if there is a register for them. */
void search_write_load(struct search_writer *w, unsigned load);

/*
 * Leaves in RDX the number of the first element with which a test of elements ends the loop; the
 * number of lanes if there is none. Changes RAX, RCX, the scratch vector registers and K1.
 */
void search_write_tests(struct search_writer *w);

/*
 * Writes the store, if there is one, of the first iterations, whose number is in RDX. Changes RAX,
 * RCX, the scratch vector registers and K1.
 */
void search_write_store(struct search_writer *w);

#endif
