/* SPDX-License-Identifier: MIT */
/* device_add and device_del: their arguments are converted to -device's syntax. */
#include "frontends/qmp/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/plug/plug.h"
#include "frontends/monitor/plug.h"
#include "frontends/qmp/client.h"

/* Writes a value of a list, with commas doubled. False: its type is not possible there. */
static bool put_value(FILE *out, const json_t *value)
{
	if (json_is_string(value))
		for (const char *c = json_string_value(value); *c; c++)
			fputs(*c == ',' ? ",," : (char[]){ *c, 0 }, out);
	else if (json_is_boolean(value))
		fputs(json_is_true(value) ? "on" : "off", out);
	else if (json_is_integer(value))
		fprintf(out, "%lld", json_integer_value(value));
	else
		return false;
	return true;
}

/* Writes the list, beginning with the driver. */
static bool put_list(struct qmp_call *call, FILE *out)
{
	const char *name;
	json_t *value;

	put_value(out, json_object_get(call->arguments, "driver"));
	json_object_foreach((json_t *)(uintptr_t)call->arguments, name, value)
	{
		if (!strcmp(name, "driver"))
			continue;
		fprintf(out, ",%s=", name);
		if (put_value(out, value))
			continue;
		qmp_fail(call, QMP_GENERIC, "Invalid parameter type for '%.200s', expected: string",
			 name);
		return false;
	}
	return true;
}

json_t *qmp_device_add(struct qmp_call *call)
{
	struct board_error error;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool good = out && put_list(call, out);

	if (!out || fclose(out))
		qmp_fail(call, QMP_GENERIC, "not enough host memory");
	else if (good && plug_device(call->qmp->machine->monitor->board, text, &error))
		qmp_fail(call, QMP_GENERIC, "%s", error.text);
	free(text);
	return NULL;
}

json_t *qmp_device_del(struct qmp_call *call)
{
	struct board *board = call->qmp->machine->monitor->board;
	struct board_error error;
	int failed = board_unplug(board, qmp_text(call->arguments, "id"), &error);

	if (failed)
		qmp_fail(call, failed == -ENODEV ? "DeviceNotFound" : QMP_GENERIC, "%s",
			 error.text);
	return NULL;
}
