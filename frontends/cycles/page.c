/* SPDX-License-Identifier: MIT */
/*
 * Writes the report of `baya cycles` as a page: a single file that needs no other files, no network
 * and no scripts. This file writes the frame, the figures at the top, and the table of functions.
 */
#include "frontends/cycles/page.h"

#include <string.h>

#include "bus/output.h"
#include "frontends/cycles/html.h"

#define FUNCTIONS_MAX 400 /* functions that have their own row; the others share one */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void page_begin(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
		     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		     "<title>Cycles of ");
	page_text(out, base_name(data->program));
	fprintf(out, "</title>\n<style>%s</style></head><body>\n<header><h1>Cycles of <em>",
		page_style);
	page_text(out, base_name(data->program));
	fprintf(out, "</em></h1></header>\n<main>\n");
}

static void print_figure(FILE *out, const char *what, u64 number)
{
	fprintf(out, "<div><dt>%s</dt><dd>", what);
	page_number(out, number);
	fprintf(out, "</dd></div>");
}

/* Writes a card for each core. */
static void print_cards(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "<section class=\"cards\">\n");
	for (unsigned n = 0; n < data->count; n++) {
		const struct board_cost *total = &data->cores[n].total;

		fprintf(out, "<article><h3>");
		page_text(out, data->cores[n].name);
		fprintf(out, "</h3><p class=\"big\">%.3f<span> CPI</span></p><dl>",
			total->instructions ? (double)total->cycles / (double)total->instructions :
					      0);
		print_figure(out, "cycles", total->cycles);
		print_figure(out, "instructions", total->instructions);
		fprintf(out, "</dl></article>\n");
	}
	fprintf(out, "</section>\n");
}

static void page_print_heading(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "<table class=\"functions\"><thead><tr><th></th>");
	for (unsigned n = 0; n < data->count; n++) {
		fprintf(out, "<th class=\"of\" colspan=\"5\">");
		page_text(out, data->cores[n].name);
		fprintf(out, "</th>");
	}
	fprintf(out, "</tr><tr><th class=\"name\">function</th>");
	for (unsigned n = 0; n < data->count; n++)
		fprintf(out, "<th>cycles</th><th>instructions</th><th>CPI</th><th>share</th>"
			     "<th class=\"bar\">spent on</th>");
	fprintf(out, "</tr></thead>\n<tbody>\n");
}

/* Returns the number of cycles of the longest bar. */
static u64 most_of(const struct cycles_data *data)
{
	u64 most = 1;

	for (unsigned f = 0; f < data->function_count; f++)
		for (unsigned n = 0; n < data->count; n++)
			most = MAX(most, cycles_cost(&data->functions[f], n)->cycles);
	return most;
}

static void print_cells(const struct cycles_core *core, const struct board_cost *cost, u64 most,
			FILE *out)
{
	u64 all = core->total.cycles;

	page_cost_cells(out, cost);
	if (cost->cycles && all)
		fprintf(out, "<td>%.1f%%</td>", 100.0 * (double)cost->cycles / (double)all);
	else
		fprintf(out, "<td></td>");
	page_bar_cell(out, cost, most);
}

static void print_function(const struct cycles_data *data, unsigned f, u64 most, FILE *out)
{
	bool linked = cycles_page_has_code(data, f);

	fprintf(out, "<tr><td class=\"name\">");
	if (linked)
		fprintf(out, "<a href=\"#f%u\">", f);
	page_text(out, data->functions[f].name);
	fprintf(out, "%s</td>", linked ? "</a>" : "");
	for (unsigned n = 0; n < data->count; n++)
		print_cells(&data->cores[n], cycles_cost(&data->functions[f], n), most, out);
	fprintf(out, "</tr>\n");
}

/* Returns the sum of the functions from `first` on. */
static struct board_cost rest_of(const struct cycles_data *data, unsigned first, unsigned core)
{
	struct board_cost rest = { 0 };

	for (unsigned f = first; f < data->function_count; f++) {
		const struct board_cost *cost = cycles_cost(&data->functions[f], core);

		rest.cycles += cost->cycles;
		rest.instructions += cost->instructions;
		for (unsigned c = 0; c < BOARD_CAUSES_MAX; c++)
			rest.causes[c] += cost->causes[c];
	}
	return rest;
}

static void page_print_functions(const struct cycles_data *data, FILE *out)
{
	unsigned shown = MIN(data->function_count, FUNCTIONS_MAX);
	u64 most = most_of(data);

	fprintf(out, "<section><h2>Functions</h2>\n");
	page_print_heading(data, out);
	for (unsigned f = 0; f < shown; f++)
		print_function(data, f, most, out);
	if (shown < data->function_count) {
		fprintf(out, "<tr><td class=\"name\">%u more</td>", data->function_count - shown);
		for (unsigned n = 0; n < data->count; n++) {
			struct board_cost rest = rest_of(data, shown, n);

			print_cells(&data->cores[n], &rest, most, out);
		}
		fprintf(out, "</tr>\n");
	}
	fprintf(out, "<tr><td class=\"name\">(before and under way)</td>");
	for (unsigned n = 0; n < data->count; n++)
		print_cells(&data->cores[n], &data->cores[n].outside, most, out);
	fprintf(out, "</tr>\n<tr class=\"total\"><td class=\"name\">total</td>");
	for (unsigned n = 0; n < data->count; n++)
		print_cells(&data->cores[n], &data->cores[n].total, data->cores[n].total.cycles,
			    out);
	fprintf(out, "</tr>\n</tbody></table></section>\n");
}

int cycles_write_page(const struct cycles_data *data, const struct lines *lines, FILE *out)
{
	page_begin(data, out);
	print_cards(data, out);
	cycles_page_stack(data, out);
	page_print_functions(data, out);
	cycles_page_code(data, lines, out);
	fprintf(out, "</main>\n<footer>Written by <b>baya cycles</b>. The layers of each stack sum "
		     "up to its cycles; point at a bar for its figures.</footer>\n"
		     "</body></html>\n");
	return output_failed(out);
}
