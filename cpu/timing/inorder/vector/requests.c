/* SPDX-License-Identifier: MIT */
/* The requests of vector loads and stores. See requests.h. */
#include "cpu/timing/inorder/vector/requests.h"

NOINLINE u64 inorder_data_stored(const struct inorder_data *data, u64 begin, u64 end, u64 cycle)
{
	for (unsigned n = 0; n < INORDER_EXTENTS; n++) {
		const struct inorder_extent *extent = &data->extents[n];

		if (extent->begin < end && begin < extent->end)
			cycle = MAX(cycle, extent->done);
	}
	return cycle;
}

/* The progress of the requests of a vector access. */
struct requests {
	u64 at; /* the cycle of the next one */
	u64 first, last; /* the cycles in which the first and the last data are there */
	u64 page; /* number of the page that was translated last */
};

/* Delays a request by its translation, if it is in another page than the one before it. */
static void translate_request(struct inorder_data *data, const struct inorder_vector_access *access,
			      u64 va, struct requests *requests)
{
	const struct inorder_reach reach = { .va = va, .store = access->reach.store };

	if (!access->translated || va >> PAGE_SHIFT == requests->page)
		return;
	requests->page = va >> PAGE_SHIFT;
	requests->at = inorder_mmu_data(data->mmu, &reach, requests->at);
}

/* Requests an aligned part of the accessed bytes, at this offset from the first address. */
static void make_request(struct inorder_data *data, const struct inorder_vector_access *access,
			 u64 offset, struct requests *requests)
{
	struct inorder_times times;
	u64 scalar = data->blocked;
	u8 blocker = data->blocker;

	translate_request(data, access, access->va + offset, requests);
	requests->at = MAX(requests->at, MAX(scalar, data->blocked_vector));
	times = inorder_data_request(data, access->pa + offset, access->reach.store, requests->at);
	/* A miss of the vector unit blocks its own later requests, but no scalar accesses. */
	if (data->blocked != scalar)
		data->blocked_vector = data->blocked;
	data->blocked = scalar;
	data->blocker = blocker;
	requests->first = requests->first ? requests->first : times.done;
	requests->last = MAX(requests->last, times.done);
	requests->at = times.left + 1;
}

/* Requests a piece in aligned parts, the n-th one n * `step` cycles after the first or later. */
static void make_requests(struct inorder_data *data, const struct inorder_vector_access *access,
			  u64 offset, u64 step, struct requests *requests)
{
	u64 width = data->params->vector_mlen / 8, begin = requests->at;
	u64 left = access->reach.size;

	for (u64 n = 0; left; n++) {
		u64 size = MIN(left, width - (access->va + offset) % width);

		requests->at = MAX(requests->at, begin + n * step);
		make_request(data, access, offset, requests);
		offset += size;
		left -= size;
	}
}

/* Returns what memory an access may touch; if it is indexed, the page of its first element. */
static struct inorder_extent extent_of(const struct inorder_vector_access *access)
{
	const struct inorder_vector_reach *reach = &access->reach;
	u64 last = access->pa + (MAX(reach->pieces, 1) - 1) * reach->stride;

	if (reach->indexed)
		return (struct inorder_extent){ .begin = align_down(access->pa, PAGE_SIZE),
						.end = align_up(access->pa + 1, PAGE_SIZE) };
	return (struct inorder_extent){
		.begin = MIN(access->pa, last),
		.end = MAX(access->pa, last) + reach->size,
	};
}

static void note_extent(struct inorder_data *data, struct inorder_extent extent, u64 done)
{
	extent.done = done;
	data->extents[data->extents_count++ % INORDER_EXTENTS] = extent;
	data->extents_done = MAX(data->extents_done, done);
}

u64 inorder_data_vector(struct inorder_data *data, const struct inorder_vector_access *access,
			u64 cycle)
{
	const struct inorder_vector_reach *reach = &access->reach;
	u64 width = data->params->vector_mlen / 8, most = BIT(INORDER_VECTOR_BITS) - 1;
	u64 parts = (access->va % width + reach->size + width - 1) / width;
	u64 step = access->spread / MAX(MAX(reach->pieces, parts) - 1, 1);
	struct requests requests = { .at = MAX(cycle, data->entered), .page = UINT64_MAX };
	struct inorder_extent extent = extent_of(access);

	if (!reach->store)
		requests.at = inorder_data_stored(data, extent.begin, extent.end, requests.at);
	for (u64 n = 0; reach->size && n < reach->pieces; n++) {
		u64 begin = MAX(requests.at, reach->pieces > 1 ? cycle + n * step : 0);

		requests.at = begin;
		make_requests(data, access, n * reach->stride, reach->pieces > 1 ? 0 : step,
			      &requests);
		requests.at = MAX(requests.at, begin + reach->cost);
	}
	data->vectors = MAX(data->vectors, requests.last);
	if (reach->store)
		note_extent(data, extent, requests.last);
	return MIN(MAX(requests.first, cycle) - cycle, most) << INORDER_VECTOR_FIRST |
	       MIN(MAX(requests.last, cycle) - cycle, most) << INORDER_VECTOR_LAST |
	       MIN(requests.at - cycle, most) << INORDER_VECTOR_PORT;
}
