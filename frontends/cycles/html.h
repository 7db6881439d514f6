/* SPDX-License-Identifier: MIT */
/* Words of HTML that the parts of a page share. What is written is well-formed XML, too. */
#ifndef FRONTENDS_CYCLES_HTML_H
#define FRONTENDS_CYCLES_HTML_H

#include <stdio.h>

#include "bus/base.h"

struct board_cost;

/* Text as it is; no byte of it becomes markup, and what is not ASCII its character. */
void page_text(FILE *out, const char *text);

/* 1 234 567 */
void page_number(FILE *out, u64 number);

/* Cells of a table: cycles, instructions, CPI; empty ones when there is nothing. */
void page_cost_cells(FILE *out, const struct board_cost *cost);

/*
 * A cell with the stack of a cost as a bar: as long as the share of `full` that it is, and cut by
 * what was spent.
 */
void page_bar_cell(FILE *out, const struct board_cost *cost, u64 full);

/* The page's style sheet. */
extern const char page_style[];

#endif
