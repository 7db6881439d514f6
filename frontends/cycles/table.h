/* SPDX-License-Identifier: MIT */
/*
 * Tables of measured cycles, with a line for each record of a program: the columns program, id,
 * label, cycles, instret and extra, separated by tabs (tests/cycles).
 */
#ifndef FRONTENDS_CYCLES_TABLE_H
#define FRONTENDS_CYCLES_TABLE_H

#include "bus/base.h"

struct board_error;

struct cycles_row {
	char program[64], label[96];
	u64 id, cycles, instret, extra;
	unsigned line; /* its line in the file */
};

struct cycles_table {
	struct cycles_row *rows; /* rows of one program are adjacent */
	unsigned count;
};

/*
 * Reads a table. Returns 0, or -1 with *error, which names the file and the line. Call
 * cycles_table_free in either case.
 */
int cycles_table_read(struct cycles_table *table, const char *path, struct board_error *error);
void cycles_table_free(struct cycles_table *table);

#endif
