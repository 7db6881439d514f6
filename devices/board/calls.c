/* SPDX-License-Identifier: MIT */
/* Builds the call trees of harts, with the names of functions. See board/calls.h. */
#include "devices/board/calls.h"

#include "cpu/counters/event.h"
#include "cpu/timing/kind.h"
#include "devices/board/inspect/space.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timing.h"

#include <errno.h>
#include <stdlib.h>

const char *board_event_name(unsigned event)
{
	return event < timing_selector_count ? timing_selectors[event].name : NULL;
}

int board_count_calls(struct board *board, unsigned event, u64 period, bool by_place)
{
	int error = board_count_cycles(board, false);

	for (unsigned n = 0; n < board->harts.count && !error; n++) {
		struct timed *timed = board->harts.hart[n]->timed;

		if (!timed)
			return -ENOTSUP;
		board->accounts[n]->samples =
			timing_samples_create(&board->accounts[n]->names, timed->hart->isa,
					      timing_selectors[event].events, period);
		if (!board->accounts[n]->samples ||
		    (by_place && timing_samples_places(board->accounts[n]->samples) < 0))
			return -ENOMEM;
		timing_samples_move(board->accounts[n]->samples, timed->model);
	}
	return error;
}

static void calls_take(struct board *board, unsigned hart, unsigned first, struct board_call *call)
{
	const struct calls *calls = board->accounts[hart]->samples->calls;

	for (unsigned n = 0; n < calls->count; n++, call++) {
		const struct call_node *node = &calls->nodes[n];

		*call = (struct board_call){
			.parent = first + node->parent, .hart = hart, .calls = node->calls,
			.self = node->self, .nameless = node->begin & BOARD_NAMELESS,
			.begin = node->begin & ~BOARD_NAMELESS,
			.site = node->site & ~BOARD_NAMELESS,
		};
		if (node->depth)
			board_function_name(board, node->begin, call->name, sizeof(call->name));
		else
			snprintf(call->name, sizeof(call->name), "%s",
				 timing_mode_names[node->mode]);
	}
}

static void take_places(const struct call_places *places, unsigned first, struct board_calls *to)
{
	for (size_t n = 0; n < places->room; n++) {
		const struct call_place *place = &places->list[n];

		if (place->self)
			to->places[to->place_count++] = (struct board_call_place){
				first + place->node, place->place & ~BOARD_NAMELESS, place->self,
			};
	}
}

int board_calls(struct board *board, struct board_calls *calls)
{
	size_t room = 1, place_room = 1;

	for (unsigned h = 0; h < board->harts.count; h++)
		if (board->accounts[h] && board->accounts[h]->samples) {
			room += board->accounts[h]->samples->calls->count;
			place_room += board->accounts[h]->samples->places.count;
		}
	*calls = (struct board_calls){
		.calls = calloc(room, sizeof(*calls->calls)),
		.places = calloc(place_room, sizeof(*calls->places)),
	};
	if (!calls->calls || !calls->places) {
		board_calls_free(calls);
		return -ENOMEM;
	}
	for (unsigned h = 0; h < board->harts.count; h++)
		if (board->accounts[h] && board->accounts[h]->samples) {
			calls_take(board, h, calls->count, &calls->calls[calls->count]);
			take_places(&board->accounts[h]->samples->places, calls->count, calls);
			calls->count += board->accounts[h]->samples->calls->count;
			calls->full |= board->accounts[h]->samples->calls->unplaced > 0;
		}
	return 0;
}

void board_calls_free(struct board_calls *calls)
{
	free(calls->calls);
	free(calls->places);
	*calls = (struct board_calls){ 0 };
}
