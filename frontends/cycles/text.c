/* SPDX-License-Identifier: MIT */
/*
 * Writes the report of `baya cycles` for a terminal: the functions with their cycles on each core,
 * side by side, the causes on which all cycles were spent, and the events. In the first two tables
 * the lines add up to the total.
 */
#include "devices/board/calls.h"
#include "frontends/cycles/data.h"

#define OUTSIDE "(before and under way)"

static void print_cost(const struct cycles_core *core, FILE *out, u64 cycles, u64 instructions)
{
	u64 all = core->total.cycles;

	fprintf(out, " %12llu %12llu ", cycles, instructions);
	if (instructions)
		fprintf(out, "%6.3f", (double)cycles / (double)instructions);
	else
		fprintf(out, "%6s", "-");
	fprintf(out, " %5.1f%%", all ? 100.0 * (double)cycles / (double)all : 0);
}

static void cycles_text_print_heading(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "%-28s", "");
	for (unsigned n = 0; n < data->count; n++)
		fprintf(out, " %39.39s", data->cores[n].name);
	fprintf(out, "\n%-28s", "function");
	for (unsigned n = 0; n < data->count; n++)
		fprintf(out, " %12s %12s %6s %6s", "cycles", "instructions", "CPI", "share");
	fprintf(out, "\n");
}

static void cycles_text_print_functions(const struct cycles_data *data, FILE *out)
{
	for (unsigned f = 0; f < data->function_count; f++) {
		fprintf(out, "%-28.28s", data->functions[f].name);
		for (unsigned n = 0; n < data->count; n++) {
			const struct board_cost *cost = cycles_cost(&data->functions[f], n);

			print_cost(&data->cores[n], out, cost->cycles, cost->instructions);
		}
		fprintf(out, "\n");
	}
	fprintf(out, "%-28s", OUTSIDE);
	for (unsigned n = 0; n < data->count; n++)
		print_cost(&data->cores[n], out, data->cores[n].outside.cycles,
			   data->cores[n].outside.instructions);
	fprintf(out, "\n");
}

static void print_total(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "%-28s", "total");
	for (unsigned n = 0; n < data->count; n++)
		print_cost(&data->cores[n], out, data->cores[n].total.cycles,
			   data->cores[n].total.instructions);
	fprintf(out, "\n");
}

/* Prints the CPI stack. Its layers are relative to all instructions, so they add up to the CPI. */
static void print_stack(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "\nspent on\n");
	for (unsigned cause = 0; board_cause_name(cause); cause++) {
		if (!cycles_has_cause(data, cause))
			continue;
		fprintf(out, "%-28s", board_cause_name(cause));
		for (unsigned n = 0; n < data->count; n++)
			print_cost(&data->cores[n], out, data->cores[n].total.causes[cause],
				   data->cores[n].total.instructions);
		fprintf(out, "\n");
	}
	fprintf(out, "%-28s", OUTSIDE);
	for (unsigned n = 0; n < data->count; n++)
		print_cost(&data->cores[n], out, data->cores[n].outside.cycles,
			   data->cores[n].total.instructions);
	fprintf(out, "\n");
	print_total(data, out);
}

static bool has_event(const struct cycles_data *data, unsigned event)
{
	for (unsigned n = 0; n < data->count; n++)
		if (data->cores[n].events[event])
			return true;
	return false;
}

/* Prints the events that happened on any of the cores, also per 1000 instructions. */
static void print_events(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "\n%-28s", "event");
	for (unsigned n = 0; n < data->count; n++)
		fprintf(out, " %12s %26s", "times", "per 1000 instructions");
	fprintf(out, "\n");
	for (unsigned event = 0; event < BOARD_EVENTS_MAX; event++) {
		if (!has_event(data, event))
			continue;
		fprintf(out, "%-28s", board_event_name(event));
		for (unsigned n = 0; n < data->count; n++) {
			u64 times = data->cores[n].events[event];

			fprintf(out, " %12llu %26.3f", times,
				1000.0 * (double)times /
					(double)MAX(data->cores[n].total.instructions, 1ull));
		}
		fprintf(out, "\n");
	}
}

void cycles_write_text(const struct cycles_data *data, FILE *out)
{
	cycles_text_print_heading(data, out);
	cycles_text_print_functions(data, out);
	print_total(data, out);
	print_stack(data, out);
	print_events(data, out);
}
