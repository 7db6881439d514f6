/* SPDX-License-Identifier: MIT */
/* Prints the statistics of a run as JSON. */
#include "frontends/report/stats.h"

#include "bus/platform.h"
#include "frontends/cli/options.h"
#include "frontends/report/json.h"

/* Returns the cycles that belong to no mode: those before the model began, and those in flight at
 * the end. */
static u64 stats_outside(const struct stats_hart *hart)
{
	u64 cycles = hart->cycles;

	for (unsigned m = 0; board_mode_name(m); m++)
		cycles -= hart->modes[m].cycles;
	return cycles;
}

static json_t *memo_object(const struct board_memo *memo)
{
	json_t *object = json_object();

	report_count(object, "instructions", memo->records);
	report_count(object, "traces", memo->traces);
	report_count(object, "stepped", memo->stepped);
	report_count(object, "states", memo->states);
	report_count(object, "bytes", memo->bytes);
	report_count(object, "dropped", memo->dropped);
	return object;
}

static json_t *hart_object(const struct stats_hart *hart)
{
	json_t *object = json_object(), *modes = json_object();

	for (unsigned m = 0; board_mode_name(m); m++) {
		json_t *mode;

		if (!hart->modes[m].cycles && !hart->modes[m].instructions)
			continue;
		mode = json_object();
		report_cost(mode, &hart->modes[m], 0);
		json_object_set_new(mode, "events", report_events(hart->events[m]));
		json_object_set_new(modes, board_mode_name(m), mode);
	}
	report_count(object, "cycles", hart->cycles);
	report_count(object, "outside", stats_outside(hart));
	json_object_set_new(object, "modes", modes);
	return object;
}

/* Returns how each hart's figures were computed, which can differ between runs with equal
 * figures. */
static json_t *memo_array(const struct stats_run *run)
{
	json_t *array = json_array();

	for (unsigned n = 0; n < run->hart_count; n++)
		json_array_append_new(array, memo_object(&run->harts[n].memo));
	return array;
}

static json_t *regions_object(const struct stats_run *run)
{
	json_t *regions = json_object();

	report_count(regions, "count", run->regions);
	report_count(regions, "cycles", run->region.cycles);
	report_count(regions, "instructions", run->region.instructions);
	if (!run->has_extremes)
		return regions;
	report_count(regions, "shortest", run->extremes.shortest);
	report_count(regions, "longest", run->extremes.longest);
	report_count(regions, "longest_from", run->extremes.longest_from);
	return regions;
}

static json_t *timing_object(const struct stats_run *run)
{
	json_t *object = json_object(), *harts = json_array();

	json_object_set_new(object, "core", report_text(run->core));
	if (run->in_roi)
		json_object_set_new(object, "regions", regions_object(run));
	for (unsigned n = 0; n < run->hart_count; n++)
		json_array_append_new(harts, hart_object(&run->harts[n]));
	json_object_set_new(object, "harts", harts);
	return object;
}

static json_t *tiers_object(const struct board_stats *board)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < ENGINE_COUNT; i++)
		report_count(object, board_engine_name(i), board->tier_instructions[i]);
	return object;
}

static json_t *code_object(const struct board_code *code)
{
	json_t *object = json_object();

	report_count(object, "decoded", code->decoded);
	report_count(object, "dropped", code->dropped);
	report_count(object, "translated", code->translated);
	report_count(object, "instructions", code->instructions);
	report_count(object, "bytes", code->bytes);
	report_count(object, "cold_bytes", code->cold_bytes);
	report_count(object, "evictions", code->evictions);
	report_count(object, "visited", code->visited);
	return object;
}

static json_t *tlb_object(const struct board_stats *board)
{
	json_t *object = json_object();

	report_count(object, "misses", board->tlb_misses);
	report_count(object, "walks", board->tlb_walks);
	return object;
}

/* Collects the figures of each hart's core, if the machine times any. */
static void take_harts(struct stats_run *stats, struct board *board, unsigned harts)
{
	stats->core = board_core(board);
	stats->in_roi = board_roi(board, &stats->regions, &stats->region);
	stats->has_extremes = board_roi_extremes(board, &stats->extremes);
	for (; stats->core && stats->hart_count < harts; stats->hart_count++) {
		struct stats_hart *hart = &stats->harts[stats->hart_count];

		hart->cycles = board_hart_cycles(board, stats->hart_count);
		hart->has_memo = board_memo(board, stats->hart_count, &hart->memo);
		for (unsigned m = 0; board_mode_name(m); m++) {
			board_mode_cost(board, stats->hart_count, m, &hart->modes[m]);
			board_mode_events(board, stats->hart_count, m, hart->events[m]);
		}
	}
}

int stats_print(const struct stats_run *run, FILE *out)
{
	const struct board_stats *board = &run->board;
	double mips = run->seconds > 0 ? (double)board->instructions / run->seconds / 1e6 : 0;
	json_t *stats = json_object();

	report_count(stats, "instructions", board->instructions);
	report_count(stats, "cycles", board->cycles);
	json_object_set_new(stats, "seconds", json_real(run->seconds));
	json_object_set_new(stats, "mips", json_real(mips));
	json_object_set_new(stats, "tiers", tiers_object(board));
	if (board_engine_lacks())
		json_object_set_new(stats, "native_needs", report_text(board_engine_lacks()));
	json_object_set_new(stats, "code", code_object(&board->code));
	json_object_set_new(stats, "tlb", tlb_object(board));
	if (run->core)
		json_object_set_new(stats, "timing", timing_object(run));
	if (run->core && run->harts[0].has_memo)
		json_object_set_new(stats, "memo", memo_array(run));
	if (run->with_hash)
		json_object_set_new(stats, "state_hash", json_sprintf("%016llx", run->hash));
	return report_write(stats, out, JSON_COMPACT);
}

int stats_report(struct board *board, const struct options *options, u64 ns)
{
	struct stats_run stats = { .with_hash = options->state_hash };

	stats.seconds = (double)ns / NS_PER_S;
	board_stats(board, &stats.board);
	take_harts(&stats, board, options->board.harts);
	if (stats.with_hash)
		stats.hash = state_hash(&board_platform(board)->state);
	return stats_print(&stats, stderr);
}
