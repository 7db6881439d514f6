/* SPDX-License-Identifier: MIT */
/* The state of predictors, for the models that have them. See predictor.h. */
#include "cpu/timing/units/predictor.h"

#include "cpu/timing/layout_words.h"

#define TYPE bht
static const struct layout_field bht_fields[] = { NUMBERS(counter, BHT_COUNTER_MAX) };
const struct layout bht_layout = LAYOUT(bht_fields);
#undef TYPE

#define TYPE btb
static const struct layout_field btb_fields[] = { NUMBERS(valid, 1), NUMBERS(target, LAYOUT_ANY) };
const struct layout btb_layout = LAYOUT(btb_fields);
#undef TYPE

#define TYPE ras
static const struct layout_field ras_fields[] = {
	NUMBER(count, RAS_MAX), NUMBER(top, RAS_MAX - 1), NUMBERS(address, LAYOUT_ANY),
};
const struct layout ras_layout = LAYOUT(ras_fields);
#undef TYPE
