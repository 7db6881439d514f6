/* SPDX-License-Identifier: MIT */
/*
 * The table of commands, and those commands that do what a line of the monitor does. To add a
 * command, add a row.
 */
#include "frontends/qmp/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/display/screen.h"
#include "frontends/net/net.h"

/* Returns what the monitor prints for a line; the caller frees it. NULL: the host has no memory. */
static char *run_line(struct monitor *monitor, const char *line)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	monitor_run(monitor, line, out);
	return fclose(out) ? NULL : text;
}

/* Runs a command of the monitor's that prints nothing unless it fails. */
static json_t *by_monitor(struct qmp_call *call)
{
	const char *line = call->command->line ? call->command->line : call->command->name;
	char *text = run_line(call->qmp->machine->monitor, line);

	if (!text)
		qmp_fail(call, QMP_GENERIC, "not enough host memory");
	else if (*text)
		qmp_fail(call, QMP_GENERIC, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	return NULL;
}

/* Ends lines as QEMU's monitor does. Bytes that are not UTF-8 cannot be in JSON. */
static json_t *as_lines(const char *text)
{
	char *lines = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&lines, &size);
	json_t *value;

	if (!out)
		return NULL;
	for (; *text; text++) {
		if (*text == '\n')
			fputc('\r', out);
		fputc((signed char)*text < 0 ? '?' : *text, out);
	}
	value = fclose(out) ? NULL : json_stringn(lines, size);
	free(lines);
	return value;
}

/* The hart that `cpu` chooses in the line is only used for this line. */
static json_t *run_human(struct qmp_call *call)
{
	struct monitor *monitor = call->qmp->machine->monitor;
	const char *line = qmp_text(call->arguments, "command-line");
	s64 hart = qmp_number(call->arguments, "cpu-index", 0);
	unsigned before = monitor->hart;
	json_t *value;
	char *text;

	if (hart < 0 || hart >= monitor->harts) {
		qmp_fail(call, QMP_GENERIC, "Parameter 'cpu-index' expects a CPU number");
		return NULL;
	}
	if (strlen(line) >= MONITOR_LINE_MAX) {
		qmp_fail(call, QMP_GENERIC, "the line is longer than %d bytes",
			 MONITOR_LINE_MAX - 1);
		return NULL;
	}
	monitor->hart = (unsigned)hart;
	text = run_line(monitor, line);
	monitor->hart = before;
	value = text ? as_lines(text) : NULL;
	free(text);
	if (!value)
		qmp_fail(call, QMP_GENERIC, "not enough host memory");
	return value;
}

static json_t *run_screendump(struct qmp_call *call)
{
	const struct monitor *monitor = call->qmp->machine->monitor;
	const char *device = qmp_text(call->arguments, "device");
	s64 head = qmp_number(call->arguments, "head", 0);
	struct screen_picture picture = { .path = qmp_text(call->arguments, "filename") };
	int format = 0, failed;

	if (qmp_text(call->arguments, "format"))
		format = qmp_word(call, call->arguments, "format", "ppm|png");
	if (format < 0)
		return NULL;
	if (qmp_text(call->arguments, "format"))
		picture.format = format ? PNG_ALWAYS : PNG_NOT;
	picture.output = head >= 0 && head < UINT32_MAX ? (unsigned)head : UINT32_MAX;
	failed = monitor->screen ? screen_shot(monitor->screen, &picture) : -ENODEV;
	if (device)
		qmp_fail(call, "DeviceNotFound", "Device '%s' not found", device);
	else if (failed == -ENODEV || failed == -ENODATA)
		qmp_fail(call, QMP_GENERIC, "%s", screen_shot_error(failed));
	else if (failed)
		qmp_fail(call, QMP_GENERIC, "failed to open file '%.200s': %s", picture.path,
			 screen_shot_error(failed));
	return NULL;
}

static json_t *run_set_link(struct qmp_call *call)
{
	struct net_set *net = call->qmp->machine->monitor->net;
	const char *name = qmp_text(call->arguments, "name");

	if (!net || !net_link(net, name, qmp_true(call->arguments, "up")))
		qmp_fail(call, "DeviceNotFound", "Device '%.200s' not found", name);
	return NULL;
}

