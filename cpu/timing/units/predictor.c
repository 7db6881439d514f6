/* SPDX-License-Identifier: MIT */
/* Predictors of a front end. See predictor.h. */
#include "cpu/timing/units/predictor.h"

#include <string.h>

void bht_copy(struct bht *to, const struct bht *from)
{
	to->entries = from->entries;
	memcpy(to->counter, from->counter, from->entries);
}

void btb_copy(struct btb *to, const struct btb *from)
{
	to->entries = from->entries;
	memcpy(to->valid, from->valid, from->entries);
	memcpy(to->target, from->target, from->entries * sizeof(from->target[0]));
}
