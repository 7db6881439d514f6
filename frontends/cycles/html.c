/* SPDX-License-Identifier: MIT */
/* See html.h. */
#include "frontends/cycles/html.h"

#include <string.h>

#include "devices/board/timing/timing.h"

static bool is_plain(unsigned char byte)
{
	return byte == '\t' || (byte >= ' ' && byte < 0x7f && !strchr("<>&\"'", byte));
}

/* Writes a text. XML has no control characters, so they become question marks. */
void page_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (is_plain(byte))
			fputc(byte, out);
		else
			fprintf(out, "&#%u;", byte < ' ' || byte == 0x7f ? '?' : byte);
	}
}

void page_number(FILE *out, u64 number)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%llu", number);

	for (int n = 0; n < length; n++) {
		if (n && (length - n) % 3 == 0)
			fputs("&#8239;", out);
		fputc(digits[n], out);
	}
}

void page_cost_cells(FILE *out, const struct board_cost *cost)
{
	if (!cost->cycles && !cost->instructions) {
		fputs("<td></td><td></td><td></td>", out);
		return;
	}
	fputs("<td>", out);
	page_number(out, cost->cycles);
	fputs("</td><td>", out);
	page_number(out, cost->instructions);
	if (cost->instructions)
		fprintf(out, "</td><td>%.2f</td>",
			(double)cost->cycles / (double)cost->instructions);
	else
		fputs("</td><td></td>", out);
}

/* Writes the tooltip, which names each layer of the stack and its cycles. */
static void print_title(FILE *out, const struct board_cost *cost)
{
	const char *comma = "";

	fputs(" title=\"", out);
	for (unsigned c = 0; board_cause_name(c); c++) {
		if (!cost->causes[c])
			continue;
		fprintf(out, "%s%s %llu", comma, board_cause_name(c), cost->causes[c]);
		comma = ", ";
	}
	fputs("\"", out);
}

static double percent(u64 part, u64 all)
{
	return all ? 100.0 * (double)part / (double)all : 0;
}

void page_bar_cell(FILE *out, const struct board_cost *cost, u64 full)
{
	fputs("<td class=\"bar\"", out);
	if (!cost->cycles) {
		fputs("></td>", out);
		return;
	}
	print_title(out, cost);
	fprintf(out, "><b style=\"width:%.2f%%\">", percent(cost->cycles, full));
	for (unsigned c = 0; board_cause_name(c); c++)
		if (cost->causes[c])
			fprintf(out, "<i class=\"c%u\" style=\"width:%.2f%%\"></i>", c,
				percent(cost->causes[c], cost->cycles));
	fputs("</b></td>", out);
}
