/* SPDX-License-Identifier: MIT */
/* The parts of the page that `baya cycles --html` writes; page.c puts them together. */
#ifndef FRONTENDS_CYCLES_PAGE_H
#define FRONTENDS_CYCLES_PAGE_H

#include "frontends/cycles/data.h"

struct lines;

/* Writes the CPI stacks of all cores on one scale, and their layers as a table. */
void cycles_page_stack(const struct cycles_data *data, FILE *out);

/* Writes functions with source and instructions, as far as they have a section. */
void cycles_page_code(const struct cycles_data *data, const struct lines *lines, FILE *out);

/* Returns whether a function has a section of its own. */
bool cycles_page_has_code(const struct cycles_data *data, unsigned function);

#endif
