/* SPDX-License-Identifier: MIT */
/* Jobs that commands of QMP have started, until they are dismissed (jobs.c). */
#ifndef FRONTENDS_QMP_JOBS_H
#define FRONTENDS_QMP_JOBS_H

#include "devices/board/errors.h"
#include "frontends/qmp/client.h"

struct qmp_call;

/* A job that a command has started; it is kept until it is dismissed. */
struct qmp_job {
	struct qmp_job *next; /* the one that was started before */
	const char *type; /* the command's name */
	char *id;
	bool failed;
	struct board_error error;
};

/* Starts a job with the arguments' job-id (NULL with the error), and ends it. */
struct qmp_job *qmp_job_begin(struct qmp_call *call);
void qmp_job_conclude(const struct qmp_machine *machine, const struct qmp_job *job);
/* All jobs end with the machine: reports that to a client, and frees them. */
void qmp_jobs_tell_end(struct qmp *qmp);
void qmp_jobs_free(struct qmp_shared *shared);

#endif
