/* SPDX-License-Identifier: MIT */
/*
 * Writes the functions in detail: each instruction with its cycles on each core, below the source
 * line to which it belongs, if that is known. See page.h.
 */
#include "frontends/cycles/page.h"

#include <stdlib.h>
#include <string.h>

#include "frontends/report/lines.h"
#include "frontends/cycles/html.h"
#include "frontends/cycles/source_text.h"

#define SECTIONS_MAX 60 /* functions */
#define ROWS_MAX 4000 /* instructions of a function */
#define FIRST_ONES 10 /* this many functions have a section in any case, */
#define SHARE_LEAST 500 /* others if they need 1/500 of a core's cycles */
/* lines without code between two lines with code are shown if there are no more than this */
#define CONTEXT 3
#define OPEN_MAX 3 /* sections that are open at the start */

/* An instruction, on all cores that executed it. */
struct row {
	u64 pc;
	const char *text;
	struct line line; /* file NULL: not known */
	const struct board_cost *of[CYCLES_CORES_MAX];
};

struct section {
	const struct cycles_data *data;
	const struct lines *lines;
	struct source_text *source;
	struct row *rows;
	unsigned count, left_out;
	u64 most; /* the most cycles that any instruction needed on any core */
	FILE *out;
};

static const struct board_cost nothing;

bool cycles_page_has_code(const struct cycles_data *data, unsigned f)
{
	for (unsigned n = 0; n < data->count && f < SECTIONS_MAX; n++) {
		const struct board_function *function = data->functions[f].of[n];

		if (function && function->count &&
		    (f < FIRST_ONES ||
		     function->cost.cycles >= data->cores[n].total.cycles / SHARE_LEAST))
			return true;
	}
	return false;
}

/* Finds the next address of the function on any core; `gone` has each core's position in its own
 * list of the function's instructions. */
static bool next_pc(const struct section *section, unsigned f, const unsigned *gone, u64 *pc)
{
	bool any = false;

	for (unsigned n = 0; n < section->data->count; n++) {
		const struct board_function *function = section->data->functions[f].of[n];
		const struct board_place *place;

		if (!function || gone[n] == function->count)
			continue;
		place = &section->data->cores[n].profile.places[function->first + gone[n]];
		*pc = any ? MIN(*pc, place->pc) : place->pc;
		any = true;
	}
	return any;
}

/* Returns the row of an address, and advances the position of each core that executed it. */
static struct row make_row(struct section *section, unsigned f, unsigned *gone, u64 pc)
{
	struct row row = { .pc = pc };
	bool nameless = false;

	for (unsigned n = 0; n < section->data->count; n++) {
		const struct board_function *function = section->data->functions[f].of[n];
		const struct cycles_core *core = &section->data->cores[n];
		const struct board_place *place;

		row.of[n] = &nothing;
		if (!function || gone[n] == function->count)
			continue;
		place = &core->profile.places[function->first + gone[n]];
		if (place->pc != pc)
			continue;
		nameless = function->nameless;
		row.of[n] = &place->cost;
		row.text = core->texts[function->first + gone[n]];
		section->most = MAX(section->most, place->cost.cycles);
		gone[n]++;
	}
	if (nameless || !lines_find(section->lines, pc, &row.line))
		row.line.file = NULL;
	return row;
}

static int by_text(const char *one, const char *other)
{
	return !one || !other ? !one - !other : strcmp(one, other);
}

/* Sorts rows by source line, then by address. */
static int by_line(const void *a, const void *b)
{
	const struct row *one = a, *other = b;
	int order = by_text(one->line.file, other->line.file);

	if (order)
		return order;
	if (one->line.file && one->line.number != other->line.number)
		return one->line.number < other->line.number ? -1 : 1;
	return one->pc < other->pc ? -1 : one->pc > other->pc;
}

static bool is_same_line(const struct row *one, const struct row *other)
{
	return !by_text(one->line.file, other->line.file) &&
	       (!one->line.file || one->line.number == other->line.number);
}

static void page_code_fill(struct section *section, unsigned f)
{
	unsigned gone[CYCLES_CORES_MAX] = { 0 };
	u64 pc = 0;

	section->count = section->left_out = 0;
	section->most = 1;
	while (next_pc(section, f, gone, &pc)) {
		struct row row = make_row(section, f, gone, pc);

		if (section->count == ROWS_MAX)
			section->left_out++;
		else
			section->rows[section->count++] = row;
	}
	qsort(section->rows, section->count, sizeof(*section->rows), by_line);
}

static void print_instruction(const struct section *section, const struct row *row)
{
	FILE *out = section->out;

	fprintf(out, "<tr><td class=\"pc\">%llx</td><td class=\"asm\">", row->pc);
	page_text(out, row->text);
	fprintf(out, "</td>");
	for (unsigned n = 0; n < section->data->count; n++) {
		page_cost_cells(out, row->of[n]);
		page_bar_cell(out, row->of[n], section->most);
	}
	fprintf(out, "</tr>\n");
}

static void print_source_text(const struct section *section, const char *file, unsigned number)
{
	const char *text = source_text_line(section->source, file, number);

	fprintf(section->out, "<td class=\"pc\">%u</td><td class=\"text\">", number);
	if (text)
		page_text(section->out, text);
	fprintf(section->out, "</td>");
}

