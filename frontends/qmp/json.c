/* SPDX-License-Identifier: MIT */
/* Writes JSON; see json.h. Symbols of a guest's ELF can have any bytes, so the output is ASCII. */
#include "frontends/qmp/json.h"

#include "devices/board/timing/timing.h"

typedef unsigned long long ull;

void json_put_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte == '"' || byte == '\\')
			fprintf(out, "\\%c", byte);
		else if (byte < ' ' || byte >= 0x7f)
			fprintf(out, "\\u%04x", byte);
		else
			fputc(byte, out);
	}
	fputc('"', out);
}

void json_put_cost(FILE *out, const struct board_cost *cost, u64 outside)
{
	const char *comma = "";

	fprintf(out, "\"cycles\":%llu,\"instructions\":%llu,\"cpi\":", (ull)cost->cycles,
		(ull)cost->instructions);
	if (cost->instructions)
		fprintf(out, "%.6f", (double)cost->cycles / (double)cost->instructions);
	else
		fprintf(out, "null");
	fprintf(out, ",\"stack\":{");
	for (unsigned c = 0; board_cause_name(c); c++) {
		if (!cost->causes[c])
			continue;
		fprintf(out, "%s\"%s\":%llu", comma, board_cause_name(c), (ull)cost->causes[c]);
		comma = ",";
	}
	if (outside)
		fprintf(out, "%s\"outside\":%llu", comma, (ull)outside);
	fprintf(out, "}");
}
