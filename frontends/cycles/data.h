/* SPDX-License-Identifier: MIT */
/*
 * The figures that `baya cycles` prints: for each core all of them, and the functions of all cores
 * side by side. The writers (text.c, json.c, page.c) only read them.
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
	char *name; /* as it was given, including values of parameters */
	struct board_cost total; /* its causes are those of the functions */
	/* Cycles that belong to no function: before the model began, and in flight at the end. */
	struct board_cost outside;
	struct board_profile profile;
	char (*texts)[CYCLES_TEXT_MAX]; /* of the instructions, if wanted; else NULL */
};

/* A function that ran on any of the cores. */
struct cycles_function {
	const char *name;
	const struct board_function *of[CYCLES_CORES_MAX]; /* by core; NULL: it did not run there */
};

struct cycles_data {
	const char *program;
	struct cycles_core cores[CYCLES_CORES_MAX];
	unsigned count;
	/* Sorted by the first core's cycles, then by the others'. */
	struct cycles_function *functions;
	unsigned function_count;
};

/* Takes the next core's figures from a machine that has run. Returns 0 or -ENOMEM. */
int cycles_data_take(struct cycles_data *data, struct board *board, bool with_texts);

/* Called after the last core: joins their functions. Returns 0 or -ENOMEM. */
int cycles_data_join(struct cycles_data *data);
void cycles_data_free(struct cycles_data *data);

/* Returns the cost of a function on a core; if it did not run there, a cost of zeros. */
const struct board_cost *cycles_cost(const struct cycles_function *function, unsigned core);

/* Returns whether any core spent cycles on this cause. */
bool cycles_spent_on(const struct cycles_data *data, unsigned cause);

/* The writers. They return 0, or -EIO when writing failed. */
int cycles_write_text(const struct cycles_data *data, FILE *out);
int cycles_write_json(const struct cycles_data *data, FILE *out);
int cycles_write_page(const struct cycles_data *data, const struct lines *lines, FILE *out);

#endif
