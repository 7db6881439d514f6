/* SPDX-License-Identifier: MIT */
/*
 * Programs that measure themselves: they leave records of four 64-bit words, id, cycles, instret
 * and extra, between the symbols begin_signature and end_signature.
 */
#ifndef FRONTENDS_CYCLES_MEASURE_H
#define FRONTENDS_CYCLES_MEASURE_H

#include "frontends/cycles/table.h"

struct options;

struct cycles_record {
	u64 id, cycles, instret, extra;
};

/* Ids up to this measure nothing: what is off there is off everywhere. */
#define CYCLES_EMPTY_CALLS 2

/* A row, and what was measured; NULL: nothing. */
typedef void cycles_found_fn(void *ctx, const struct cycles_row *row,
			     const struct cycles_record *record);

/*
 * Run the programs of a table, of those that options->cycles.only names, from the folder
 * options->board.program on the core options->board.timing, and tell of each of their rows.
 * Returns an exit code; what went wrong has been said.
 */
int cycles_measure(const struct options *options, const struct cycles_table *table,
		   cycles_found_fn *found, void *ctx);

#endif