const struct qmp_command qmp_commands[] = {
	{ "query-status", qmp_query_status, { { 0 } }, NULL },
	{ "stop", by_monitor, { { 0 } }, NULL },
	{ "cont", by_monitor, { { 0 } }, NULL },
	{ "system_reset", by_monitor, { { 0 } }, NULL },
	{ "system_powerdown", by_monitor, { { 0 } }, NULL },
	{ "quit", by_monitor, { { 0 } }, NULL },
	{ "inject-nmi", by_monitor, { { 0 } }, "nmi" },
	{ "human-monitor-command", run_human,
	  { { "command-line", QMP_STRING, false }, { "cpu-index", QMP_INTEGER, true } }, NULL },
	{ "screendump", run_screendump,
	  { { "filename", QMP_STRING, false }, { "device", QMP_STRING, true },
	    { "head", QMP_INTEGER, true }, { "format", QMP_STRING, true } }, NULL },
	{ "input-send-event", qmp_send_events,
	  { { "device", QMP_STRING, true }, { "head", QMP_INTEGER, true },
	    { "events", QMP_ARRAY, false } }, NULL },
	{ "send-key", qmp_send_keys,
	  { { "keys", QMP_ARRAY, false }, { "hold-time", QMP_INTEGER, true } }, NULL },
	{ "set_link", run_set_link,
	  { { "name", QMP_STRING, false }, { "up", QMP_BOOLEAN, false } }, NULL },
	{ "query-cpus-fast", qmp_query_cpus, { { 0 } }, NULL },
	{ "query-block", qmp_query_block, { { 0 } }, NULL },
	{ "query-named-block-nodes", qmp_query_nodes, { { "flat", QMP_BOOLEAN, true } }, NULL },
	{ "blockdev-add", qmp_blockdev_add,
	  { { "driver", QMP_STRING, false }, { "node-name", QMP_STRING, true },
	    { "read-only", QMP_BOOLEAN, true }, { QMP_MORE, QMP_OBJECT, true } }, NULL },
	{ "blockdev-del", qmp_blockdev_del, { { "node-name", QMP_STRING, false } }, NULL },
	{ "device_add", qmp_device_add,
	  { { "driver", QMP_STRING, false }, { "bus", QMP_STRING, true },
	    { "id", QMP_STRING, true }, { QMP_MORE, QMP_OBJECT, true } }, NULL },
	{ "device_del", qmp_device_del, { { "id", QMP_STRING, false } }, NULL },
	{ "query-balloon", qmp_query_balloon, { { 0 } }, NULL },
	{ "balloon", qmp_balloon, { { "value", QMP_INTEGER, false } }, NULL },
	{ "snapshot-save", qmp_snapshot,
	  { { "job-id", QMP_STRING, false }, { "tag", QMP_STRING, false },
	    { "vmstate", QMP_STRING, false }, { "devices", QMP_STRINGS, false } }, NULL },
	{ "snapshot-load", qmp_snapshot,
	  { { "job-id", QMP_STRING, false }, { "tag", QMP_STRING, false },
	    { "vmstate", QMP_STRING, false }, { "devices", QMP_STRINGS, false } }, NULL },
	{ "snapshot-delete", qmp_snapshot,
	  { { "job-id", QMP_STRING, false }, { "tag", QMP_STRING, false },
	    { "devices", QMP_STRINGS, false } }, NULL },
	{ "query-jobs", qmp_query_jobs, { { 0 } }, NULL },
	{ "job-pause", qmp_command_job, { { "id", QMP_STRING, false } }, NULL },
	{ "job-resume", qmp_resume_job, { { "id", QMP_STRING, false } }, NULL },
	{ "job-cancel", qmp_command_job, { { "id", QMP_STRING, false } }, NULL },
	{ "job-complete", qmp_command_job, { { "id", QMP_STRING, false } }, NULL },
	{ "job-finalize", qmp_command_job, { { "id", QMP_STRING, false } }, NULL },
	{ "job-dismiss", qmp_dismiss_job, { { "id", QMP_STRING, false } }, NULL },
	{ "query-version", qmp_query_version, { { 0 } }, NULL },
	{ "query-commands", qmp_query_commands, { { 0 } }, NULL },
	{ "query-qmp-schema", qmp_query_schema, { { 0 } }, NULL },
	{ "query-name", qmp_query_name, { { 0 } }, NULL },
	{ "query-uuid", qmp_query_uuid, { { 0 } }, NULL },
	{ "query-kvm", qmp_query_kvm, { { 0 } }, NULL },
	{ "query-target", qmp_query_target, { { 0 } }, NULL },
};
const unsigned qmp_command_count = ARRAY_SIZE(qmp_commands);

void qmp_tell(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx)
{
	tell(ctx, QMP_NEGOTIATE, "");
	for (unsigned i = 0; i < qmp_command_count; i++) {
		const struct qmp_parameter *parameters = qmp_commands[i].parameters;
		char usage[256];
		size_t used;

		snprintf(usage, sizeof(usage), "%s", qmp_commands[i].name);
		for (unsigned n = 0; n < QMP_PARAMETERS_MAX && parameters[n].name; n++) {
			used = strlen(usage);
			snprintf(usage + used, sizeof(usage) - used,
				 parameters[n].optional ? " [%s]" : " %s", parameters[n].name);
		}
		tell(ctx, usage, "");
	}
}
