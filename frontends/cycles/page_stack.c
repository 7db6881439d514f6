/* SPDX-License-Identifier: MIT */
/* Draws the CPI stack, a bar for each core, and prints its layers in numbers. See page.h. */
#include "frontends/cycles/page.h"
#include "frontends/cycles/html.h"

#include <math.h>

/* These are sizes in the drawing's own units. */
enum { LABEL = 170, WIDTH = 1000, BAR = 34, GAP = 16, TOP = 8, AXIS = 26, TICKS = 8, VALUE = 90 };

static double page_stack_cpi(u64 cycles, const struct cycles_core *core)
{
	u64 instructions = core->total.instructions;

	return instructions ? (double)cycles / (double)instructions : 0;
}

/* Returns the distance between ticks: 1, 2 or 5 times a power of ten, with at most TICKS ticks. */
static double step_of(double most)
{
	static const double steps[] = { 1, 2, 5, 10 };
	double unit = pow(10, floor(log10(most / TICKS)));

	for (unsigned n = 0; n < ARRAY_SIZE(steps); n++)
		if (most / (steps[n] * unit) <= TICKS)
			return steps[n] * unit;
	return 10 * unit;
}

static void draw_axis(double most, double scale, int bottom, FILE *out)
{
	double step = step_of(most);

	for (unsigned n = 0; n * step <= most; n++) {
		double x = LABEL + n * step * scale;

		fprintf(out,
			"<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
			"<text class=\"tick\" x=\"%.1f\" y=\"%d\">%g</text>\n",
			x, x, TOP, bottom, x, bottom + AXIS - 8, n * step);
	}
}

static void draw_layer(const struct cycles_core *core, unsigned cause, double from, double to,
		       FILE *out)
{
	u64 cycles = core->total.causes[cause];
	double share = 100.0 * (double)cycles / (double)core->total.cycles;

	fprintf(out,
		"<rect class=\"c%u\" x=\"%.2f\" width=\"%.2f\" height=\"%d\"><title>%s: "
		"%.3f CPI, %.1f%%</title></rect>",
		cause, from, to - from, BAR, board_cause_name(cause), page_stack_cpi(cycles, core),
		share);
	if (to - from > 62)
		fprintf(out, "<text class=\"in\" x=\"%.2f\" y=\"%d\">%s</text>", (from + to) / 2,
			BAR / 2 + 4, board_cause_name(cause));
}

static void draw_core(const struct cycles_core *core, double scale, int y, FILE *out)
{
	double x = LABEL;

	fprintf(out, "<g transform=\"translate(0 %d)\"><text class=\"core\" x=\"%d\" y=\"%d\">", y,
		LABEL - 12, BAR / 2 + 5);
	page_text(out, core->name);
	fprintf(out, "</text>");
	for (unsigned c = 0; board_cause_name(c); c++) {
		double next = x + page_stack_cpi(core->total.causes[c], core) * scale;

		if (core->total.causes[c])
			draw_layer(core, c, x, next, out);
		x = next;
	}
	fprintf(out, "<text class=\"cpi\" x=\"%.1f\" y=\"%d\">%.3f</text></g>\n",
		LABEL + page_stack_cpi(core->total.cycles, core) * scale + 8, BAR / 2 + 5,
		page_stack_cpi(core->total.cycles, core));
}

static void page_stack_draw(const struct cycles_data *data, FILE *out)
{
	int bottom = TOP + (int)data->count * (BAR + GAP);
	double most = 0, scale;

	for (unsigned n = 0; n < data->count; n++)
		most = fmax(most, page_stack_cpi(data->cores[n].total.cycles, &data->cores[n]));
	most = most > 0 ? most : 1;
	scale = (WIDTH - LABEL - VALUE) / most;
	fprintf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"CPI stacks\">\n", WIDTH,
		bottom + AXIS);
	draw_axis(most, scale, bottom, out);
	for (unsigned n = 0; n < data->count; n++)
		draw_core(&data->cores[n], scale, TOP + GAP / 2 + (int)n * (BAR + GAP), out);
	fprintf(out, "</svg>\n");
}

static void print_cells(const struct cycles_core *core, u64 cycles, FILE *out)
{
	u64 all = core->total.cycles;

	fprintf(out, "<td>");
	page_number(out, cycles);
	fprintf(out, "</td><td>%.3f</td><td>%.1f%%</td>", page_stack_cpi(cycles, core),
		all ? 100.0 * (double)cycles / (double)all : 0);
}

static void page_stack_print_heading(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "<table class=\"layers\"><thead><tr><th></th><th></th>");
	for (unsigned n = 0; n < data->count; n++) {
		fprintf(out, "<th class=\"of\" colspan=\"3\">");
		page_text(out, data->cores[n].name);
		fprintf(out, "</th>");
	}
	fprintf(out, "</tr><tr><th class=\"name\">spent on</th><th class=\"name\">that is</th>");
	for (unsigned n = 0; n < data->count; n++)
		fprintf(out, "<th>cycles</th><th>CPI</th><th>share</th>");
	fprintf(out, "</tr></thead>\n<tbody>\n");
}

static void print_words(const char *name, const char *meaning, FILE *out)
{
	fprintf(out, "<td class=\"name\">%s</td><td class=\"meaning\">", name);
	page_text(out, meaning);
	fprintf(out, "</td>");
}

static void print_layers(const struct cycles_data *data, FILE *out)
{
	page_stack_print_heading(data, out);
	for (unsigned c = 0; board_cause_name(c); c++) {
		if (!cycles_has_cause(data, c))
			continue;
		fprintf(out,
			"<tr><td class=\"name\"><i class=\"key c%u\"></i>%s</td>"
			"<td class=\"meaning\">",
			c, board_cause_name(c));
		page_text(out, board_cause_meaning(c));
		fprintf(out, "</td>");
		for (unsigned n = 0; n < data->count; n++)
			print_cells(&data->cores[n], data->cores[n].total.causes[c], out);
		fprintf(out, "</tr>\n");
	}
	fprintf(out, "<tr>");
	print_words("outside", "before the model began, and under way at the end", out);
	for (unsigned n = 0; n < data->count; n++)
		print_cells(&data->cores[n], data->cores[n].outside.cycles, out);
	fprintf(out, "</tr>\n<tr class=\"total\">");
	print_words("total", "", out);
	for (unsigned n = 0; n < data->count; n++)
		print_cells(&data->cores[n], data->cores[n].total.cycles, out);
	fprintf(out, "</tr>\n</tbody></table>\n");
}

void cycles_page_stack(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "<section><h2>Where the cycles go</h2>\n"
		     "<p>Cycles per instruction, by what they were spent on.</p>\n");
	page_stack_draw(data, out);
	print_layers(data, out);
	fprintf(out, "</section>\n");
}
