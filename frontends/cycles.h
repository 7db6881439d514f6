/* SPDX-License-Identifier: MIT */
/* `baya cycles`: what programs take on a core, beside what the core took. */
#ifndef FRONTENDS_CYCLES_H
#define FRONTENDS_CYCLES_H

struct options;

/*
 * Run each program of the table options->cycles.against, from the folder options->board.program,
 * and print each record with the table's and our cycles. Returns the exit code: 1 when a record is
 * further off than options->cycles.max_error percent.
 */
int cycles_against(const struct options *options);

#endif
