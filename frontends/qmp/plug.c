/* SPDX-License-Identifier: MIT */
/* Implements device_add and device_del: converts their arguments to -device's syntax. */
#include "frontends/qmp/command.h"

#include <errno.h>

#include "devices/board/plug/plug.h"
#include "frontends/host/keyval_json.h"
#include "frontends/monitor/plug.h"
#include "frontends/qmp/client.h"

json_t *qmp_device_add(struct qmp_call *call)
{
	struct strings strings = { 0 };
	struct board_error error;
	struct text text;
	const char *bad, *list;

	text_begin(&text);
	bad = keyval_from_json(&text, call->arguments, "driver");
	list = text_end(&text, &strings);
	if (bad)
		qmp_fail(call, QMP_GENERIC, "Invalid parameter type for '%.200s', expected: string",
			 bad);
	else if (plug_device(call->qmp->machine->monitor->board, list, &error))
		qmp_fail(call, QMP_GENERIC, "%s", error.text);
	strings_free(&strings);
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
