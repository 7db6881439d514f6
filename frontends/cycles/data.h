/* SPDX-License-Identifier: MIT */
/*
 * The figures that `baya cycles` prints: those of each core, and a list of functions with their
 * figures on all cores. The writers (text.c, json.c, page.c) only read them.
 */
#ifndef FRONTENDS_CYCLES_DATA_H
#define FRONTENDS_CYCLES_DATA_H

#include <stdio.h>

#include "devices/board/timing/timing.h"
#include "frontends/cycles/cycles.h"

struct lines;

#define CYCLES_CORES_MAX 8
#define CYCLES_TEXT_MAX 64

struct cycles_core {
	char *name; /* as given on the command line, with values of parameters */
	/*
	 * The cycles and instructions of the run or of its regions of interest. Its causes are the
	 * sums of the functions' causes.
	 */
	struct board_cost total;
	/*
	 * Cycles that belong to no function: those before the timing model began, and those of
	 * instructions in flight at the end.
	 */
	struct board_cost outside;
	u64 events[BOARD_EVENTS_MAX]; /* of all harts and modes, indexed as board_event_name() */
	struct board_profile profile;
	/* The disassembly of the instructions; NULL: not asked for. */
	char (*texts)[CYCLES_TEXT_MAX];
};

/* A function that ran on any of the cores. */
struct cycles_function {
	const char *name;
	/* Indexed by core; NULL: it did not run there. */
	const struct board_function *of[CYCLES_CORES_MAX];
};

struct cycles_data {
	const char *program;
	struct cycles_core cores[CYCLES_CORES_MAX];
	unsigned count;
	/* Sorted by the first core's cycles, then by the others'. */
	struct cycles_function *functions;
	unsigned function_count;
};

/*
 * Copies the next core's figures from a machine that has run with so many harts. Returns 0 or
 * -ENOMEM.
 */
int cycles_data_take(struct cycles_data *data, struct board *board, unsigned harts,
		     bool with_texts);

/*
 * Makes the list of functions from those of all cores. Called after the last core. Returns 0 or
 * -ENOMEM.
 */
int cycles_data_join(struct cycles_data *data);
void cycles_data_free(struct cycles_data *data);

/* Returns the cost of a function on a core; if it did not run there, a cost of zeros. */
const struct board_cost *cycles_cost(const struct cycles_function *function, unsigned core);

/* Returns whether any core spent cycles on this cause. */
bool cycles_has_cause(const struct cycles_data *data, unsigned cause);

/*
 * Write the figures in one format. Return 0, or a negative errno if writing failed. The text goes
 * to a standard stream, which is checked when the program ends.
 */
void cycles_write_text(const struct cycles_data *data, FILE *out);
int cycles_write_json(const struct cycles_data *data, FILE *out);
int cycles_write_page(const struct cycles_data *data, const struct lines *lines, FILE *out);

#endif
