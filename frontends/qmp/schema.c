/* SPDX-License-Identifier: MIT */
/*
 * Implements query-qmp-schema: describes the commands and events with their arguments, in the form
 * of QEMU's introspection (its docs/devel/qapi-code-gen). There, the names of types with members
 * are numbers; the result of every command has the type any.
 */
#include "frontends/qmp/command.h"

#include <string.h>

#define NOTHING "0" /* the type without members */

/* These are the members of the events' data. */
static const struct qmp_parameter panicked[QMP_PARAMETERS_MAX] = {
	{ .name = "action", .type = QMP_STRING },
};
static const struct qmp_parameter ended[QMP_PARAMETERS_MAX] = {
	{ .name = "guest", .type = QMP_BOOLEAN }, { .name = "reason", .type = QMP_STRING },
};
static const struct qmp_parameter deleted[QMP_PARAMETERS_MAX] = {
	{ .name = "device", .type = QMP_STRING, .optional = true },
	{ .name = "path", .type = QMP_STRING },
};
static const struct qmp_parameter job[QMP_PARAMETERS_MAX] = {
	{ .name = "id", .type = QMP_STRING }, { .name = "status", .type = QMP_STRING },
};
static const struct qmp_parameter disk_error[QMP_PARAMETERS_MAX] = {
	{ .name = "device", .type = QMP_STRING },
	{ .name = "node-name", .type = QMP_STRING, .optional = true },
	{ .name = "operation", .type = QMP_STRING }, { .name = "action", .type = QMP_STRING },
	{ .name = "nospace", .type = QMP_BOOLEAN, .optional = true },
	{ .name = "reason", .type = QMP_STRING },
};
static const struct qmp_parameter dumped[QMP_PARAMETERS_MAX] = {
	{ .name = "result", .type = QMP_OBJECT },
};
static const struct qmp_parameter nothing[QMP_PARAMETERS_MAX];

static const struct {
	const char *name;
	const struct qmp_parameter *data;
} events[] = {
	{ "BLOCK_IO_ERROR", disk_error }, { "DEVICE_DELETED", deleted },
	{ "DUMP_COMPLETED", dumped },
	{ "GUEST_PANICKED", panicked }, { "JOB_STATUS_CHANGE", job }, { "POWERDOWN", nothing },
	{ "RESET", ended }, { "RESUME", nothing }, { "SHUTDOWN", ended }, { "STOP", nothing },
};

static const char *const type_names[] = {
	[QMP_STRING] = "str", [QMP_INTEGER] = "int", [QMP_BOOLEAN] = "bool",
	[QMP_ARRAY] = "[any]", [QMP_STRINGS] = "[str]", [QMP_OBJECT] = "any",
};

/* Returns the description of a member. The default of an optional member is null, which means that
 * it is not stated. */
static json_t *qmp_schema_member(const struct qmp_parameter *parameter)
{
	const char *type = type_names[parameter->type];

	return parameter->optional ? json_pack("{s:s, s:n, s:s}", "name", parameter->name,
					       "default", "type", type) :
				     json_pack("{s:s, s:s}", "name", parameter->name, "type", type);
}

/* Returns the name of a type with these members: a new type, or NOTHING if there are no members. */
static const char *add_type(json_t *schema, const struct qmp_parameter *parameters, char name[16])
{
	json_t *members = json_array();

	for (unsigned n = 0; n < QMP_PARAMETERS_MAX && parameters[n].name; n++)
		if (strcmp(parameters[n].name, QMP_MORE))
			json_array_append_new(members, qmp_schema_member(&parameters[n]));
	if (!json_array_size(members)) {
		json_decref(members);
		return NOTHING;
	}
	snprintf(name, 16, "%zu", json_array_size(schema));
	json_array_append_new(schema, json_pack("{s:s, s:o, s:s}", "name", name, "members", members,
						"meta-type", "object"));
	return name;
}

static void add_command(json_t *schema, const char *name, const struct qmp_parameter *parameters)
{
	char number[16];
	const char *type = add_type(schema, parameters, number);

	json_array_append_new(schema, json_pack("{s:s, s:s, s:s, s:s}", "name", name, "ret-type",
						"any", "meta-type", "command", "arg-type", type));
}

static json_t *basic_types(void)
{
	return json_pack("[{s:s,s:s,s:s}, {s:s,s:s,s:s}, {s:s,s:s,s:s}, {s:s,s:s,s:s},"
			 " {s:s,s:s,s:s}, {s:s,s:s,s:s}, {s:s,s:[],s:s}]",
			 "name", "str", "json-type", "string", "meta-type", "builtin", "name",
			 "int", "json-type", "int", "meta-type", "builtin", "name", "bool",
			 "json-type", "boolean", "meta-type", "builtin", "name", "any", "json-type",
			 "value", "meta-type", "builtin", "name", "[any]", "element-type", "any",
			 "meta-type", "array", "name", "[str]", "element-type", "str", "meta-type",
			 "array", "name", NOTHING, "members", "meta-type", "object");
}

json_t *qmp_query_schema(struct qmp_call *call)
{
	json_t *schema = basic_types();

	(void)call;
	add_command(schema, QMP_NEGOTIATE, nothing);
	for (unsigned n = 0; n < qmp_command_count; n++)
		add_command(schema, qmp_commands[n].name, qmp_commands[n].parameters);
	for (unsigned n = 0; n < ARRAY_SIZE(events); n++) {
		char number[16];
		const char *type = add_type(schema, events[n].data, number);

		json_array_append_new(schema, json_pack("{s:s, s:s, s:s}", "name", events[n].name,
							"meta-type", "event", "arg-type", type));
	}
	return schema;
}
