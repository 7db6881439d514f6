/* SPDX-License-Identifier: MIT */
/* Records that a model keeps, as part of its state. See record.h. */
#include "cpu/timing/record.h"

#include "cpu/timing/layout_words.h"

#define TYPE timing_record
static const struct layout_field record_fields[] = {
	ANY(pc), ANY(next), ANY(va), ANY(pa), ANY(a), ANY(b), ANY(c), ANY(raw), ANY(op), ANY(flags),
	ANY(size), ANY(cause), ANY(after), NUMBER(shadows, TIMING_SHADOWS_MAX),
};
const struct layout record_layout = LAYOUT(record_fields);
#undef TYPE
