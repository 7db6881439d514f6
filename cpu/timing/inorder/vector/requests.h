/* SPDX-License-Identifier: MIT */
/* The requests of vector loads and stores to the data cache: a part of the data side (data.h). */
#ifndef CPU_TIMING_INORDER_VECTOR_REQUESTS_H
#define CPU_TIMING_INORDER_VECTOR_REQUESTS_H

#include "cpu/timing/inorder/data.h"

/*
 * The vector unit's requests, the first of them in `cycle`. They come one after the other, but do
 * not keep scalar accesses from the cache. The result is as in actions.h.
 */
struct inorder_vector_access {
	struct inorder_vector_reach reach;
	u64 va, pa; /* the addresses of the first element */
	bool translated;
	u64 spread; /* as in actions.h */
};
u64 inorder_data_vector(struct inorder_data *data, const struct inorder_vector_access *access,
			u64 cycle);

/* Returns when all vector stores that overlap [begin, end) are done, `cycle` at the earliest. */
u64 inorder_data_stored(const struct inorder_data *data, u64 begin, u64 end, u64 cycle);

/* Accesses the cache in `cycle`. The access is done when its result is there, even after a miss. */
struct inorder_times inorder_data_request(struct inorder_data *data, u64 pa, bool write, u64 cycle);

#endif
