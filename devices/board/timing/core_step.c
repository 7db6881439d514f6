/* SPDX-License-Identifier: MIT */
/*
 * Lists the cores that differ from the board's by one step of one parameter; this needs the
 * neighbouring values of any parameter of any model. Also checks the text of --timing=CORE.
 */
#include "cpu/timing/kind.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timed.h"
#include "devices/board/timing/timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_EACH 8u /* the most steps of one parameter: all its words, or up and down */
#define FINE 8u /* a number changes by its value divided by this */

/*
 * Returns whether the parameter is a size, which changes by a factor of two because tables and
 * caches need powers of two.
 */
static bool is_size(const struct timing_param *param)
{
	static const char *const units[] = { "sets", "ways", "bytes", "entries", "counters",
					     "targets" };

	for (unsigned n = 0; n < ARRAY_SIZE(units); n++)
		if (!strcmp(param->unit, units[n]))
			return true;
	return false;
}

/*
 * Returns whether the parameter is one of those by which a model is fitted to a core. The clock's
 * frequency and the addresses of memory are not properties of the pipeline.
 */
static bool is_fitted(const struct timing_param *param)
{
	return strcmp(param->unit, "Hz") != 0 && strcmp(param->unit, "address") != 0 &&
	       strncmp(param->name, "memory.cached", strlen("memory.cached")) != 0;
}

/*
 * Finds the `number`-th value that is one step from the present one: any other word, or, for a
 * number, first the next larger and then the next smaller one. Returns whether there is one.
 */
static bool other_value(const struct timing_param *param, u64 value, unsigned number, u64 *other)
{
	u64 fine = MAX(value / FINE, 1);

	if (strchr(param->unit, '|')) {
		*other = number < value ? number : number + 1u;
		return *other <= param->max;
	}
	if (number > 1)
		return false;
	if (is_size(param) && value)
		*other = number ? value / 2 : value * 2;
	else
		*other = number ? value - fine : value + fine;
	return *other >= param->min && *other <= param->max && (number ? *other < value : true);
}

/* Prints a value as in a core file, without the unit. */
static void put_value(const struct timing_param *param, u64 value, char *text, size_t size)
{
	const char *word = param->unit;

	if (!strchr(word, '|')) {
		snprintf(text, size, "%llu", value);
		return;
	}
	for (; value; value--)
		word += strcspn(word, "|") + 1;
	snprintf(text, size, "%.*s", (int)strcspn(word, "|"), word);
}

static bool make_step(const struct timing_core *core, unsigned index, unsigned number,
		      struct board_core_step *step)
{
	const struct timing_param *param = &core->kind->params[index];
	struct timing_core changed = *core;
	struct timing_error error = { .where = "" };
	bool words = strchr(param->unit, '|');

	if (!is_fitted(param) ||
	    !other_value(param, core->values[index], number, &changed.values[index]) ||
	    timing_core_check(&changed, &error) < 0)
		return false;
	*step = (struct board_core_step){
		.name = param->name, .unit = words ? "" : param->unit, .meaning = param->source,
		.from = core->values[index], .to = changed.values[index],
		.min = param->min, .max = param->max, .is_number = !words && !is_size(param),
	};
	put_value(param, step->from, step->from_text, sizeof(step->from_text));
	put_value(param, step->to, step->to_text, sizeof(step->to_text));
	return true;
}

int board_core_steps(const struct board *board, struct board_core_step *steps, unsigned most)
{
	const struct timing_core *core = &board->timing;
	unsigned count = 0;

	for (unsigned index = 0; core->kind && index < core->kind->count; index++)
		for (unsigned number = 0; number < STEPS_EACH && count < most; number++)
			count += make_step(core, index, number, &steps[count]);
	return (int)count;
}

static void print_parameter(const struct timing_param *param, u64 value, FILE *out)
{
	bool words = strchr(param->unit, '|');
	char text[64];

	put_value(param, value, text, sizeof(text));
	fprintf(out, "%s=%s", param->name, text);
	if (words)
		fprintf(out, " (%s)", param->unit);
	else
		fprintf(out, " %s (%llu to %llu)", param->unit, param->min, param->max);
	fprintf(out, ": %s\n", param->source);
}

/* Reads a core's description when there is no machine. */
static int read_core(const struct board_config *config, struct timing_core *core,
		     struct board_error *error)
{
	struct board *board = calloc(1, sizeof(*board));
	int failed;

	if (!board)
		return board_error_memory(error);
	board->config = *config;
	board->error = error;
	failed = board_read_core(board, config->timing, core);
	free(board);
	return failed;
}

int board_core_help(const struct board_config *config, void *file, struct board_error *error)
{
	struct timing_core core;
	int failed = read_core(config, &core, error);

	for (unsigned n = 0; !failed && n < core.kind->count; n++)
		print_parameter(&core.kind->params[n], core.values[n], file);
	return failed;
}

void board_core_parameters(const struct board_config *config,
			   void (*print)(void *ctx, const char *name, const char *unit), void *ctx)
{
	struct board_error error;
	struct timing_core core;
	int failed = read_core(config, &core, &error);

	for (unsigned n = 0; !failed && n < core.kind->count; n++)
		print(ctx, core.kind->params[n].name, core.kind->params[n].unit);
}
