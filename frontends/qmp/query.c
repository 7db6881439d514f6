/* SPDX-License-Identifier: MIT */
/* Implements queries about the machine. Members are in QEMU's order. */
#include "frontends/qmp/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "bus/output.h"
#include "devices/board/plug/balloon.h"
#include "frontends/chardev/port.h"
#include "frontends/monitor/info.h"
#include "frontends/qmp/client.h"

/* Clients adapt to QEMU's version; Baya's commands are compatible with this one. */
enum { LIKE_MAJOR = 7, LIKE_MINOR = 2, LIKE_MICRO = 0 };

json_t *qmp_version(const struct qmp *qmp)
{
	return json_pack("{s:{s:i, s:i, s:i}, s:s+}", "qemu", "micro", LIKE_MICRO, "minor",
			 LIKE_MINOR, "major", LIKE_MAJOR, "package", "Baya ",
			 board_version(qmp->machine->monitor->board));
}

json_t *qmp_query_version(struct qmp_call *call)
{
	return qmp_version(call->qmp);
}

json_t *qmp_query_status(struct qmp_call *call)
{
	const struct qmp_machine *machine = call->qmp->machine;
	struct qmp_state state;

	machine->state(machine->ctx, &state);
	return json_pack("{s:s, s:b, s:b}", "status", state.status, "singlestep", false, "running",
			 state.running);
}

json_t *qmp_query_commands(struct qmp_call *call)
{
	json_t *names = json_pack("[{s:s}]", "name", "qmp_capabilities");

	(void)call;
	for (unsigned n = 0; n < qmp_command_count; n++)
		json_array_append_new(names, json_pack("{s:s}", "name", qmp_commands[n].name));
	return names;
}

/* Lists the harts. One thread of the host runs all of them, so all have the same thread-id. */
json_t *qmp_query_cpus(struct qmp_call *call)
{
	json_t *cpus = json_array();

	for (unsigned n = 0; n < call->qmp->machine->monitor->harts; n++) {
		char path[64];

		snprintf(path, sizeof(path), "/machine/soc0/harts[%u]", n);
		json_array_append_new(cpus, json_pack("{s:i, s:{s:i}, s:s, s:i, s:s}", "thread-id",
						      (int)getpid(), "props", "core-id", (int)n,
						      "qom-path", path, "cpu-index", (int)n,
						      "target", "riscv64"));
	}
	return cpus;
}

static void add_chardev(void *ctx, const char *label, const char *place, bool open)
{
	json_array_append_new(ctx, json_pack("{s:b, s:s, s:s}", "frontend-open", open, "filename",
					     place, "label", label));
}

static void add_link(json_t *found, const struct link *link)
{
	char *filename = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&filename, &size);

	if (!out)
		return;
	link_filename(link, out);
	if (!output_end_text(out, &filename))
		add_chardev(found, link->place->label, filename, true);
	free(filename);
}

/* Lists the guest's ports, and the places at which programs control the machine. */
json_t *qmp_query_chardev(struct qmp_call *call)
{
	const struct monitor *monitor = call->qmp->machine->monitor;
	json_t *found = json_array();
	const struct port_lister lister = { add_chardev, found };

	if (monitor->ports)
		port_list(monitor->ports, &lister);
	for (struct link *link = monitor->links ? *monitor->links : NULL; link;
	     link = link->next_link)
		add_link(found, link);
	return found;
}

static json_t *no_balloon(struct qmp_call *call)
{
	qmp_fail(call, "DeviceNotActive", "No balloon device has been activated");
	return NULL;
}

json_t *qmp_query_balloon(struct qmp_call *call)
{
	struct board_balloon balloon;

	if (!board_balloon(call->qmp->machine->monitor->board, &balloon))
		return no_balloon(call);
	return json_pack("{s:I}", "actual", (json_int_t)balloon.actual);
}

json_t *qmp_balloon(struct qmp_call *call)
{
	struct board *board = call->qmp->machine->monitor->board;
	s64 size = qmp_number(call->arguments, "value", 0);
	struct board_balloon balloon;

	if (!board_balloon(board, &balloon))
		return no_balloon(call);
	if (size <= 0)
		qmp_fail(call, QMP_GENERIC, "Parameter 'target' expects a size");
	else
		board_balloon_want(board, (u64)size);
	return NULL;
}

json_t *qmp_query_name(struct qmp_call *call)
{
	const char *name = call->qmp->machine->monitor->name;

	return name ? json_pack("{s:s}", "name", name) : NULL;
}

json_t *qmp_query_uuid(struct qmp_call *call)
{
	char text[MONITOR_UUID];

	monitor_uuid(call->qmp->machine->monitor, text);
	return json_pack("{s:s}", "UUID", text);
}

json_t *qmp_query_kvm(struct qmp_call *call)
{
	(void)call;
	return json_pack("{s:b, s:b}", "enabled", false, "present", false);
}

json_t *qmp_query_target(struct qmp_call *call)
{
	(void)call;
	return json_pack("{s:s}", "arch", "riscv64");
}
