/* SPDX-License-Identifier: MIT */
/* Writes pieces of HTML that the parts of a page share. The output is also well-formed XML. */
#ifndef FRONTENDS_CYCLES_HTML_H
#define FRONTENDS_CYCLES_HTML_H

#include <stdio.h>

#include "bus/base.h"

struct board_cost;

/*
 * Writes text, with markup characters escaped. Bytes above 127 become the characters with that
 * number.
 */
void page_text(FILE *out, const char *text);

/* Writes a number with blanks between thousands: 1 234 567. */
void page_number(FILE *out, u64 number);

/*
 * Writes three cells of a table: cycles, instructions and CPI. They are empty if there is no cost.
 */
void page_cost_cells(FILE *out, const struct board_cost *cost);

/*
 * Writes a cell with the CPI stack of a cost as a bar, whose length is the cost's share of `full`
 * and which is divided by causes.
 */
void page_bar_cell(FILE *out, const struct board_cost *cost, u64 full);

/* The page's style sheet. */
extern const char page_style[];

#endif
