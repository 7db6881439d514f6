/* SPDX-License-Identifier: MIT */
/*
 * Searches: loops that only load elements of arrays and advance registers until a comparison ends
 * them, as in memchr, in the comparison of two strings, or where quicksort scans a part. The host
 * cannot predict when such a loop ends, and a misprediction takes as long as several iterations. So
 * the code before the loop compares several elements at once, and so finds the iteration that ends
 * the loop, which is left to the loop's own code; the registers are advanced past the iterations
 * before it. This is vectorization of uncounted loops (Baghsorkhi, Vasudevan and Wu, "FlexVec",
 * PLDI 2016). A search may extend over several blocks of the page.
 *
 * With AVX-512, which has masked stores of bytes, an iteration may also store, as in strcpy. A loop
 * that stores and counts, but compares no elements, is a search, too: a copy or a fill. Most calls
 * of memcpy copy few elements, and how many varies, so the host mispredicts where the loop ends. A
 * copy of more than a vector holds is left to the strip of its loop (loop.h).
 */
#ifndef CPU_JIT_LOOP_SEARCH_H
#define CPU_JIT_LOOP_SEARCH_H

#include "cpu/jit/loop/form.h"

struct emitter;
struct gen;

/*
 * An iteration has at most this many loads, this many tests, and this many instructions and ends of
 * blocks together.
 */
enum { SEARCH_LOADS = 4, SEARCH_TESTS = 4, SEARCH_INSNS = 20 };

/* A search has at most this many bytes of hot code, and of cold code. */
#define SEARCH_ROOM 2048

/* Returns how many searches a block with this number of instructions has at most. */
static inline unsigned search_most(unsigned insns)
{
	return MIN(insns / 2, 2);
}

/* An exact form, plus the value that one more register had when the iteration began (x0: none). */
struct search_sum {
	struct form form;
	u8 more;
};

/*
 * A load or a store. An iteration moves its address by its size, up or down; that of a load may
 * also stay.
 */
struct search_access {
	struct search_sum at; /* the address */
	u16 offset; /* of the instruction in its page */
	const struct emitter *emitter; /* of the instruction */
	u8 size;
	bool sign; /* the value is sign-extended */
	s32 step; /* how far an iteration moves the address, in bytes */
};

/*
 * The value of a register: a sum, or what a load loaded. A byte that was loaded without its sign
 * may also have a constant added to it, and then a mask applied.
 */
struct search_value {
	bool loaded;
	u8 load; /* the index of the load */
	s16 add; /* the constant; without a mask, the value is not a byte yet */
	u8 mask; /* 0: none */
	struct search_sum sum;
};

/* A comparison. The loop continues if its branch `op` is taken (`taken`), or if it is not taken. */
struct search_test {
	u16 op;
	bool taken;
	struct search_value a, b;
};

struct search {
	u8 insns; /* the number of instructions of an iteration */
	u8 loads, tests;
	u8 size; /* of the elements, in bytes */
	bool of_data; /* a test compares elements */
	bool down; /* the addresses decrease */
	struct search_access load[SEARCH_LOADS];
	bool stores; /* it has a store: `store`, of the value `stored`, an element or a sum */
	struct search_access store;
	struct search_value stored;
	struct search_test test[SEARCH_TESTS];
	struct search_value value[32]; /* by x register: its value when the iteration has ended */
	/*
	 * Masks of the x registers that an iteration writes. `early`: it writes them before it
	 * reads them and before its first test, jump or end of a block. `late`: there are other
	 * writes of them. A register may be in both.
	 */
	u32 early, late;
	u64 pieces; /* a mask of the page's pieces that have instructions of it (ram_pieces) */
};

/* Returns whether the test compares elements. The other tests compare sums. */
static inline bool search_is_of_data(const struct search_test *test)
{
	return test->a.loaded || test->b.loaded;
}

/* Returns whether the loop continues if the first value of the test is less than the second. */
static inline bool search_continues_if_less(const struct search_test *test)
{
	return test->taken ? test->op == OP_blt || test->op == OP_bltu :
			     test->op == OP_bge || test->op == OP_bgeu;
}

/* Returns one of the test's values that are elements. */
static inline const struct search_value *search_element(const struct search_test *test)
{
	return test->a.loaded ? &test->a : &test->b;
}

/* Returns whether an iteration adds a constant to the register, or does not change it. */
bool search_is_stepped(const struct search *search, unsigned reg);

/* Returns how much an iteration adds to a sum of such registers. */
s32 search_step(const struct search *search, const struct search_sum *sum);

/* Returns a mask of the x registers that an iteration changes otherwise than by a constant. */
u32 search_temporaries(const struct search *search);

/* Finds the search that begins at the instruction with this index. Returns false if none does. */
bool search_find(struct gen *gen, unsigned index, struct search *search);

/* Writes the code before the instruction with this index, if a search begins there. */
void gen_write_search(struct gen *gen, unsigned index);

#endif
