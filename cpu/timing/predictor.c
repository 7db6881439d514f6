/* SPDX-License-Identifier: MIT */
/* Predictors of a front end. See predictor.h. */
#include "cpu/timing/predictor.h"

#include <string.h>

void bht_copy(struct bht *to, const struct bht *from)
{
	to->entries = from->entries;
	memcpy(to->valid, from->valid, from->entries);
	memcpy(to->counter, from->counter, from->entries);
}

void btb_copy(struct btb *to, const struct btb *from)
{
	to->entries = from->entries;
	memcpy(to->valid, from->valid, from->entries);
	memcpy(to->target, from->target, from->entries * sizeof(from->target[0]));
}

void ras_push(struct ras *ras, u64 address)
{
	size_t kept = ras->depth - 1;

	memmove(&ras->valid[1], &ras->valid[0], kept);
	memmove(&ras->address[1], &ras->address[0], kept * sizeof(ras->address[0]));
	ras_swap(ras, address);
}

void ras_pop(struct ras *ras)
{
	size_t kept = ras->depth - 1;

	memmove(&ras->valid[0], &ras->valid[1], kept);
	memmove(&ras->address[0], &ras->address[1], kept * sizeof(ras->address[0]));
	ras->valid[kept] = false;
	ras->address[kept] = 0;
}

void ras_swap(struct ras *ras, u64 address)
{
	ras->valid[0] = true;
	ras->address[0] = address;
}
