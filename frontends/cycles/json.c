/* SPDX-License-Identifier: MIT */
/*
 * Writes the report of `baya cycles` as JSON: every figure of the text, and the stack of each
 * function. docs/cycles.md describes the schema; zeros in a stack are left out.
 */
#include "frontends/cycles/data.h"

#include <errno.h>

#include "frontends/qmp/json.h"

static void print_core(FILE *out, const struct cycles_core *core)
{
	fprintf(out, "{\"core\":");
	json_put_string(out, core->name);
	fprintf(out, ",\n\"total\":{");
	json_put_cost(out, &core->total, core->outside.cycles);
	fprintf(out, "},\n\"outside\":{");
	json_put_cost(out, &core->outside, core->outside.cycles);
	fprintf(out, "},\n\"functions\":[");
	for (unsigned n = 0; n < core->profile.function_count; n++) {
		const struct board_function *function = &core->profile.functions[n];

		fprintf(out, "%s\n{\"name\":", n ? "," : "");
		json_put_string(out, function->name);
		fputc(',', out);
		json_put_cost(out, &function->cost, 0);
		fputc('}', out);
	}
	fprintf(out, "]}");
}

int cycles_write_json(const struct cycles_data *data, FILE *out)
{
	fprintf(out, "{\"program\":");
	json_put_string(out, data->program);
	fprintf(out, ",\n\"causes\":{");
	for (unsigned c = 0; board_cause_name(c); c++) {
		fprintf(out, "%s\"%s\":", c ? "," : "", board_cause_name(c));
		json_put_string(out, board_cause_meaning(c));
	}
	fprintf(out, "},\n\"cores\":[");
	for (unsigned n = 0; n < data->count; n++) {
		if (n)
			fprintf(out, ",\n");
		print_core(out, &data->cores[n]);
	}
	fprintf(out, "]}\n");
	return ferror(out) ? -EIO : 0;
}
