/* SPDX-License-Identifier: MIT */
/*
 * The write buffer of a write-through cache. It gathers stores in words of 8 bytes and sends them
 * to memory, a limited number at a time. The cycle in which a word is sent is computed only when it
 * matters, because stores before that cycle are merged.
 */
#ifndef CPU_TIMING_INORDER_WBUFFER_H
#define CPU_TIMING_INORDER_WBUFFER_H

#include "cpu/timing/inorder/params.h"

#define UNITS "cpu/timing/inorder/state/wbuffer.def"
#include "cpu/timing/fields/structs.inc"

void inorder_wbuffer_reset(struct inorder_wbuffer *buffer, const struct inorder_params *params);

/* Must be called after the words were changed from outside, as by loading a state. */
void inorder_wbuffer_loaded(struct inorder_wbuffer *buffer);

/* Enters a store that could enter in `cycle`, and returns the cycle in which it does. */
u64 inorder_wbuffer_put(struct inorder_wbuffer *buffer, u64 pa, unsigned size, u64 cycle);

/*
 * Returns when a read of a line that could leave in `cycle` leaves: after writes to the same line.
 */
u64 inorder_wbuffer_read(struct inorder_wbuffer *buffer, u64 pa, u64 cycle);

/* Returns when all writes are acknowledged, if no more come. */
u64 inorder_wbuffer_drain(struct inorder_wbuffer *buffer);

#endif
