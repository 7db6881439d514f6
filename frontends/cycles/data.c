/* SPDX-License-Identifier: MIT */
/* Collects the figures of the cores from the machines, and joins them; see data.h. */
#include "frontends/cycles/data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/board.h"
#include "devices/board/timing/regions.h"

static int take_texts(struct cycles_core *core, struct board *board)
{
	unsigned count = core->profile.place_count;

	core->texts = calloc(count + 1u, sizeof(*core->texts));
	if (!core->texts)
		return -ENOMEM;
	for (unsigned n = 0; n < count; n++)
		board_place_text(board, &core->profile.places[n], core->texts[n],
				 sizeof(core->texts[n]));
	return 0;
}

/* Adds up the events of all harts in all modes. */
static void take_events(struct cycles_core *core, struct board *board, unsigned harts)
{
	for (unsigned hart = 0; hart < harts; hart++)
		for (unsigned mode = 0; board_mode_name(mode); mode++) {
			u64 events[BOARD_EVENTS_MAX] = { 0 };

			board_mode_events(board, hart, mode, events);
			for (unsigned n = 0; n < BOARD_EVENTS_MAX; n++)
				core->events[n] += events[n];
		}
}

int cycles_data_take(struct cycles_data *data, struct board *board, unsigned harts, bool with_texts)
{
	struct cycles_core *core = &data->cores[data->count++];
	const char *name = board_core(board);
	struct board_stats stats;
	u64 regions;

	core->name = strdup(name ? name : "none");
	if (!core->name || board_profile(board, &core->profile) < 0)
		return -ENOMEM;
	/* The total is that of the regions of interest, if there are any, else that of the whole
	 * run. */
	if (!board_roi(board, &regions, &core->total)) {
		board_stats(board, &stats);
		core->total.cycles = stats.cycles;
		core->total.instructions = stats.instructions;
	}
	take_events(core, board, harts);
	core->outside = core->total;
	for (unsigned n = 0; n < core->profile.function_count; n++) {
		const struct board_cost *cost = &core->profile.functions[n].cost;

		core->outside.cycles -= cost->cycles;
		core->outside.instructions -= cost->instructions;
		for (unsigned c = 0; c < BOARD_CAUSES_MAX; c++)
			core->total.causes[c] += cost->causes[c];
	}
	return with_texts ? take_texts(core, board) : 0;
}

static int by_name(const void *a, const void *b)
{
	const struct cycles_function *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* Compares functions by their cycles on the first core, then by those on the next one, and so
 * on. */
static int by_cycles(const void *a, const void *b)
{
	const struct cycles_function *one = a, *other = b;

	for (unsigned n = 0; n < CYCLES_CORES_MAX; n++) {
		u64 mine = cycles_cost(one, n)->cycles, theirs = cycles_cost(other, n)->cycles;

		if (!one->of[n] != !other->of[n])
			return one->of[n] ? -1 : 1;
		if (mine != theirs)
			return mine < theirs ? 1 : -1;
	}
	return by_name(a, b);
}

int cycles_data_join(struct cycles_data *data)
{
	struct cycles_function *functions;
	unsigned count = 0, kept = 0;

	for (unsigned n = 0; n < data->count; n++)
		count += data->cores[n].profile.function_count;
	functions = data->functions = calloc(count + 1u, sizeof(*functions));
	if (!functions)
		return -ENOMEM;
	count = 0;
	for (unsigned n = 0; n < data->count; n++)
		for (unsigned f = 0; f < data->cores[n].profile.function_count; f++) {
			const struct board_function *function =
				&data->cores[n].profile.functions[f];

			functions[count].name = function->name;
			functions[count++].of[n] = function;
		}
	qsort(functions, count, sizeof(*functions), by_name);
	for (unsigned f = 1; f < count; f++) {
		if (by_name(&functions[kept], &functions[f]))
			functions[++kept] = functions[f];
		for (unsigned n = 0; n < data->count; n++)
			if (functions[f].of[n])
				functions[kept].of[n] = functions[f].of[n];
	}
	data->function_count = count ? kept + 1 : 0;
	qsort(functions, data->function_count, sizeof(*functions), by_cycles);
	return 0;
}

void cycles_data_free(struct cycles_data *data)
{
	for (unsigned n = 0; n < data->count; n++) {
		board_profile_free(&data->cores[n].profile);
		free(data->cores[n].name);
		free(data->cores[n].texts);
	}
	free(data->functions);
	*data = (struct cycles_data){ 0 };
}

const struct board_cost *cycles_cost(const struct cycles_function *function, unsigned core)
{
	static const struct board_cost nothing;

	return function->of[core] ? &function->of[core]->cost : &nothing;
}

bool cycles_has_cause(const struct cycles_data *data, unsigned cause)
{
	for (unsigned n = 0; n < data->count; n++)
		if (data->cores[n].total.causes[cause])
			return true;
	return false;
}
