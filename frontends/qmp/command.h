/* SPDX-License-Identifier: MIT */
/* Declares what the files of frontends/qmp share. No other file includes this. */
#ifndef FRONTENDS_QMP_COMMAND_H
#define FRONTENDS_QMP_COMMAND_H

#include <jansson.h>

#include "devices/board/board.h"
#include "frontends/monitor/monitor.h"
#include "frontends/net/link.h"
#include "frontends/qmp/qmp.h"
#include "frontends/qmp/stream.h"

/* Why a command failed; the class is one of QEMU's QapiErrorClass. */
struct qmp_error {
	const char *class; /* NULL: it has not failed */
	char desc[512];
};

struct qmp {
	const struct qmp_machine *machine;
	struct qmp *next; /* the next of the machine's clients */
	struct link link;
	struct qmp_stream in;
	u8 bytes[4096]; /* bytes read; from bytes_at on they are not parsed yet */
	size_t bytes_at, bytes_size;
	bool negotiated; /* the client has sent qmp_capabilities: commands and events are allowed */
	struct qmp_state told; /* the state that events have reported */
	unsigned gone_told;
	/* Output that the client has not read yet. */
	bool wants; /* wake when it can be written */
	char *out;
	size_t out_start, out_end, out_room;
};

/* A job that a command has started; it is kept until it is dismissed. */
struct qmp_job {
	struct qmp_job *next; /* the one that was started before */
	const char *type; /* the command's name */
	char *id;
	bool failed;
	struct board_error error;
};

/* A command that is being executed. */
struct qmp_call {
	struct qmp *qmp;
	const struct qmp_command *command;
	const json_t *arguments; /* an object, checked against the command's parameters */
	/* The job that it has started: its result is reported after the answer. */
	struct qmp_job *job;
	struct qmp_error error;
};

enum qmp_type { QMP_STRING, QMP_INTEGER, QMP_BOOLEAN, QMP_ARRAY, QMP_STRINGS, QMP_OBJECT };

struct qmp_parameter {
	const char *name;
	enum qmp_type type;
	bool optional;
};

#define QMP_PARAMETERS_MAX 6
/* A parameter of this name stands for others, which the command checks itself. */
#define QMP_MORE "..."

struct qmp_command {
	const char *name;
	/* Returns the command's result, or NULL: then call->error says why it failed, and without
	 * an error the result is {}. */
	json_t *(*run)(struct qmp_call *call);
	struct qmp_parameter parameters[QMP_PARAMETERS_MAX]; /* up to one without a name */
	const char *line; /* the monitor's line that does the same; NULL: the same name */
};

/* The command that must come first: qmp/dispatch.c handles it. */
#define QMP_NEGOTIATE "qmp_capabilities"

/* qmp/commands.c */
extern const struct qmp_command qmp_commands[];
extern const unsigned qmp_command_count;

/* qmp.c: report to all clients, as events, what has changed since the last call. */
void qmp_tell_changes(const struct qmp_machine *machine);
/* Sends an event to all clients; takes over the reference to data. */
void qmp_broadcast(const struct qmp_machine *machine, const char *name, json_t *data);
/* Sends to one client, and takes over the reference to the value; if it is NULL there was no
 * memory, and the client is disconnected. An event's data may be NULL. */
void qmp_send(struct qmp *qmp, json_t *value);
void qmp_send_event(struct qmp *qmp, const char *name, json_t *data);

/* qmp/dispatch.c: executes a command in JSON, and sends the answer. */
void qmp_dispatch(struct qmp *qmp, const char *text);
void qmp_refuse(struct qmp *qmp, const char *desc);

/* qmp/arguments.c. When qmp_check returns false, the error says where and why. */
void qmp_fail(struct qmp_call *call, const char *class, const char *format, ...) PRINTF_LIKE(3, 4);
bool qmp_check(struct qmp_call *call, const json_t *object, const char *where,
	       const struct qmp_parameter *parameters);
#define QMP_GENERIC "GenericError"

/* Return arguments after the check. */
const char *qmp_text(const json_t *object, const char *name); /* NULL: not given */
s64 qmp_number(const json_t *object, const char *name, s64 otherwise);
bool qmp_true(const json_t *object, const char *name);

/* Returns the index of a parameter's word in "a|b", or -1 with the error. */
int qmp_word(struct qmp_call *call, const json_t *object, const char *name, const char *words);

/* qmp/jobs.c: starts a job with the arguments' job-id (NULL with the error), and ends it. */
struct qmp_job *qmp_job_begin(struct qmp_call *call);
void qmp_job_conclude(const struct qmp_machine *machine, const struct qmp_job *job);
/* All jobs end with the machine: reports that to a client, and frees them. */
void qmp_jobs_tell_end(struct qmp *qmp);
void qmp_jobs_free(struct qmp_shared *shared);
json_t *qmp_query_jobs(struct qmp_call *call);
json_t *qmp_command_job(struct qmp_call *call);
json_t *qmp_resume_job(struct qmp_call *call);
json_t *qmp_dismiss_job(struct qmp_call *call);

/* qmp/snapshots.c: lists the snapshots in a node's image; NULL if there are none, as in QEMU. */
json_t *qmp_snapshots_of(struct board *board, const char *node);
json_t *qmp_snapshot(struct qmp_call *call);

/* Commands of qmp/commands.c, qmp/block.c, qmp/plug.c, qmp/query.c, ...: rows of the table. */
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

/* The version, which is also in the greeting. */
json_t *qmp_version(void);

#endif
