/* SPDX-License-Identifier: MIT */
/*
 * The write buffer of a cache that writes through: gathers stores by words of 8 bytes and sends
 * them to memory, a limited number at a time. By timestamps: when what is in it has been sent and
 * acknowledged is known as soon as it is put there, and moves when more is merged into it.
 */
#ifndef CPU_TIMING_INORDER_WBUFFER_H
#define CPU_TIMING_INORDER_WBUFFER_H

#include "cpu/timing/inorder/params.h"

struct inorder_word {
	u64 word; /* address / 8 */
	u64 sent, gone; /* cycles: the write begins; it was acknowledged */
	u8 mask; /* bytes */
	u8 write; /* the slot of writes that it has */
};

struct inorder_wbuffer {
	const struct inorder_params *params;
	struct inorder_word words[INORDER_WORDS_MAX];
	struct {
		u64 sent, gone;
	} writes[INORDER_WRITES_MAX];
	u64 sent; /* the last one */
	u64 drained; /* all are gone */
};

void inorder_wbuffer_reset(struct inorder_wbuffer *buffer, const struct inorder_params *params);

/* A store that could enter in `cycle`: the cycle in which it does. */
u64 inorder_wbuffer_put(struct inorder_wbuffer *buffer, u64 pa, unsigned size, u64 cycle);

/* A read of a line that could leave in `cycle`: when it does, behind writes to the same line. */
u64 inorder_wbuffer_read(const struct inorder_wbuffer *buffer, u64 pa, u64 cycle);

#endif
