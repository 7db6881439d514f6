/* SPDX-License-Identifier: MIT */
/* Prints the statistics of a run as JSON. */
#include "frontends/report/stats.h"

#include "devices/board/calls.h"
#include "bus/platform.h"
#include "frontends/cli/options.h"
#include "frontends/qmp/json.h"

typedef unsigned long long ull;

static const char *const tier_names[] = {
	[ENGINE_INTERP] = "interp",
	[ENGINE_THREADED] = "threaded",
};

/* Returns the cycles that belong to no mode: before the model began, and in flight at the end. */
static u64 stats_outside(const struct stats_hart *hart)
{
	u64 cycles = hart->cycles;

	for (unsigned m = 0; board_mode_name(m); m++)
		cycles -= hart->modes[m].cycles;
	return cycles;
}

static void print_memo(const struct board_memo *memo, unsigned hart, FILE *out)
{
	fprintf(out, "%s{\"instructions\":%llu,\"pieces\":%llu,\"stepped\":%llu,"
		     "\"states\":%llu,\"bytes\":%llu,\"dropped\":%llu}", hart ? "," : "",
		(ull)memo->records, (ull)memo->pieces, (ull)memo->stepped, (ull)memo->states,
		(ull)memo->bytes, (ull)memo->dropped);
}

/* Only events that happened are printed. */
static void print_events(const u64 *events, FILE *out)
{
	const char *comma = "";

	fprintf(out, ",\"events\":{");
	for (unsigned n = 0; n < BOARD_EVENTS_MAX; n++) {
		if (!events[n])
			continue;
		fprintf(out, "%s\"%s\":%llu", comma, board_event_name(n), (ull)events[n]);
		comma = ",";
	}
	fprintf(out, "}");
}

static void print_hart(const struct stats_hart *hart, FILE *out)
{
	const char *comma = "";

	fprintf(out, "{\"cycles\":%llu,\"outside\":%llu,\"modes\":{", (ull)hart->cycles,
		(ull)stats_outside(hart));
	for (unsigned m = 0; board_mode_name(m); m++) {
		if (!hart->modes[m].cycles && !hart->modes[m].instructions)
			continue;
		fprintf(out, "%s\"%s\":{", comma, board_mode_name(m));
		json_put_cost(out, &hart->modes[m], 0);
		print_events(hart->events[m], out);
		fprintf(out, "}");
		comma = ",";
	}
	fprintf(out, "}}");
}

/* Prints how each hart's figures were computed; this can differ between runs with the same
 * figures. */
static void print_memos(const struct stats_run *run, FILE *out)
{
	fprintf(out, ",\"memo\":[");
	for (unsigned n = 0; n < run->hart_count; n++)
		print_memo(&run->harts[n].memo, n, out);
	fprintf(out, "]");
}

static void print_timing(const struct stats_run *run, FILE *out)
{
	fprintf(out, ",\"timing\":{\"core\":");
	json_put_string(out, run->core);
	if (run->in_regions)
		fprintf(out, ",\"regions\":{\"count\":%llu,\"cycles\":%llu,"
			     "\"instructions\":%llu}", (ull)run->regions,
			(ull)run->region.cycles, (ull)run->region.instructions);
	fprintf(out, ",\"harts\":[");
	for (unsigned n = 0; n < run->hart_count; n++) {
		if (n)
			fputc(',', out);
		print_hart(&run->harts[n], out);
	}
	fprintf(out, "]}");
}

void stats_take_harts(struct stats_run *stats, struct board *board, unsigned harts)
{
	stats->core = board_core(board);
	stats->in_regions = board_regions(board, &stats->regions, &stats->region);
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

void stats_print(const struct stats_run *run, FILE *out)
{
	const struct board_stats *board = &run->board;
	double mips = run->seconds > 0 ? (double)board->instructions / run->seconds / 1e6 : 0;

	fprintf(out, "{\"instructions\":%llu,\"cycles\":%llu,\"seconds\":%.6f,\"mips\":%.3f,"
		     "\"tiers\":{", (ull)board->instructions, (ull)board->cycles, run->seconds,
		mips);
	for (unsigned i = 0; i < ARRAY_SIZE(tier_names); i++)
		fprintf(out, "%s\"%s\":%llu", i ? "," : "", tier_names[i],
			(ull)board->tier_instructions[i]);
	fprintf(out, "}");
	if (run->core)
		print_timing(run, out);
	if (run->core && run->harts[0].has_memo)
		print_memos(run, out);
	if (run->with_hash)
		fprintf(out, ",\"state_hash\":\"%016llx\"", (ull)run->hash);
	fprintf(out, "}\n");
}

void stats_tell(struct board *board, const struct options *options, u64 ns)
{
	struct stats_run stats = { .with_hash = options->state_hash };

	stats.seconds = (double)ns / NS_PER_S;
	board_stats(board, &stats.board);
	stats_take_harts(&stats, board, options->board.harts);
	if (stats.with_hash)
		stats.hash = state_hash(&board_platform(board)->state);
	stats_print(&stats, stderr);
}
