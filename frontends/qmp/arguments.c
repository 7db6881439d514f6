/* SPDX-License-Identifier: MIT */
/* Checks a command's arguments against its parameters; errors have QEMU's wording. */
#include "frontends/qmp/command.h"

#include <stdarg.h>
#include <string.h>

#include "frontends/host/keyval.h"

void qmp_fail(struct qmp_call *call, const char *class, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(call->error.desc, sizeof(call->error.desc), format, args);
	va_end(args);
	call->error.class = class;
}

static bool has_type(const json_t *value, enum qmp_type type)
{
	switch (type) {
	case QMP_STRING:
		return json_is_string(value);
	case QMP_INTEGER:
		return json_is_integer(value);
	case QMP_BOOLEAN:
		return json_is_boolean(value);
	case QMP_ARRAY:
	case QMP_STRINGS:
		return json_is_array(value);
	default:
		return json_is_object(value);
	}
}

/* Checks that each element of an array is a string. */
static void check_strings(struct qmp_call *call, const json_t *array, const char *where,
			  const char *name)
{
	size_t n;
	json_t *value;

	json_array_foreach(array, n, value) if (!json_is_string(value))
	{
		qmp_fail(call, QMP_GENERIC,
			 "Invalid parameter type for '%s%s[%zu]', expected: string", where, name,
			 n);
		return;
	}
}

static bool check_one(struct qmp_call *call, const json_t *value, const char *where,
		      const struct qmp_parameter *parameter)
{
	static const char *const types[] = {
		[QMP_STRING] = "string", [QMP_INTEGER] = "integer", [QMP_BOOLEAN] = "boolean",
		[QMP_ARRAY] = "array", [QMP_STRINGS] = "array", [QMP_OBJECT] = "object",
	};

	if (!value && !parameter->optional)
		qmp_fail(call, QMP_GENERIC, "Parameter '%s%s' is missing", where, parameter->name);
	else if (value && !has_type(value, parameter->type))
		qmp_fail(call, QMP_GENERIC, "Invalid parameter type for '%s%s', expected: %s",
			 where, parameter->name, types[parameter->type]);
	else if (value && parameter->type == QMP_STRINGS)
		check_strings(call, value, where, parameter->name);
	return !call->error.class;
}

static bool is_parameter(const struct qmp_parameter *parameters, const char *name)
{
	for (unsigned n = 0; n < QMP_PARAMETERS_MAX && parameters[n].name; n++)
		if (!strcmp(parameters[n].name, name) || !strcmp(parameters[n].name, QMP_MORE))
			return true;
	return false;
}

bool qmp_check(struct qmp_call *call, const json_t *object, const char *where,
	       const struct qmp_parameter *parameters)
{
	const char *name;
	json_t *value;

	for (unsigned n = 0; n < QMP_PARAMETERS_MAX && parameters[n].name; n++)
		if (!check_one(call, json_object_get(object, parameters[n].name), where,
			       &parameters[n]))
			return false;
	json_object_foreach((json_t *)object, name, value)
	{
		if (is_parameter(parameters, name))
			continue;
		qmp_fail(call, QMP_GENERIC, "Parameter '%s%s' is unexpected", where, name);
		return false;
	}
	return true;
}

const char *qmp_text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

s64 qmp_number(const json_t *object, const char *name, s64 otherwise)
{
	const json_t *value = json_object_get(object, name);

	return value ? json_integer_value(value) : otherwise;
}

bool qmp_true(const json_t *object, const char *name)
{
	return json_is_true(json_object_get(object, name));
}

int qmp_word(struct qmp_call *call, const json_t *object, const char *name, const char *words)
{
	const char *text = qmp_text(object, name);
	int word = keyval_word(words, text);

	if (word < 0)
		qmp_fail(call, QMP_GENERIC, "Parameter '%s' does not accept value '%s'", name,
			 text);
	return word;
}
