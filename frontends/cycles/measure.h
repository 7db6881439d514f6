/* SPDX-License-Identifier: MIT */
/*
 * Runs programs that measure themselves: they leave records of four 64-bit words (id, cycles,
 * instret and extra) in memory, between the symbols begin_signature and end_signature.
 */
#ifndef FRONTENDS_CYCLES_MEASURE_H
#define FRONTENDS_CYCLES_MEASURE_H

#include "frontends/cycles/table.h"

struct options;

struct cycles_record {
	u64 id, cycles, instret, extra;
};

/*
 * Records with ids up to this measure the overhead of measuring, so an error in them affects all
 * records.
 */
#define CYCLES_EMPTY_CALLS 2

/*
 * Called with a row of the table and the record that was measured, which is NULL if there is none
 * with the row's id.
 */
typedef void cycles_found_fn(void *ctx, const struct cycles_row *row,
			     const struct cycles_record *record);

/*
 * Runs the programs of a table whose names match options->cycles.only, from the folder
 * options->board.program on the core options->board.timing, and calls `found` for each of their
 * rows. Returns an exit code, after printing an error if there was one.
 */
int cycles_measure(const struct options *options, const struct cycles_table *table,
		   cycles_found_fn *found, void *ctx);

#endif
