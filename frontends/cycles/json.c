/* SPDX-License-Identifier: MIT */
/*
 * Writes the report of `baya cycles` as JSON: every figure of the text, and the stack of each
 * function. docs/cycles.md describes the schema; zeros in a stack are left out.
 */
#include "frontends/cycles/data.h"
#include "frontends/report/json.h"

static json_t *cost_object(const struct board_cost *cost, u64 outside)
{
	json_t *object = json_object();

	report_cost(object, cost, outside);
	return object;
}

static json_t *core_object(const struct cycles_core *core)
{
	json_t *object = json_object(), *functions = json_array();

	for (unsigned n = 0; n < core->profile.function_count; n++) {
		const struct board_function *function = &core->profile.functions[n];
		json_t *row = json_object();

		json_object_set_new(row, "name", report_text(function->name));
		report_cost(row, &function->cost, 0);
		json_array_append_new(functions, row);
	}
	json_object_set_new(object, "core", report_text(core->name));
	json_object_set_new(object, "total", cost_object(&core->total, core->outside.cycles));
	json_object_set_new(object, "events", report_events(core->events));
	json_object_set_new(object, "outside", cost_object(&core->outside, core->outside.cycles));
	json_object_set_new(object, "functions", functions);
	return object;
}

int cycles_write_json(const struct cycles_data *data, FILE *out)
{
	json_t *report = json_object(), *causes = json_object(), *cores = json_array();

	for (unsigned c = 0; board_cause_name(c); c++)
		json_object_set_new(causes, board_cause_name(c),
				    report_text(board_cause_meaning(c)));
	for (unsigned n = 0; n < data->count; n++)
		json_array_append_new(cores, core_object(&data->cores[n]));
	json_object_set_new(report, "program", report_text(data->program));
	json_object_set_new(report, "causes", causes);
	json_object_set_new(report, "cores", cores);
	return report_write(report, out, JSON_INDENT(1));
}