/* Prints the lines without code between two lines with code, if there are only a few. */
static void print_between(const struct section *section, const struct row *before,
			  const struct row *row)
{
	unsigned first = before->line.number + 1;

	if (by_text(before->line.file, row->line.file) || row->line.number - first > CONTEXT)
		return;
	for (unsigned number = first; number < row->line.number; number++) {
		fprintf(section->out, "<tr class=\"between\">");
		print_source_text(section, row->line.file, number);
		for (unsigned n = 0; n < section->data->count; n++)
			fprintf(section->out, "<td colspan=\"4\"></td>");
		fprintf(section->out, "</tr>\n");
	}
}

static void page_code_add(struct board_cost *to, const struct board_cost *cost)
{
	to->cycles += cost->cycles;
	to->instructions += cost->instructions;
	for (unsigned c = 0; c < BOARD_CAUSES_MAX; c++)
		to->causes[c] += cost->causes[c];
}

/* Prints the source line to which `count` rows belong, with their total cost. */
static void print_source_line(const struct section *section, const struct row *row, unsigned count,
			      u64 most)
{
	FILE *out = section->out;

	fprintf(out, "<tr class=\"line\">");
	print_source_text(section, row->line.file, row->line.number);
	for (unsigned n = 0; n < section->data->count; n++) {
		struct board_cost sum = { 0 };

		for (unsigned k = 0; k < count; k++)
			page_code_add(&sum, row[k].of[n]);
		page_cost_cells(out, &sum);
		page_bar_cell(out, &sum, most);
	}
	fprintf(out, "</tr>\n");
}

static void print_file(const struct section *section, const char *file)
{
	fprintf(section->out, "<tr class=\"file\"><td colspan=\"%u\">",
		2 + 4 * section->data->count);
	page_text(section->out, file ? file : "without a line");
	fprintf(section->out, "</td></tr>\n");
}

/* Returns how many rows, beginning with `first`, belong to the same source line. */
static unsigned same_line(const struct section *section, unsigned first)
{
	unsigned next = first;

	while (next < section->count && is_same_line(&section->rows[first], &section->rows[next]))
		next++;
	return next - first;
}

/* Returns the most cycles that any source line needed on any core. */
static u64 most_of_lines(const struct section *section)
{
	u64 most = 1;

	for (unsigned first = 0, size; first < section->count; first += size) {
		u64 cycles[CYCLES_CORES_MAX] = { 0 };

		size = same_line(section, first);
		for (unsigned k = 0; k < size; k++)
			for (unsigned n = 0; n < section->data->count; n++) {
				cycles[n] += section->rows[first + k].of[n]->cycles;
				most = MAX(most, cycles[n]);
			}
	}
	return most;
}

static void print_rows(const struct section *section)
{
	u64 most = most_of_lines(section);

	for (unsigned first = 0, size; first < section->count; first += size) {
		const struct row *row = &section->rows[first];
		bool other = !first || by_text(row->line.file, row[-1].line.file);

		size = same_line(section, first);
		if (other && (row->line.file || first))
			print_file(section, row->line.file);
		if (!other)
			print_between(section, row - 1, row);
		if (row->line.file)
			print_source_line(section, row, size, most);
		for (unsigned n = 0; n < size; n++)
			print_instruction(section, &row[n]);
	}
}

static void page_code_print_heading(const struct section *section)
{
	FILE *out = section->out;

	fprintf(out, "<table class=\"code\"><thead><tr><th colspan=\"2\"></th>");
	for (unsigned n = 0; n < section->data->count; n++) {
		fprintf(out, "<th class=\"of\" colspan=\"4\">");
		page_text(out, section->data->cores[n].name);
		fprintf(out, "</th>");
	}
	fprintf(out, "</tr><tr><th colspan=\"2\"></th>");
	for (unsigned n = 0; n < section->data->count; n++)
		fprintf(out, "<th>cycles</th><th>instructions</th><th>CPI</th>"
			     "<th class=\"bar\">spent on</th>");
	fprintf(out, "</tr></thead><tbody>\n");
}

static void print_section(struct section *section, unsigned f, bool unfolded)
{
	const struct cycles_data *data = section->data;
	FILE *out = section->out;

	page_code_fill(section, f);
	fprintf(out, "<details id=\"f%u\"%s><summary>", f, unfolded ? " open=\"open\"" : "");
	page_text(out, data->functions[f].name);
	for (unsigned n = 0; n < data->count; n++) {
		u64 cycles = cycles_cost(&data->functions[f], n)->cycles;

		fprintf(out, "<span>%.1f%%</span>",
			100.0 * (double)cycles / (double)MAX(data->cores[n].total.cycles, 1ull));
	}
	fprintf(out, "</summary>\n");
	page_code_print_heading(section);
	print_rows(section);
	fprintf(out, "</tbody></table>\n");
	if (section->left_out)
		fprintf(out, "<p>%u more instructions are left out.</p>\n", section->left_out);
	fprintf(out, "</details>\n");
}

void cycles_page_code(const struct cycles_data *data, const struct lines *lines, FILE *out)
{
	struct section section = { .data = data, .lines = lines, .out = out };
	unsigned shown = 0;

	section.source = source_text_create();
	section.rows = calloc(ROWS_MAX, sizeof(*section.rows));
	fprintf(out, "<section><h2>Source and instructions</h2>\n");
	for (unsigned f = 0; f < data->function_count && section.source && section.rows; f++)
		if (cycles_page_has_code(data, f))
			print_section(&section, f, shown++ < OPEN_MAX);
	fprintf(out, "</section>\n");
	free(section.rows);
	source_text_free(section.source);
}
