/* SPDX-License-Identifier: MIT */
/*
 * Implements QEMU's jobs (see QEMU's docs of job-*): a command starts a long operation, whose
 * result is kept until another command dismisses it. The only jobs are those of snapshots. They are
 * complete before the command that starts them is answered, so a job is never seen in any state but
 * "concluded".
 */
#include "frontends/qmp/jobs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/qmp/client.h"
#include "frontends/qmp/command.h"

#define CONCLUDED "concluded"
#define VERB_AT strlen("job-") /* the index of the verb in the names of commands about a job */

static json_t *status_data(const struct qmp_job *job, const char *status)
{
	return json_pack("{s:s, s:s}", "status", status, "id", job->id);
}

static void report_status(const struct qmp_machine *machine, const struct qmp_job *job,
			  const char *status)
{
	qmp_broadcast(machine, "JOB_STATUS_CHANGE", status_data(job, status));
}

void qmp_job_conclude(const struct qmp_machine *machine, const struct qmp_job *job)
{
	if (job->failed) {
		report_status(machine, job, "aborting");
	} else {
		report_status(machine, job, "waiting");
		report_status(machine, job, "pending");
	}
	report_status(machine, job, CONCLUDED);
}

void qmp_jobs_report_end(struct qmp *qmp)
{
	for (const struct qmp_job *job = qmp->machine->shared->jobs; job; job = job->next)
		qmp_send_event(qmp, "JOB_STATUS_CHANGE", status_data(job, "null"));
}

static void free_job(struct qmp_job *job)
{
	free(job->id);
	free(job);
}

void qmp_jobs_free(struct qmp_shared *shared)
{
	while (shared->jobs) {
		struct qmp_job *job = shared->jobs;

		shared->jobs = job->next;
		free_job(job);
	}
}

/* Returns the pointer to the job in the list; it points to NULL if no job has that id. */
static struct qmp_job **qmp_job_find(struct qmp_call *call, const char *id)
{
	struct qmp_job **at = &call->qmp->machine->shared->jobs;

	while (*at && strcmp((*at)->id, id))
		at = &(*at)->next;
	return at;
}

/* Returns the pointer to the job that the command names; sets the error if there is none. */
static struct qmp_job **find_reported(struct qmp_call *call)
{
	struct qmp_job **at = qmp_job_find(call, qmp_text(call->arguments, "id"));

	if (!*at)
		qmp_fail(call, QMP_GENERIC, "Job not found");
	return at;
}

json_t *qmp_query_jobs(struct qmp_call *call)
{
	json_t *jobs = json_array();

	for (const struct qmp_job *job = call->qmp->machine->shared->jobs; job; job = job->next) {
		json_t *object = json_pack("{s:i, s:s, s:i, s:s, s:s}", "current-progress", 1,
					   "status", CONCLUDED, "total-progress", 1, "type",
					   job->type, "id", job->id);

		if (job->failed)
			json_object_set_new(object, "error", json_string(job->error.text));
		json_array_append_new(jobs, object);
	}
	return jobs;
}

json_t *qmp_command_job(struct qmp_call *call)
{
	const struct qmp_job *job = *find_reported(call);

	if (job)
		qmp_fail(call, QMP_GENERIC,
			 "Job '%.200s' in state '" CONCLUDED "' cannot accept command verb '%s'",
			 job->id, call->command->name + VERB_AT);
	return NULL;
}

json_t *qmp_resume_job(struct qmp_call *call)
{
	if (*find_reported(call))
		qmp_fail(call, QMP_GENERIC, "Can't resume a job that was not paused");
	return NULL;
}

json_t *qmp_dismiss_job(struct qmp_call *call)
{
	struct qmp_job **at = find_reported(call), *job = *at;

	if (!job)
		return NULL;
	*at = job->next;
	report_status(call->qmp->machine, job, "null");
	free_job(job);
	return NULL;
}

/* Returns whether an id obeys QEMU's rule for names that users give. */
static bool is_well_formed(const char *id)
{
	const char *at = id;

	while (isascii(*at) && (isalnum(*at) || (*at && strchr("-._", *at))))
		at++;
	return isascii(*id) && isalpha(*id) && !*at;
}

struct qmp_job *qmp_job_begin(struct qmp_call *call)
{
	const char *id = qmp_text(call->arguments, "job-id");
	struct qmp_shared *shared = call->qmp->machine->shared;
	struct qmp_job *job;

	if (!is_well_formed(id))
		qmp_fail(call, QMP_GENERIC, "Invalid job ID '%.400s'", id);
	else if (*qmp_job_find(call, id))
		qmp_fail(call, QMP_GENERIC, "Job ID '%.400s' already in use", id);
	if (call->error.class)
		return NULL;
	job = calloc(1, sizeof(*job));
	if (job)
		job->id = strdup(id);
	if (!job || !job->id) {
		free(job);
		qmp_fail(call, QMP_GENERIC, "not enough host memory");
		return NULL;
	}
	job->type = call->command->name;
	job->next = shared->jobs;
	shared->jobs = call->job = job;
	report_status(call->qmp->machine, job, "created");
	report_status(call->qmp->machine, job, "running");
	return job;
}
