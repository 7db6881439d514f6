/* SPDX-License-Identifier: MIT */
/*
 * Contains the table of commands, and the commands that run a line of the monitor. To add a
 * command, add a row.
 */
#include "frontends/qmp/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "frontends/chardev/port.h"
#include "frontends/display/screen.h"
#include "frontends/host/process_options.h"
#include "frontends/net/net.h"
#include "frontends/qmp/client.h"

/* Returns what the monitor prints for a line, which the caller frees; NULL if the host has no
 * memory. */
static char *run_line(struct monitor *monitor, const char *line)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	monitor_run(monitor, line, out);
	output_end_text(out, &text);
	return text;
}

/* Runs the monitor's line for a command. Such a line prints nothing unless it fails. */
static json_t *by_monitor(struct qmp_call *call)
{
	const char *line = call->command->line ? call->command->line : call->command->name;
	char *text = run_line(call->qmp->machine->monitor, line);

	if (!text)
		qmp_fail(call, QMP_GENERIC, "not enough host memory");
	else if (*text && call->command->succeeds)
		fprintf(stderr, "baya: %s", text);
	else if (*text)
		qmp_fail(call, QMP_GENERIC, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	return NULL;
}

/* Returns a text whose lines end as those of QEMU's monitor. Bytes beyond ASCII become question
 * marks, because JSON cannot have bytes that are not UTF-8. */
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
	value = output_end_text(out, &lines) ? NULL : json_stringn(lines, size);
	free(lines);
	return value;
}

/* Runs a line of the monitor. The hart that `cpu-index` chooses is used only for this line. */
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

/* Reads the word of an action, which may be missing; returns false with the error if it is
 * wrong. */
static bool take_action(struct qmp_call *call, const char *name, const char *words, int *action)
{
	*action = qmp_text(call->arguments, name) ? qmp_word(call, call->arguments, name, words) :
						    -1;
	return !call->error.class;
}

