/* SPDX-License-Identifier: MIT */
/* What the qmp*.c files share. Nobody else includes this. */
#ifndef FRONTENDS_QMP_PARTS_H
#define FRONTENDS_QMP_PARTS_H

#include <jansson.h>

#include "devices/board/board.h"
#include "frontends/monitor/monitor.h"
#include "frontends/net/link.h"
#include "frontends/qmp/qmp.h"
#include "frontends/qmp/stream.h"

/* Why a command failed; the class is QEMU's QapiErrorClass. */
struct qmp_error {
	const char *class; /* NULL: it did not */
	char desc[512];
};

struct qmp {
	const struct qmp_machine *machine;
	struct qmp *next; /* of the machine's clients */
	struct link link;
	struct qmp_stream in;
	u8 bytes[4096]; /* read, and not looked at from bytes_at on */
	size_t bytes_at, bytes_size;
	bool negotiated; /* the client has said qmp_capabilities: commands and events may come */
	struct qmp_state told; /* by events */
	unsigned gone_told;
	/* What the client has not read yet. */
	bool wants; /* to be woken when it does */
	char *out;
	size_t out_start, out_end, out_room;
};

/* What a command has begun, until it is dismissed. */
struct qmp_job {
	struct qmp_job *next; /* one that was begun before */
	const char *type; /* the command */
	char *id;
	bool failed;
	struct board_error error;
};

/* A command that is being done. */
struct qmp_call {
	struct qmp *qmp;
	const struct qmp_command *command;
	const json_t *arguments; /* an object, checked against the command's parameters */
	struct qmp_job *job; /* that it has begun: what came of it is told behind the answer */
	struct qmp_error error;
};

enum qmp_type { QMP_STRING, QMP_INTEGER, QMP_BOOLEAN, QMP_ARRAY, QMP_STRINGS, QMP_OBJECT };

struct qmp_parameter {
	const char *name;
	enum qmp_type type;
	bool optional;
};

#define QMP_PARAMETERS_MAX 6
#define QMP_MORE "..." /* a parameter's name: others, which the command checks itself */

struct qmp_command {
	const char *name;
	/* What is returned, or NULL and, if it failed, an error: without one it is {}. */
	json_t *(*run)(struct qmp_call *call);
	struct qmp_parameter parameters[QMP_PARAMETERS_MAX]; /* up to one without a name */
	const char *line; /* of the monitor's that does the same; NULL: the name is */
};

/* The command in front of all others: qmp/dispatch.c does it. */
#define QMP_NEGOTIATE "qmp_capabilities"

/* qmp/commands.c */
extern const struct qmp_command qmp_commands[];
extern const unsigned qmp_command_count;

/* qmp.c, to all clients: changes since the last time, as events; another event. It takes data. */
void qmp_tell_changes(const struct qmp_machine *machine);
void qmp_broadcast(const struct qmp_machine *machine, const char *name, json_t *data);
/* To one. The value is given away; NULL is no memory: the client goes. No data: NULL. */
void qmp_send(struct qmp *qmp, json_t *value);
void qmp_send_event(struct qmp *qmp, const char *name, json_t *data);

/* qmp/dispatch.c: do what a text of JSON says, and answer. */
void qmp_dispatch(struct qmp *qmp, const char *text);
void qmp_refuse(struct qmp *qmp, const char *desc);

/* qmp/arguments.c. False from check: the error says where and why. */
void qmp_fail(struct qmp_call *call, const char *class, const char *format, ...)
	PRINTF_LIKE(3, 4);
bool qmp_check(struct qmp_call *call, const json_t *object, const char *where,
	       const struct qmp_parameter *parameters);
#define QMP_GENERIC "GenericError"

/* What arguments are, after the check. */
const char *qmp_text(const json_t *object, const char *name); /* NULL: not given */
s64 qmp_number(const json_t *object, const char *name, s64 otherwise);
bool qmp_true(const json_t *object, const char *name);

/* Index of a parameter's word in "a|b", or -1 with the error. */
int qmp_word(struct qmp_call *call, const json_t *object, const char *name, const char *words);

/* qmp/jobs.c: one that runs, of arguments' job-id (NULL with the error), and is over. */
struct qmp_job *qmp_job_begin(struct qmp_call *call);
void qmp_job_conclude(const struct qmp_machine *machine, const struct qmp_job *job);
/* All of them end with the machine: told to a client, and forgotten. */
void qmp_jobs_tell_end(struct qmp *qmp);
void qmp_jobs_free(struct qmp_shared *shared);
json_t *qmp_query_jobs(struct qmp_call *call);
json_t *qmp_command_job(struct qmp_call *call);
json_t *qmp_resume_job(struct qmp_call *call);
json_t *qmp_dismiss_job(struct qmp_call *call);

/* qmp/snapshots.c: those in a node's image; no list for none, as in QEMU. */
json_t *qmp_snapshots_of(struct board *board, const char *node);
json_t *qmp_snapshot(struct qmp_call *call);

/* Of qmp/commands.c, qmp/block.c, qmp/plug.c, qmp/query.c, ...: rows of the table. */
json_t *qmp_query_status(struct qmp_call *call);
json_t *qmp_query_version(struct qmp_call *call);
json_t *qmp_query_commands(struct qmp_call *call);
json_t *qmp_query_schema(struct qmp_call *call);
json_t *qmp_query_cpus(struct qmp_call *call);
json_t *qmp_query_block(struct qmp_call *call);
json_t *qmp_query_nodes(struct qmp_call *call);
json_t *qmp_blockdev_add(struct qmp_call *call);
json_t *qmp_blockdev_del(struct qmp_call *call);
json_t *qmp_device_add(struct qmp_call *call);
json_t *qmp_device_del(struct qmp_call *call);
json_t *qmp_query_balloon(struct qmp_call *call);
json_t *qmp_balloon(struct qmp_call *call);
json_t *qmp_query_name(struct qmp_call *call);
json_t *qmp_query_uuid(struct qmp_call *call);
json_t *qmp_query_kvm(struct qmp_call *call);
json_t *qmp_query_target(struct qmp_call *call);
json_t *qmp_send_events(struct qmp_call *call);
json_t *qmp_send_keys(struct qmp_call *call);

/* Also in the greeting. */
json_t *qmp_version(void);

#endif
