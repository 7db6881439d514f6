/* SPDX-License-Identifier: MIT */
/* Implements snapshot-save, -load and -delete, and the list of snapshots of query-block. */
#include "frontends/qmp/command.h"

#include <stdlib.h>
#include <string.h>

#include "devices/board/snapshot/snapshot.h"
#include "frontends/monitor/snapshot.h"
#include "frontends/qmp/client.h"
#include "frontends/qmp/jobs.h"

static int run_snapshot(struct qmp_call *call, const struct board_snapshot_request *request,
			struct board_error *error)
{
	static const struct {
		const char *command;
		int (*run)(struct monitor *monitor, const struct board_snapshot_request *request,
			   struct board_error *error);
	} kinds[] = {
		{ "snapshot-save", monitor_save },
		{ "snapshot-load", monitor_load },
		{ "snapshot-delete", monitor_delete },
	};
	unsigned n = 0;

	while (strcmp(kinds[n].command, call->command->name))
		n++;
	return kinds[n].run(call->qmp->machine->monitor, request, error);
}

/* Runs a command's operation. Returns 0, or -1 with *error. */
static int do_snapshot(struct qmp_call *call, struct board_error *error)
{
	const json_t *devices = json_object_get(call->arguments, "devices");
	size_t count = json_array_size(devices);
	const char **names = calloc(MAX(count, (size_t)1), sizeof(*names));
	const struct board_snapshot_request request = {
		.tag = qmp_text(call->arguments, "tag"),
		.vmstate = qmp_text(call->arguments, "vmstate"),
		.devices = names,
		.device_count = (unsigned)count,
	};
	int failed = -1;

	for (size_t n = 0; names && n < count; n++)
		names[n] = json_string_value(json_array_get(devices, n));
	if (!names)
		board_error_memory(error);
	else
		failed = run_snapshot(call, &request, error);
	free(names);
	return failed;
}

json_t *qmp_snapshot(struct qmp_call *call)
{
	struct qmp_job *job = qmp_job_begin(call);

	if (job)
		job->failed = do_snapshot(call, &job->error);
	return NULL;
}

/* Returns the description of a snapshot; NULL if a name is not UTF-8. */
static json_t *make_snapshot(const struct disk_snapshot *snapshot)
{
	return json_pack("{s:I, s:s, s:I, s:I, s:I, s:s, s:I}", "vm-clock-nsec",
			 (json_int_t)(snapshot->clock % NS_PER_S), "name", snapshot->name,
			 "date-sec", (json_int_t)snapshot->seconds, "date-nsec",
			 (json_int_t)snapshot->nanoseconds, "vm-clock-sec",
			 (json_int_t)(snapshot->clock / NS_PER_S), "id", snapshot->id,
			 "vm-state-size", (json_int_t)snapshot->state_size);
}

json_t *qmp_snapshots_of(struct board *board, const char *node)
{
	struct disk_snapshot *list = NULL;
	struct board_error error;
	json_t *snapshots = NULL;
	unsigned count = 0;

	if (!board_snapshot_list(board, node, &list, &count, &error) && count)
		snapshots = json_array();
	for (unsigned n = 0; n < count; n++)
		json_array_append_new(snapshots, make_snapshot(&list[n]));
	free(list);
	return snapshots;
}