/* Sets the actions. All words are checked before any action is changed. */
static json_t *run_set_action(struct qmp_call *call)
{
	struct end_actions *actions = call->qmp->machine->actions;
	int reboot, shutdown, panic, watchdog;

	if (!take_action(call, "reboot", REBOOT_WORDS, &reboot) ||
	    !take_action(call, "shutdown", SHUTDOWN_WORDS, &shutdown) ||
	    !take_action(call, "panic", PANIC_WORDS, &panic) ||
	    !take_action(call, "watchdog", WATCHDOG_WORDS, &watchdog))
		return NULL;
	if (reboot >= 0)
		actions->no_reboot = reboot;
	if (shutdown >= 0)
		actions->shutdown = (unsigned)shutdown;
	if (panic >= 0)
		actions->panic = PANIC_NONE + (unsigned)panic;
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

static json_t *run_send_break(struct qmp_call *call)
{
	struct port_set *ports = call->qmp->machine->monitor->ports;
	const char *id = qmp_text(call->arguments, "id");

	if (!ports || !port_send_break(ports, id))
		qmp_fail(call, QMP_GENERIC, "Chardev '%.200s' not found", id);
	return NULL;
}

const struct qmp_command qmp_commands[] = {
	{ .name = "query-status", .run = qmp_query_status },
	{ .name = "stop", .run = by_monitor },
	{ .name = "cont", .run = by_monitor },
	{ .name = "system_reset", .run = by_monitor },
	{ .name = "system_powerdown", .run = by_monitor, .succeeds = true },
	{ .name = "quit", .run = by_monitor },
	{ .name = "inject-nmi", .run = by_monitor, .line = "nmi" },
	{ .name = "human-monitor-command", .run = run_human,
	  .parameters = {
	    { .name = "command-line", .type = QMP_STRING },
	    { .name = "cpu-index", .type = QMP_INTEGER, .optional = true } } },
	{ .name = "screendump", .run = run_screendump,
	  .parameters = {
	    { .name = "filename", .type = QMP_STRING },
	    { .name = "device", .type = QMP_STRING, .optional = true },
	    { .name = "head", .type = QMP_INTEGER, .optional = true },
	    { .name = "format", .type = QMP_STRING, .optional = true } } },
	{ .name = "memsave", .run = qmp_memsave,
	  .parameters = {
	    { .name = "val", .type = QMP_INTEGER }, { .name = "size", .type = QMP_INTEGER },
	    { .name = "filename", .type = QMP_STRING },
	    { .name = "cpu-index", .type = QMP_INTEGER, .optional = true } } },
	{ .name = "pmemsave", .run = qmp_pmemsave,
	  .parameters = {
	    { .name = "val", .type = QMP_INTEGER }, { .name = "size", .type = QMP_INTEGER },
	    { .name = "filename", .type = QMP_STRING } } },
	{ .name = "dump-guest-memory", .run = qmp_dump,
	  .parameters = {
	    { .name = "paging", .type = QMP_BOOLEAN },
	    { .name = "protocol", .type = QMP_STRING },
	    { .name = "detach", .type = QMP_BOOLEAN, .optional = true },
	    { .name = "begin", .type = QMP_INTEGER, .optional = true },
	    { .name = "length", .type = QMP_INTEGER, .optional = true },
	    { .name = "format", .type = QMP_STRING, .optional = true } } },
	{ .name = "query-dump", .run = qmp_query_dump },
	{ .name = "query-dump-guest-memory-capability", .run = qmp_query_dump_formats },
	{ .name = "input-send-event", .run = qmp_send_events,
	  .parameters = {
	    { .name = "device", .type = QMP_STRING, .optional = true },
	    { .name = "head", .type = QMP_INTEGER, .optional = true },
	    { .name = "events", .type = QMP_ARRAY } } },
	{ .name = "send-key", .run = qmp_send_keys,
	  .parameters = {
	    { .name = "keys", .type = QMP_ARRAY },
	    { .name = "hold-time", .type = QMP_INTEGER, .optional = true } } },
	{ .name = "set_link", .run = run_set_link,
	  .parameters = {
	    { .name = "name", .type = QMP_STRING }, { .name = "up", .type = QMP_BOOLEAN } } },
	{ .name = "set-action", .run = run_set_action,
	  .parameters = {
	    { .name = "reboot", .type = QMP_STRING, .optional = true },
	    { .name = "shutdown", .type = QMP_STRING, .optional = true },
	    { .name = "panic", .type = QMP_STRING, .optional = true },
	    { .name = "watchdog", .type = QMP_STRING, .optional = true } } },
	{ .name = "query-chardev", .run = qmp_query_chardev },
	{ .name = "chardev-send-break", .run = run_send_break,
	  .parameters = { { .name = "id", .type = QMP_STRING } } },
	{ .name = "query-cpus-fast", .run = qmp_query_cpus },
	{ .name = "query-block", .run = qmp_query_block },
	{ .name = "query-named-block-nodes", .run = qmp_query_nodes,
	  .parameters = { { .name = "flat", .type = QMP_BOOLEAN, .optional = true } } },
	{ .name = "blockdev-add", .run = qmp_blockdev_add,
	  .parameters = {
	    { .name = "driver", .type = QMP_STRING },
	    { .name = "node-name", .type = QMP_STRING, .optional = true },
	    { .name = "read-only", .type = QMP_BOOLEAN, .optional = true },
	    { .name = QMP_MORE, .type = QMP_OBJECT, .optional = true } } },
	{ .name = "blockdev-del", .run = qmp_blockdev_del,
	  .parameters = { { .name = "node-name", .type = QMP_STRING } } },
	{ .name = "block_resize", .run = qmp_block_resize,
	  .parameters = {
	    { .name = "device", .type = QMP_STRING, .optional = true },
	    { .name = "node-name", .type = QMP_STRING, .optional = true },
	    { .name = "size", .type = QMP_INTEGER } } },
	{ .name = "device_add", .run = qmp_device_add,
	  .parameters = {
	    { .name = "driver", .type = QMP_STRING },
	    { .name = "bus", .type = QMP_STRING, .optional = true },
	    { .name = "id", .type = QMP_STRING, .optional = true },
	    { .name = QMP_MORE, .type = QMP_OBJECT, .optional = true } } },
	{ .name = "device_del", .run = qmp_device_del,
	  .parameters = { { .name = "id", .type = QMP_STRING } } },
	{ .name = "query-balloon", .run = qmp_query_balloon },
	{ .name = "balloon", .run = qmp_balloon,
	  .parameters = { { .name = "value", .type = QMP_INTEGER } } },
	{ .name = "snapshot-save", .run = qmp_snapshot,
	  .parameters = {
	    { .name = "job-id", .type = QMP_STRING }, { .name = "tag", .type = QMP_STRING },
	    { .name = "vmstate", .type = QMP_STRING },
	    { .name = "devices", .type = QMP_STRINGS } } },
	{ .name = "snapshot-load", .run = qmp_snapshot,
	  .parameters = {
	    { .name = "job-id", .type = QMP_STRING }, { .name = "tag", .type = QMP_STRING },
	    { .name = "vmstate", .type = QMP_STRING },
	    { .name = "devices", .type = QMP_STRINGS } } },
	{ .name = "snapshot-delete", .run = qmp_snapshot,
	  .parameters = {
	    { .name = "job-id", .type = QMP_STRING }, { .name = "tag", .type = QMP_STRING },
	    { .name = "devices", .type = QMP_STRINGS } } },
	{ .name = "query-jobs", .run = qmp_query_jobs },
	{ .name = "job-pause", .run = qmp_command_job,
	  .parameters = { { .name = "id", .type = QMP_STRING } } },
	{ .name = "job-resume", .run = qmp_resume_job,
	  .parameters = { { .name = "id", .type = QMP_STRING } } },
	{ .name = "job-cancel", .run = qmp_command_job,
	  .parameters = { { .name = "id", .type = QMP_STRING } } },
	{ .name = "job-complete", .run = qmp_command_job,
	  .parameters = { { .name = "id", .type = QMP_STRING } } },
	{ .name = "job-finalize", .run = qmp_command_job,
	  .parameters = { { .name = "id", .type = QMP_STRING } } },
	{ .name = "job-dismiss", .run = qmp_dismiss_job,
	  .parameters = { { .name = "id", .type = QMP_STRING } } },
	{ .name = "query-version", .run = qmp_query_version },
	{ .name = "query-commands", .run = qmp_query_commands },
	{ .name = "query-qmp-schema", .run = qmp_query_schema },
	{ .name = "query-name", .run = qmp_query_name },
	{ .name = "query-uuid", .run = qmp_query_uuid },
	{ .name = "query-kvm", .run = qmp_query_kvm },
	{ .name = "query-target", .run = qmp_query_target },
};
const unsigned qmp_command_count = ARRAY_SIZE(qmp_commands);

void qmp_list(void (*print)(void *ctx, const char *usage, const char *help), void *ctx)
{
	print(ctx, QMP_NEGOTIATE, "");
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
		print(ctx, usage, "");
	}
}
