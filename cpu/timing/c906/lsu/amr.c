/* SPDX-License-Identifier: MIT */
/*
 * The AMR (aq_lsu_amr.v), which keeps long runs of stores from allocating lines in C906's cache.
 * See lsu.h.
 */
#include "cpu/timing/c906/lsu/lsu.h"

#define CONFIDENCE 3

/* Only a few bits of strides are compared. */
#define STRIDE(distance) ((u8)((distance) & 31))

static bool is_next(const struct c906_amr *amr, s64 distance)
{
	unsigned far = (unsigned)(distance < 0 ? -distance : distance) & (C906_LINE - 1);

	return far == amr->size;
}

/* Returns whether the store is the last one of a line, by the number of stores. */
static bool ends_line(const struct c906_amr *amr)
{
	unsigned size = amr->size, mask = 0;

	if (size && size < C906_LINE && !(size & (size - 1)))
		mask = C906_LINE / size - 1;
	return (amr->bytes & mask) == mask;
}

static void c906_amr_count(struct c906_amr *amr, const struct c906_params *params, bool same)
{
	bool last_line = amr->lines % params->amr_lines == params->amr_lines - 1;
	bool ends = ends_line(amr);

	if (!same) {
		amr->state = C906_AMR_IDLE;
	} else {
		if (last_line) {
			amr->state = C906_AMR_ACTIVE;
			amr->confidence = CONFIDENCE;
		}
		amr->bytes = (amr->bytes + 1) % C906_LINE;
	}
	amr->lines = (u8)((amr->lines + ends) % C906_LINE);
}

static void c906_amr_step(struct c906_amr *amr, const struct c906_params *params, s64 distance)
{
	bool same = STRIDE(distance) == amr->stride;

	switch (amr->state) {
	case C906_AMR_HALF:
		amr->state = C906_AMR_START;
		break;
	case C906_AMR_START:
		amr->stride = STRIDE(distance);
		amr->bytes = amr->lines = 0;
		amr->state = is_next(amr, distance) ? C906_AMR_COUNT : C906_AMR_IDLE;
		break;
	case C906_AMR_COUNT:
		c906_amr_count(amr, params, same);
		break;
	case C906_AMR_ACTIVE:
		if (!amr->confidence)
			amr->state = C906_AMR_IDLE;
		else if (!same)
			amr->confidence--;
		break;
	default:
		break;
	}
}

void c906_amr_store(struct c906_amr *amr, const struct c906_params *params,
		    const struct c906_access *store, bool missed)
{
	bool first = store->half == C906_FIRST;

	if (!params->amr_enabled)
		return;
	if (first && amr->state != C906_AMR_IDLE)
		amr->size += store->size;
	if (amr->state == C906_AMR_IDLE) {
		if (missed)
			amr->state = first ? C906_AMR_HALF : C906_AMR_START;
	} else if (!first) {
		c906_amr_step(amr, params, (s64)(store->pa - amr->last));
	}
	if (first)
		return;
	amr->last = store->pa;
	amr->size = store->size;
}
