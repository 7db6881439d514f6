/* SPDX-License-Identifier: MIT */
/* Counts by mode, kept as sums at the ends and beginnings of spans; see tally.h. */
#include "cpu/timing/tally.h"

#include "bus/state.h"

#include <errno.h>
#include <string.h>

void timing_tally_enter(struct timing_tally *tally, enum timing_mode mode)
{
	for (unsigned event = 0; event < TIMING_EVENTS; event++) {
		tally->spans[tally->mode][event] += tally->count[event];
		tally->spans[mode][event] -= tally->count[event];
	}
	tally->mode = (u8)mode;
}

void timing_tally_reset(struct timing_tally *tally)
{
	memset(tally, 0, sizeof(*tally));
	tally->mode = TIMING_M;
}

void timing_tally_read(const struct timing_tally *tally, struct timing_counts *counts)
{
	memcpy(counts->in, tally->spans, sizeof(counts->in));
	for (unsigned event = 0; event < TIMING_EVENTS; event++)
		counts->in[tally->mode][event] += tally->count[event];
}

static int tally_loaded(void *self)
{
	const struct timing_tally *tally = self;

	return tally->mode < TIMING_MODES ? 0 : -EINVAL;
}

static const struct state_field fields[] = {
	STATE_ARRAY(struct timing_tally, count),
	STATE_ARRAY(struct timing_tally, spans[TIMING_M]),
	STATE_ARRAY(struct timing_tally, spans[TIMING_S]),
	STATE_ARRAY(struct timing_tally, spans[TIMING_U]),
	STATE_ARRAY(struct timing_tally, spans[TIMING_VS]),
	STATE_ARRAY(struct timing_tally, spans[TIMING_VU]),
	STATE_FIELD(struct timing_tally, mode),
};

static const struct state_type type = {
	.version = 1,
	.fields = fields,
	.count = ARRAY_SIZE(fields),
	.post_load = tally_loaded,
};

void timing_tally_register(struct timing_tally *tally, struct state *state, const char *name)
{
	state_register(state, name, &type, tally);
}
