/* SPDX-License-Identifier: MIT */
/* The parts of the page that `baya cycles --html` writes; cycles_page.c puts them together. */
#ifndef FRONTENDS_CYCLES_PAGE_H
#define FRONTENDS_CYCLES_PAGE_H

#include "frontends/cycles/data.h"

struct lines;

/* The CPI stacks of all cores on one scale, and their layers as a table. */
void cycles_page_stack(const struct cycles_data *data, FILE *out);

/* Functions with source and instructions: those that matter. */
void cycles_page_code(const struct cycles_data *data, const struct lines *lines, FILE *out);

/* Does a function have a section of its own among these? */
bool cycles_page_has_code(const struct cycles_data *data, unsigned function);

#endif
