/* SPDX-License-Identifier: MIT */
/*
 * The write buffer of a write-through cache: it gathers stores by words of 8 bytes and sends them
 * to memory, a limited number at a time. What is sent when is computed as late as it is needed,
 * because stores that come before then are merged.
 */
#ifndef CPU_TIMING_INORDER_WBUFFER_H
#define CPU_TIMING_INORDER_WBUFFER_H

#include "cpu/timing/inorder/params.h"

struct inorder_word {
	u64 number; /* address / 8 */
	u64 ready; /* while bytes are to be sent: the first cycle in which they may be */
	u64 gone; /* when what was sent of it last has been acknowledged */
	u8 bytes; /* that are to be sent: a bit for each */
};

struct inorder_wbuffer {
	const struct inorder_params *params;
	struct inorder_word words[INORDER_WORDS_MAX];
	u64 writes[INORDER_WRITES_MAX]; /* a ring: when the last ones are acknowledged */
	u64 count; /* writes so far */
	u64 sent; /* the cycle of the last one */
	unsigned next; /* word, in turn */
	/* What follows from all that: */
	u32 dirty; /* words with bytes to be sent: a bit for each */
	u64 ready; /* the first of them may be sent, for itself, or before there is */
	u64 room; /* for it on the bus */
	u64 due; /* both; UINT64_MAX: nothing is to be sent */
	u8 digests[INORDER_WORDS_MAX]; /* lowest bytes of their numbers, to compare them at once */
};

void inorder_wbuffer_reset(struct inorder_wbuffer *buffer, const struct inorder_params *params);

/* The words were changed from outside, as when a state is loaded. */
void inorder_wbuffer_loaded(struct inorder_wbuffer *buffer);

/* Put in a store that could enter in `cycle`, and return the cycle in which it does. */
u64 inorder_wbuffer_put(struct inorder_wbuffer *buffer, u64 pa, unsigned size, u64 cycle);

/* Return when a read of a line that could leave in `cycle` does: behind writes to the same line. */
u64 inorder_wbuffer_read(struct inorder_wbuffer *buffer, u64 pa, u64 cycle);

/* Return when all is acknowledged, if nothing more comes. */
u64 inorder_wbuffer_drain(struct inorder_wbuffer *buffer);

#endif
