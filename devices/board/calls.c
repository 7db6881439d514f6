/* SPDX-License-Identifier: MIT */
/* Trees of calls of harts, with the names of functions. See board/calls.h. */
#include "devices/board/calls.h"

#include "cpu/counters/event.h"
#include "cpu/timing/kind.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timing.h"

#include <errno.h>
#include <stdlib.h>

const char *board_event_name(unsigned event)
{
	return event < timing_selector_count ? timing_selectors[event].name : NULL;
}

int board_count_calls(struct board *board, unsigned event, u64 period)
{
	int error = board_count_cycles(board, false);

	for (unsigned n = 0; n < board->harts.count && !error; n++) {
		struct timed *timed = board->harts.hart[n]->timed;

		if (!timed)
			return -ENOTSUP;
		board->accounts[n]->samples = timing_samples_create(
			&board->accounts[n]->names, timing_selectors[event].events, period);
		if (!board->accounts[n]->samples)
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
			.self = node->self,
		};
		if (node->depth)
			board_function_name(board, node->begin, call->name, sizeof(call->name));
		else
			snprintf(call->name, sizeof(call->name), "%s",
				 timing_mode_names[node->mode]);
	}
}

struct board_call *board_calls(struct board *board, unsigned *count)
{
	struct board_call *calls;
	unsigned room = 1;

	*count = 0;
	for (unsigned h = 0; h < board->harts.count; h++)
		if (board->accounts[h] && board->accounts[h]->samples)
			room += board->accounts[h]->samples->calls->count;
	calls = calloc(room, sizeof(*calls));
	for (unsigned h = 0; calls && h < board->harts.count; h++)
		if (board->accounts[h] && board->accounts[h]->samples) {
			calls_take(board, h, *count, &calls[*count]);
			*count += board->accounts[h]->samples->calls->count;
		}
	return calls;
}
