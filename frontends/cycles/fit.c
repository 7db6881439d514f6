/* SPDX-License-Identifier: MIT */
/*
 * Finds the parameters of a core that could explain its deviations from a table. In each round,
 * every parameter is changed by one step and all programs run. From the results Baya computes how
 * far each parameter should be changed, measures the most promising ones, and keeps the one that
 * explains most for the next round. The core file is never written: its author has to judge the
 * result.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/board.h"
#include "devices/board/timing/timing.h"
#include "frontends/cli/options.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/cycles/cycles.h"
#include "frontends/cycles/measure.h"

#define ROUNDS_MOST 8u
#define LEAST 0.02 /* the share of the remaining squared error that a parameter has to explain */
#define NEARLY 0.9 /* parameters that explain this share of what the best one does are named, too */
#define TRIED 4u /* moves that are measured in a round */
#define NOTHING 0.0005 /* in percent; the search ends below this mean error */
#define SHOWN 3u /* records shown for each parameter */
#define VALUE_MAX 24

/* One step of a parameter, and its effect on each record, as a fraction of the table's cycles. */
struct move {
	struct board_core_step step;
	double *by;
	/* By these steps the move is expected to reduce the remaining squared error by `hope`. */
	double steps, hope;
	char value[VALUE_MAX]; /* the value after this many steps */
	double explains; /* the share of the squared error, measured with the value */
};

struct fit {
	const struct options *options;
	struct cycles_table table;
	/* For each row: cycles, and the error not explained yet, as a fraction. */
	double *ours, *left;
	double *tried; /* cycles with the value of the move that is tried */
	double *now; /* the array in which a measurement is stored */
	struct move *moves;
	unsigned count;
	char core[1024]; /* with the values found so far */
};

/*
 * Stores the cycles of a record. Rows that say nothing about the core are left out: empty calls,
 * and rows whose program did not run or computed something else. A different number of instructions
 * is accepted, because programs that measure themselves in another way on the board count a few
 * more.
 */
static void fit_note(void *ctx, const struct cycles_row *row, const struct cycles_record *record)
{
	struct fit *fit = ctx;
	bool good = record && row->id > CYCLES_EMPTY_CALLS && record->extra == row->extra;

	fit->now[row - fit->table.rows] = good ? (double)record->cycles : NAN;
}

static int fit_measure(struct fit *fit, const char *core, double *cycles)
{
	struct options own = *fit->options;

	own.board.timing = core;
	fit->now = cycles;
	for (unsigned n = 0; n < fit->table.count; n++)
		cycles[n] = NAN;
	return cycles_measure(&own, &fit->table, fit_note, fit);
}

/* Finds the steps that can be made in the core's parameters. Returns an exit code. */
static int find_steps(struct fit *fit)
{
	struct board_core_step *steps = calloc(BOARD_CORE_STEPS_MAX, sizeof(*steps));
	struct options own = *fit->options;
	char name[CYCLES_CORE_NAME];
	struct board_error error;
	struct board *board;

	own.board.program = NULL;
	cycles_as_core(&own, fit->core, name);
	board = board_create(&own.board, &error);
	if (!board || !steps) {
		free(steps);
		return board ? complain_memory() : complain(&error);
	}
	fit->count = (unsigned)board_core_steps(board, steps, BOARD_CORE_STEPS_MAX);
	fit->moves = calloc(fit->count + 1, sizeof(*fit->moves));
	for (unsigned n = 0; fit->moves && n < fit->count; n++)
		fit->moves[n].step = steps[n];
	board_free(board);
	free(steps);
	return fit->moves ? EXIT_WELL : complain_memory();
}

/* Writes the core's name with one more value. */
static void fit_change(const struct fit *fit, const char *name, const char *value, char core[1200])
{
	snprintf(core, 1200, "%s,%s=%s", fit->core, name, value);
}

static double error_of(const struct fit *fit, unsigned row, const double *cycles)
{
	return 1 - cycles[row] / (double)fit->table.rows[row].cycles;
}

