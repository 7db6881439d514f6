/* SPDX-License-Identifier: MIT */
/* Jobs that QMP commands have started, which exist until they are dismissed (jobs.c). */
#ifndef FRONTENDS_QMP_JOBS_H
#define FRONTENDS_QMP_JOBS_H

#include "devices/board/errors.h"
#include "frontends/qmp/client.h"

struct qmp_call;

/* A job that a command has started. */
struct qmp_job {
	struct qmp_job *next; /* the job that was started before it */
	const char *type; /* the command's name */
	char *id;
	bool failed;
	struct board_error error;
};

/*
 * qmp_job_begin starts a job whose id is the argument job-id; it returns NULL with the call's error
 * if that is not possible. qmp_job_conclude reports the states through which a job passes to its
 * end.
 */
struct qmp_job *qmp_job_begin(struct qmp_call *call);
void qmp_job_conclude(const struct qmp_machine *machine, const struct qmp_job *job);
/*
 * qmp_jobs_report_end reports the end of all jobs to a client, since they end with the machine.
 * qmp_jobs_free frees them.
 */
void qmp_jobs_report_end(struct qmp *qmp);
void qmp_jobs_free(struct qmp_shared *shared);

#endif
