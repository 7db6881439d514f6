/* SPDX-License-Identifier: MIT */
/*
 * The commands of QMP. Only files of frontends/qmp include this. A command is a row of the table in
 * commands.c: dispatch.c finds it, arguments.c checks its arguments, and a function of one of the
 * other files executes it.
 */
#ifndef FRONTENDS_QMP_COMMAND_H
#define FRONTENDS_QMP_COMMAND_H

#include <jansson.h>

#include "bus/base.h"

struct board;
struct qmp;
struct qmp_job;

/* Why a command failed; the class is one of QEMU's QapiErrorClass. */
struct qmp_error {
	const char *class; /* NULL: the command has not failed */
	char desc[512];
};

/* A command that is being executed. */
struct qmp_call {
	struct qmp *qmp;
	const struct qmp_command *command;
	const json_t *arguments; /* an object that matches the command's parameters */
	/* The job that the command has started, whose result is reported after the answer. */
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
/* The name of a row that stands for further parameters, which the command checks itself. */
#define QMP_MORE "..."

struct qmp_command {
	const char *name;
	/*
	 * Executes the command. Returns its result, or NULL: then call->error describes the
	 * failure, or if there is no error, the result is {}.
	 */
	json_t *(*run)(struct qmp_call *call);
	struct qmp_parameter parameters[QMP_PARAMETERS_MAX]; /* ends with one without a name */
	/*
	 * For `by_monitor` in commands.c: the monitor's command line that has the same effect;
	 * NULL: the command's name.
	 */
	const char *line;
	/*
	 * The command succeeds even if that line fails, as in QEMU; what the line prints goes to
	 * stderr.
	 */
	bool succeeds;
};

/* The command that a client must send first. dispatch.c handles it. */
#define QMP_NEGOTIATE "qmp_capabilities"

/* commands.c: the table. */
extern const struct qmp_command qmp_commands[];
extern const unsigned qmp_command_count;

/*
 * arguments.c. qmp_fail fills in call->error. qmp_check returns whether the object matches the
 * parameters; if not, the error contains the place (`where` is a prefix of member names) and the
 * reason.
 */
void qmp_fail(struct qmp_call *call, const char *class, const char *format, ...) PRINTF_LIKE(3, 4);
bool qmp_check(struct qmp_call *call, const json_t *object, const char *where,
	       const struct qmp_parameter *parameters);
#define QMP_GENERIC "GenericError"

/* Return an argument of a checked object. */
const char *qmp_text(const json_t *object, const char *name); /* NULL: it was not given */
s64 qmp_number(const json_t *object, const char *name, s64 otherwise);
bool qmp_true(const json_t *object, const char *name);

/*
 * Returns the index of an argument in the list `words`, "a|b" for example, or -1 with the call's
 * error.
 */
int qmp_word(struct qmp_call *call, const json_t *object, const char *name, const char *words);

/*
 * snapshots.c. qmp_snapshots_of returns a list of the snapshots in a node's image, NULL if there
 * are none, as in QEMU. qmp_snapshot executes the commands for snapshots.
 */
json_t *qmp_snapshots_of(struct board *board, const char *node);
json_t *qmp_snapshot(struct qmp_call *call);

/* The other functions that execute commands, by file. */
/* jobs.c */
json_t *qmp_query_jobs(struct qmp_call *call);
json_t *qmp_command_job(struct qmp_call *call);
json_t *qmp_resume_job(struct qmp_call *call);
json_t *qmp_dismiss_job(struct qmp_call *call);
/* query.c, schema.c, block.c, plug.c, memory.c, input.c */
json_t *qmp_query_status(struct qmp_call *call);
json_t *qmp_query_version(struct qmp_call *call);
json_t *qmp_query_commands(struct qmp_call *call);
json_t *qmp_query_schema(struct qmp_call *call);
json_t *qmp_query_cpus(struct qmp_call *call);
json_t *qmp_query_block(struct qmp_call *call);
json_t *qmp_query_nodes(struct qmp_call *call);
json_t *qmp_blockdev_add(struct qmp_call *call);
json_t *qmp_blockdev_del(struct qmp_call *call);
json_t *qmp_block_resize(struct qmp_call *call);
json_t *qmp_device_add(struct qmp_call *call);
json_t *qmp_device_del(struct qmp_call *call);
json_t *qmp_query_balloon(struct qmp_call *call);
json_t *qmp_balloon(struct qmp_call *call);
json_t *qmp_query_name(struct qmp_call *call);
json_t *qmp_query_uuid(struct qmp_call *call);
json_t *qmp_query_kvm(struct qmp_call *call);
json_t *qmp_query_target(struct qmp_call *call);
json_t *qmp_memsave(struct qmp_call *call);
json_t *qmp_pmemsave(struct qmp_call *call);
json_t *qmp_dump(struct qmp_call *call);
json_t *qmp_query_dump_formats(struct qmp_call *call);
json_t *qmp_query_dump(struct qmp_call *call);
json_t *qmp_query_chardev(struct qmp_call *call);
json_t *qmp_send_events(struct qmp_call *call);
json_t *qmp_send_keys(struct qmp_call *call);

/* Returns Baya's version, which is also part of the greeting. */
json_t *qmp_version(const struct qmp *qmp);

#endif