/* Returns the sum of the squared errors, without the rows that were not measured. */
static double fit_squares(const struct fit *fit, const double *cycles)
{
	double sum = 0;

	for (unsigned n = 0; n < fit->table.count; n++)
		if (!isnan(cycles[n]))
			sum += error_of(fit, n, cycles) * error_of(fit, n, cycles);
	return sum;
}

static int measure_moves(struct fit *fit)
{
	char core[1200];

	for (unsigned n = 0; n < fit->count; n++) {
		struct move *move = &fit->moves[n];
		int code;

		move->by = calloc(fit->table.count, sizeof(*move->by));
		if (!move->by)
			return complain_memory();
		fit_change(fit, move->step.name, move->step.to_text, core);
		code = fit_measure(fit, core, move->by);
		if (code != EXIT_WELL)
			return code;
		for (unsigned k = 0; k < fit->table.count; k++)
			move->by[k] =
				(move->by[k] - fit->ours[k]) / (double)fit->table.rows[k].cycles;
	}
	return EXIT_WELL;
}

/* Computes the parameter's value after the move's steps. */
static void put_value(struct move *move)
{
	const struct board_core_step *step = &move->step;
	double value = (double)step->from + move->steps * ((double)step->to - (double)step->from);

	if (!step->is_number)
		snprintf(move->value, sizeof(move->value), "%s", step->to_text);
	else
		snprintf(move->value, sizeof(move->value), "%.0f",
			 MAX((double)step->min, MIN((double)step->max, value)));
}

/* Computes by least squares how many steps of a move fit the remaining error best, and how much of
 * the error they should explain; the number of steps is never negative. */
static void fit_weigh(const struct fit *fit, struct move *move)
{
	double both = 0, own = 0;

	for (unsigned n = 0; n < fit->table.count; n++) {
		if (isnan(fit->left[n]) || isnan(move->by[n]))
			continue;
		both += fit->left[n] * move->by[n];
		own += move->by[n] * move->by[n];
	}
	move->steps = own > 0 ? MAX(both / own, 0) : 0;
	if (!move->step.is_number)
		move->steps = MIN(move->steps, 1);
	move->hope = 2 * move->steps * both - move->steps * move->steps * own;
	put_value(move);
	if (!strcmp(move->value, move->step.from_text))
		move->hope = 0;
}

/* Returns the move that promises most and has not been tried yet. */
static struct move *most_hopeful(const struct fit *fit)
{
	struct move *best = NULL;

	for (unsigned n = 0; n < fit->count; n++) {
		struct move *move = &fit->moves[n];

		if (move->hope > 0 && move->explains < 0 && (!best || move->hope > best->hope))
			best = move;
	}
	return best;
}

/* Measures the most promising moves; *best is the one that explains most. Returns an exit code. */
static int try_moves(struct fit *fit, struct move **best)
{
	double before = fit_squares(fit, fit->ours);
	char core[1200];

	*best = NULL;
	for (unsigned n = 0; n < fit->count; n++) {
		fit_weigh(fit, &fit->moves[n]);
		fit->moves[n].explains = -1;
	}
	for (unsigned n = 0; n < TRIED; n++) {
		struct move *move = most_hopeful(fit);
		int code;

		if (!move)
			break;
		fit_change(fit, move->step.name, move->value, core);
		code = fit_measure(fit, core, fit->tried);
		if (code != EXIT_WELL)
			return code;
		move->explains = MAX(1 - fit_squares(fit, fit->tried) / before, 0);
		if (!*best || move->explains > (*best)->explains)
			*best = move;
	}
	return EXIT_WELL;
}

/* Returns the mean remaining error in percent. */
static double mean_left(const struct fit *fit)
{
	double sum = 0;
	unsigned count = 0;

	for (unsigned n = 0; n < fit->table.count; n++)
		if (!isnan(fit->left[n])) {
			sum += fabs(fit->left[n]);
			count++;
		}
	return count ? 100 * sum / count : 0;
}

