/* SPDX-License-Identifier: MIT */
/*
 * Saves the parameters of the core that times the harts as a part of the machine's state, because a
 * model's state is valid only for a core with the same parameters.
 */
#include "cpu/timing/kind.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timed.h"

void board_core_register(struct board *board)
{
	const struct timing_kind *kind = board->timing.kind;

	for (unsigned n = 0; n < kind->count; n++)
		board->core_fields[n] = (struct state_field){
			.name = kind->params[n].name, .size = sizeof(u64), .count = 1,
			.offset = (u32)(offsetof(struct board, timing.values) + n * sizeof(u64)),
		};
	board->core_state = (struct state_type){
		.version = 1, .fields = board->core_fields, .count = kind->count,
		.fixed = kind->count,
	};
	state_register(&board->platform.state, "timing", &board->core_state, board);
}
