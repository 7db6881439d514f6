/* SPDX-License-Identifier: MIT */
/* The write buffer of CVA6's data cache (wt_dcache_wbuffer.sv). See dcache.h. */
#ifndef CPU_TIMING_CVA6_DCACHE_WRITE_BUFFER_H
#define CPU_TIMING_CVA6_DCACHE_WRITE_BUFFER_H

#include "cpu/timing/cva6/dcache/dcache.h"

/* Returns a bit for each word whose line is still to be looked up. */
u32 cva6_writes_unchecked(const struct cva6_write_buffer *writes);
/*
 * Chooses the word that is sent next: cycle->dirty, dirty_word and so on. Returns whether there is
 * one.
 */
bool cva6_writes_request(const struct cva6_write_buffer *writes, const struct cva6_params *params,
			 struct cva6_dcache_cycle *cycle);
/*
 * Returns whether the arbiter's state may decide which word is sent next. It does not if only one
 * word can be sent, or if no word is in use, because stores enter one by one.
 */
bool cva6_writes_arbitrate(const struct cva6_write_buffer *writes);
/* Returns whether all words were looked up and sent, and memory has yet to acknowledge them. */
bool cva6_writes_rest(const struct cva6_write_buffer *writes);
/* Returns whether a word of the line is being written. */
bool cva6_writes_to_line(const struct cva6_dcache *dcache, u64 address);
void cva6_writes_step(struct cva6_dcache *dcache, const struct cva6_params *params,
		      struct cva6_dcache_cycle *cycle);

#endif