/* Prints the records that a move changes most, in the direction of their remaining error. */
static void print_records(const struct fit *fit, const struct move *move)
{
	const struct cycles_row *shown[SHOWN] = { NULL };

	for (unsigned n = 0; n < SHOWN; n++) {
		double most = 0;

		for (unsigned k = 0; k < fit->table.count; k++) {
			const struct cycles_row *row = &fit->table.rows[k];
			double gain = fit->left[k] * move->by[k];

			if (gain > most && row != shown[0] && row != shown[1]) {
				most = gain;
				shown[n] = row;
			}
		}
		if (shown[n])
			printf("%s%s %llu (%s)", n ? ", " : "     ", shown[n]->program,
			       shown[n]->id, shown[n]->label);
	}
	printf("\n");
}

static void print_move(const struct fit *fit, const struct move *best)
{
	printf("%-20s %7s -> %-7s %-14s explains %5.1f%%\n", best->step.name, best->step.from_text,
	       best->value, best->step.unit, 100 * best->explains);
	print_records(fit, best);
	for (unsigned n = 0; n < fit->count; n++) {
		const struct move *other = &fit->moves[n];

		if (other != best && other->explains >= NEARLY * best->explains)
			printf("     or %s %s -> %s: %.1f%%\n", other->step.name,
			       other->step.from_text, other->value, 100 * other->explains);
	}
	fflush(stdout);
}

static void forget_moves(struct fit *fit)
{
	for (unsigned n = 0; fit->moves && n < fit->count; n++)
		free(fit->moves[n].by);
	free(fit->moves);
	fit->moves = NULL;
	fit->count = 0;
}

/* Measures the core with the values found so far. Returns an exit code. */
static int measure_core(struct fit *fit)
{
	int code = fit_measure(fit, fit->core, fit->ours);

	for (unsigned n = 0; n < fit->table.count; n++)
		fit->left[n] = error_of(fit, n, fit->ours);
	return code;
}

/* Finds one more parameter and adds its value to the core; *found says whether there is one. */
static int look_for_one(struct fit *fit, bool *found)
{
	size_t size = strlen(fit->core);
	struct move *best = NULL;
	int code = find_steps(fit);

	if (code == EXIT_WELL)
		code = measure_moves(fit);
	if (code == EXIT_WELL)
		code = try_moves(fit, &best);
	*found = code == EXIT_WELL && best && best->explains >= LEAST;
	if (*found) {
		print_move(fit, best);
		snprintf(fit->core + size, sizeof(fit->core) - size, ",%s=%s", best->step.name,
			 best->value);
		code = measure_core(fit);
	}
	forget_moves(fit);
	return code;
}

static int fit_report(struct fit *fit)
{
	int code = measure_core(fit);
	bool found = code == EXIT_WELL;

	if (found)
		printf("--core=%s: mean error %.3f%%\n", fit->core, mean_left(fit));
	for (unsigned n = 0; found && n < ROUNDS_MOST && mean_left(fit) > NOTHING; n++)
		code = look_for_one(fit, &found);
	if (code == EXIT_WELL)
		printf("--core=%s: mean error %.3f%%\n", fit->core, mean_left(fit));
	return code;
}

int cycles_fit(const struct options *options)
{
	struct fit fit = { .options = options };
	struct board_error error;
	int code = EXIT_WELL;

	snprintf(fit.core, sizeof(fit.core), "%s", options->board.timing);
	if (cycles_table_read(&fit.table, options->cycles.against, &error) < 0)
		code = complain(&error);
	fit.ours = calloc(fit.table.count + 1, sizeof(double));
	fit.left = calloc(fit.table.count + 1, sizeof(double));
	fit.tried = calloc(fit.table.count + 1, sizeof(double));
	if (code == EXIT_WELL)
		code = fit.ours && fit.left && fit.tried ? fit_report(&fit) : complain_memory();
	forget_moves(&fit);
	free(fit.ours);
	free(fit.left);
	free(fit.tried);
	cycles_table_free(&fit.table);
	return code;
}
