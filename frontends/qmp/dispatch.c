/* SPDX-License-Identifier: MIT */
/* Passes a JSON text to the command that it names, and sends the answer. */
#include "frontends/qmp/command.h"

#include <string.h>

#include "frontends/qmp/client.h"
#include "frontends/qmp/jobs.h"

#define NOT_FOUND "CommandNotFound"

/* Sends an error. If the client gave an `id` (else it is NULL), it is part of the answer. `desc`
 * may contain any bytes. */
static void answer_error(struct qmp *qmp, json_t *id, const struct qmp_error *error)
{
	json_t *desc = json_string(error->desc), *answer = json_object();

	if (!desc) /* it is not UTF-8, because it was cut within a character */
		desc = json_string("the input is not acceptable");
	if (id)
		json_object_set(answer, "id", id);
	json_object_set_new(answer, "error",
			    json_pack("{s:s, s:o}", "class", error->class, "desc", desc));
	qmp_send(qmp, answer);
}

void qmp_refuse(struct qmp *qmp, const char *desc)
{
	struct qmp_error error = { .class = QMP_GENERIC };

	snprintf(error.desc, sizeof(error.desc), "%s", desc);
	answer_error(qmp, NULL, &error);
}

/* Refuses a text that is not valid JSON. The message is jansson's, or QEMU's if QEMU has one for
 * the same error. */
static void refuse_text(struct qmp *qmp, const char *text, const json_error_t *error)
{
	char desc[512];
	size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	if (size && !text[size])
		snprintf(desc, sizeof(desc), "JSON parse error, invalid keyword '%.200s'", text);
	else if (json_error_code(error) == json_error_duplicate_key)
		snprintf(desc, sizeof(desc), "JSON parse error, duplicate key");
	else if (json_error_code(error) == json_error_invalid_utf8)
		snprintf(desc, sizeof(desc), "JSON parse error, invalid UTF-8 sequence in string");
	else if (json_error_code(error) == json_error_null_character)
		snprintf(desc, sizeof(desc), "JSON parse error, \\u0000 in a string");
	else
		snprintf(desc, sizeof(desc), "JSON parse error, %s", error->text);
	qmp_refuse(qmp, desc);
}

/* Checks the message's own members; returns false with the error if it is not a command. */
static bool check_message(struct qmp_call *call, const json_t *message)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)message, name, value)
	{
		if (!strcmp(name, "execute") && !json_is_string(value))
			qmp_fail(call, QMP_GENERIC, "QMP input member 'execute' must be a string");
		else if (!strcmp(name, "arguments") && !json_is_object(value))
			qmp_fail(call, QMP_GENERIC,
				 "QMP input member 'arguments' must be an object");
		else if (strcmp(name, "execute") && strcmp(name, "arguments") && strcmp(name, "id"))
			qmp_fail(call, QMP_GENERIC, "QMP input member '%s' is unexpected", name);
		if (call->error.class)
			return false;
	}
	if (!json_object_get(message, "execute"))
		qmp_fail(call, QMP_GENERIC, "QMP input lacks member 'execute'");
	return !call->error.class;
}

/* Handles `qmp_capabilities`, which comes first and only once. There is nothing to enable. */
static json_t *qmp_negotiate(struct qmp_call *call)
{
	static const struct qmp_parameter parameters[QMP_PARAMETERS_MAX] = {
		{ .name = "enable", .type = QMP_ARRAY, .optional = true },
	};
	const json_t *enable = json_object_get(call->arguments, "enable");

	if (!qmp_check(call, call->arguments, "", parameters))
		return NULL;
	if (json_array_size(enable)) {
		const char *name = json_string_value(json_array_get(enable, 0));

		qmp_fail(call, QMP_GENERIC, "Capability %s not available", name ? name : "null");
		return NULL;
	}
	call->qmp->negotiated = true;
	return NULL;
}

static json_t *run_command(struct qmp_call *call, const char *name)
{
	for (unsigned n = 0; n < qmp_command_count; n++) {
		const struct qmp_command *command = &qmp_commands[n];

		if (strcmp(command->name, name))
			continue;
		call->command = command;
		return qmp_check(call, call->arguments, "", command->parameters) ?
			       command->run(call) :
			       NULL;
	}
	qmp_fail(call, NOT_FOUND, "The command %s has not been found", name);
	return NULL;
}

static json_t *qmp_run(struct qmp_call *call, const char *name)
{
	bool negotiates = !strcmp(name, QMP_NEGOTIATE);

	if (call->qmp->negotiated && !negotiates)
		return run_command(call, name);
	if (!call->qmp->negotiated && negotiates)
		return qmp_negotiate(call);
	qmp_fail(call, NOT_FOUND,
		 negotiates ? "Capabilities negotiation is already complete, command ignored" :
			      "Expecting capabilities negotiation with '" QMP_NEGOTIATE "'");
	return NULL;
}

static void qmp_answer(struct qmp *qmp, const json_t *message)
{
	json_t *id = json_object_get(message, "id"), *result = NULL, *text;
	struct qmp_call call = { .qmp = qmp };

	call.arguments = json_object_get(message, "arguments");
	if (check_message(&call, message))
		result = qmp_run(&call, json_string_value(json_object_get(message, "execute")));
	if (call.error.class) {
		json_decref(result);
		answer_error(qmp, id, &call.error);
		return;
	}
	qmp_report_changes(qmp->machine);
	text = json_pack("{s:o}", "return", result ? result : json_object());
	if (id)
		json_object_set(text, "id", id);
	qmp_send(qmp, text);
	if (call.job)
		qmp_job_conclude(qmp->machine, call.job);
}

void qmp_dispatch(struct qmp *qmp, const char *text)
{
	json_error_t error;
	json_t *message = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

	if (!message)
		refuse_text(qmp, text, &error);
	else if (!json_is_object(message))
		qmp_refuse(qmp, "QMP input must be a JSON object");
	else
		qmp_answer(qmp, message);
	json_decref(message);
}
