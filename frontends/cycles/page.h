/* SPDX-License-Identifier: MIT */
/* The parts of the page that `baya cycles --html` writes; page.c puts them together. */
#ifndef FRONTENDS_CYCLES_PAGE_H
#define FRONTENDS_CYCLES_PAGE_H

#include "frontends/cycles/data.h"

struct lines;

/* Writes the CPI stacks of all cores to one scale, and a table of their layers. */
void cycles_page_stack(const struct cycles_data *data, FILE *out);

/*
 * Writes the sections of functions, with source and instructions. Only some functions have a
 * section.
 */
void cycles_page_code(const struct cycles_data *data, const struct lines *lines, FILE *out);

/* Returns whether a function has a section of its own. */
bool cycles_page_has_code(const struct cycles_data *data, unsigned function);

#endif
