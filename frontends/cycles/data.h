/* SPDX-License-Identifier: MIT */
/*
 * What `baya cycles` found out: of each core all its figures, and the functions of all of them
 * side by side. The writers (cycles_text.c, cycles_json.c, cycles_page.c) only read it.
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
	char *name; /* as it was given, with values behind it */
	struct board_cost total; /* its causes are those of the functions */
	/* What belongs to no function: before the model began, and what is under way at the end. */
	struct board_cost outside;
	struct board_profile profile;
	char (*texts)[CYCLES_TEXT_MAX]; /* of the places, if wanted; else NULL */
};

/* A function of any of the cores. */
struct cycles_function {
	const char *name;
	const struct board_function *of[CYCLES_CORES_MAX]; /* by core; NULL: it did not run there */
};

struct cycles_data {
	const char *program;
	struct cycles_core cores[CYCLES_CORES_MAX];
	unsigned count;
	struct cycles_function *functions; /* by the first core's cycles, then by the others' */
	unsigned function_count;
};

/* Take the next core's figures off a machine that has run. 0 or -ENOMEM. */
int cycles_data_take(struct cycles_data *data, struct board *board, bool with_texts);

/* When all cores are there: join their functions. 0 or -ENOMEM. */
int cycles_data_join(struct cycles_data *data);
void cycles_data_free(struct cycles_data *data);

/* A cost that is nothing, for what did not run; the cost of a function on a core. */
const struct board_cost *cycles_cost(const struct cycles_function *function, unsigned core);

/* Was anything spent on it, on any core? */
bool cycles_spent_on(const struct cycles_data *data, unsigned cause);

/* The writers. 0, or -EIO when the file did not take it all. */
int cycles_write_text(const struct cycles_data *data, FILE *out);
int cycles_write_json(const struct cycles_data *data, FILE *out);
int cycles_write_page(const struct cycles_data *data, const struct lines *lines, FILE *out);

#endif
