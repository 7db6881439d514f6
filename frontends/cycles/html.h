/* SPDX-License-Identifier: MIT */
/* Writes the HTML that the parts of a page share. The output is well-formed XML, too. */
#ifndef FRONTENDS_CYCLES_HTML_H
#define FRONTENDS_CYCLES_HTML_H

#include <stdio.h>

#include "bus/base.h"

struct board_cost;

/* Writes text so that no byte of it becomes markup, and bytes beyond ASCII become the characters
 * with that number. */
void page_text(FILE *out, const char *text);

/* Writes a number with blanks between thousands: 1 234 567. */
void page_number(FILE *out, u64 number);

/* Writes cells of a table: cycles, instructions, CPI; empty ones if there is no cost. */
void page_cost_cells(FILE *out, const struct board_cost *cost);

/*
 * Writes a cell with the stack of a cost as a bar: its length is its share of `full`, and it is
 * divided by causes.
 */
void page_bar_cell(FILE *out, const struct board_cost *cost, u64 full);

/* The page's style sheet. */
extern const char page_style[];

#endif
