/* SPDX-License-Identifier: MIT */
/*
 * Loads the state of a machine that was saved without timing models into a machine that has them.
 * The models are detached meanwhile, and begin cold in the loaded state.
 */
#include "devices/board/timing/cold.h"

#include "devices/board/machine.h"
#include "devices/board/timing/timed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void remove_models(struct state *state, unsigned harts)
{
	char name[STATE_NAME_MAX];

	state_remove(state, "timing");
	state_remove(state, "regions");
	for (unsigned n = 0; n < harts; n++) {
		snprintf(name, sizeof(name), "core%u", n);
		state_remove(state, name);
		snprintf(name, sizeof(name), "timed%u", n);
		state_remove(state, name);
	}
}

static struct state copy_of(const struct state *state)
{
	struct state copy = { .count = state->count };

	copy.parts = malloc(state->count * sizeof(*copy.parts));
	if (!copy.parts)
		abort();
	memcpy(copy.parts, state->parts, state->count * sizeof(*copy.parts));
	return copy;
}

struct state board_without_models(const struct board *board)
{
	struct state state = copy_of(&board->platform.state);

	remove_models(&state, board->harts.count);
	return state;
}

/*
 * Restores the order of the state's parts: the parts of the new models take the places of the old
 * ones'.
 */
static void restore_order(struct state *state, const struct state *before)
{
	struct state now = copy_of(state);

	assert(now.count == before->count);
	for (unsigned n = 0; n < before->count; n++)
		for (unsigned i = 0; i < now.count; i++)
			if (!strcmp(now.parts[i].name, before->parts[n].name))
				state->parts[n] = now.parts[i];
	state_free(&now);
}

int board_load_cold(struct board *board, int (*load)(void *ctx, struct state *state), void *ctx)
{
	struct state *state = &board->platform.state, before = copy_of(state);
	struct harts *harts = &board->harts;
	const struct roi roi = board->roi;
	u64 from = harts->hart[0]->timed->from;
	int error;

	for (unsigned n = 0; n < harts->count; n++)
		timed_detach(harts->hart[n]);
	remove_models(state, harts->count);
	error = load(ctx, state);
	board->roi.harts = NULL;
	if (board_attach_core(board, &board->timing) < 0)
		abort(); /* there is no memory, and the old model is gone */
	restore_order(state, &before);
	state_free(&before);
	board_time_from(board, from);
	board->roi.from = roi.from;
	board->roi.until = roi.until;
	board->roi.warm = roi.warm;
	if (roi_begin_cold(&board->roi) < 0)
		abort();
	return error;
}
