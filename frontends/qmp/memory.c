/* SPDX-License-Identifier: MIT */
/* Implements memsave, pmemsave and dump-guest-memory. Errors are the same as QEMU's. */
#include "frontends/qmp/command.h"

#include <errno.h>
#include <string.h>

#include "devices/board/inspect/save.h"
#include "frontends/qmp/client.h"

#define TO_FILE "file:"

/* Returns whether a file was written; sets the error if it was not. */
static bool is_saved(struct qmp_call *call, const struct board_memory *range, const char *path,
		     int failed)
{
	if (failed == -EFAULT)
		qmp_fail(call, QMP_GENERIC, "Invalid addr 0x%016llx/size %lld specified",
			 range->addr, (s64)range->size);
	else if (failed)
		qmp_fail(call, QMP_GENERIC, "Could not open '%.200s': %s", path, strerror(-failed));
	return !failed;
}

static json_t *save_memory(struct qmp_call *call, bool physical)
{
	const struct monitor *monitor = call->qmp->machine->monitor;
	const char *path = qmp_text(call->arguments, "filename");
	s64 hart = qmp_number(call->arguments, "cpu-index", 0);
	struct board_memory range = {
		.addr = (u64)qmp_number(call->arguments, "val", 0),
		.size = (u64)qmp_number(call->arguments, "size", 0),
		.space.kind = physical ? SPACE_PHYSICAL : SPACE_CURRENT,
		.hart = (unsigned)hart,
	};

	if (hart < 0 || hart >= monitor->harts)
		qmp_fail(call, QMP_GENERIC, "Parameter 'cpu-index' expects a CPU number");
	else
		is_saved(call, &range, path, board_save_memory(monitor->board, &range, path));
	return NULL;
}

json_t *qmp_memsave(struct qmp_call *call)
{
	return save_memory(call, false);
}

json_t *qmp_pmemsave(struct qmp_call *call)
{
	return save_memory(call, true);
}

/* Reads which part of RAM is requested; returns false with the error. */
static bool take_part(struct qmp_call *call, struct board_memory *part)
{
	bool begins = json_object_get(call->arguments, "begin");

	if (begins != !!json_object_get(call->arguments, "length")) {
		qmp_fail(call, QMP_GENERIC, "Parameter '%s' is missing",
			 begins ? "length" : "begin");
		return false;
	}
	part->addr = (u64)qmp_number(call->arguments, "begin", (s64)part->addr);
	part->size = (u64)qmp_number(call->arguments, "length", (s64)part->size);
	return true;
}

/* Writes a dump. The file is complete when the command ends, so the event is sent at once. */
json_t *qmp_dump(struct qmp_call *call)
{
	struct board *board = call->qmp->machine->monitor->board;
	const char *protocol = qmp_text(call->arguments, "protocol");
	struct qmp_shared *shared = call->qmp->machine->shared;
	struct board_memory part = board_ram(board);

	if (qmp_text(call->arguments, "format") &&
	    qmp_word(call, call->arguments, "format", "elf") < 0)
		return NULL;
	if (qmp_true(call->arguments, "paging"))
		qmp_fail(call, QMP_GENERIC,
			 "Obtaining memory mappings is unsupported: use paging=false");
	else if (strncmp(protocol, TO_FILE, strlen(TO_FILE)))
		qmp_fail(call, QMP_GENERIC, "Invalid parameter 'protocol'");
	if (call->error.class || !take_part(call, &part))
		return NULL;
	protocol += strlen(TO_FILE);
	shared->dump = "failed";
	shared->dump_size = part.size;
	shared->dump_done = 0;
	if (!is_saved(call, &part, protocol, board_save_core(board, &part, protocol)))
		return NULL;
	shared->dump = "completed";
	shared->dump_done = part.size;
	qmp_broadcast(call->qmp->machine, "DUMP_COMPLETED",
		      json_pack("{s:o}", "result", qmp_query_dump(call)));
	return NULL;
}

json_t *qmp_query_dump(struct qmp_call *call)
{
	const struct qmp_shared *shared = call->qmp->machine->shared;

	return json_pack("{s:I, s:s, s:I}", "total", (json_int_t)shared->dump_size, "status",
			 shared->dump ? shared->dump : "none", "completed",
			 (json_int_t)shared->dump_done);
}

json_t *qmp_query_dump_formats(struct qmp_call *call)
{
	(void)call;
	return json_pack("{s:[s]}", "formats", "elf");
}
