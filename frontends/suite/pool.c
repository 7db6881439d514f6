/* SPDX-License-Identifier: MIT */
/*
 * Runs each test in its own process, so that no test can harm another; as many run at once as were
 * requested. A child sends its struct suite_result through a pipe and exits; the parent only waits,
 * and passes the results on in the order of the list.
 */
#include "bus/clock.h"
#include "frontends/suite/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* A test that takes this many seconds longer than its timeout hangs. It normally ends itself at its
 * timeout, and may then be run once more to find out why it failed. */
#define GRACE 30

struct worker {
	pid_t pid;
	int fd; /* -1: free */
	unsigned index; /* of the test that it runs */
	size_t got;
	struct suite_result *result;
	double deadline;
};

struct pool {
	struct suite *suite;
	const struct suite_pool_calls *calls;
	struct worker *workers;
	struct pollfd *polls; /* one for each worker, and one for the signals */
	unsigned room;
	unsigned started, ended, reported; /* tests */
	int signals; /* signalfd */
	sigset_t old_mask;
};

static double pool_now(void)
{
	return (double)clock_host_ns() / NS_PER_S;
}

static unsigned host_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned)CPU_COUNT(&set);
}

static void send_result(int fd, const struct suite_result *result)
{
	const char *data = (const char *)result;
	size_t left = sizeof(*result);

	while (left) {
		ssize_t size = write(fd, data, left);

		if (size < 0 && errno != EINTR)
			_exit(1);
		data += MAX(size, 0);
		left -= (size_t)MAX(size, 0);
	}
}

/* Runs a test in the child process, which is killed when its parent ends, and must not flush the
 * parent's buffers. */
static void be_worker(const struct pool *pool, struct worker *worker, pid_t parent, int fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	sigprocmask(SIG_SETMASK, &pool->old_mask, NULL);
	suite_test(pool->suite->options, &pool->suite->tests[worker->index], worker->result);
	send_result(fd, worker->result);
	_exit(0);
}

/* Starts the process of a worker that has its result and the number of its test. */
static int start_process(struct pool *pool, struct worker *worker)
{
	pid_t parent = getpid();
	int pipe_fds[2], failed;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -errno;
	worker->pid = fork();
	failed = worker->pid < 0 ? -errno : 0;
	if (worker->pid == 0)
		be_worker(pool, worker, parent, pipe_fds[1]);
	close(pipe_fds[1]);
	if (failed)
		close(pipe_fds[0]);
	else
		worker->fd = pipe_fds[0];
	return failed;
}

static int pool_start(struct pool *pool, struct worker *worker)
{
	int failed;

	worker->result = calloc(1, sizeof(*worker->result));
	if (!worker->result)
		return -ENOMEM;
	worker->index = pool->started;
	worker->got = 0;
	worker->deadline = pool_now() + 2 * pool->suite->options->timeout + GRACE;
	failed = start_process(pool, worker);
	if (failed) {
		free(worker->result);
		worker->result = NULL;
		return failed;
	}
	pool->started++;
	pool->calls->progress(pool->calls->ctx, pool->ended, &pool->suite->tests[worker->index]);
	return 0;
}

/*
 * Starts as many tests as there are free workers. If the host lacks a resource for that, which
 * tests that end will free, the rest is started later. Returns a negative errno if no test runs.
 */
static int start_all(struct pool *pool)
{
	int failed = 0;

	for (unsigned n = 0; n < pool->room && !failed; n++)
		if (pool->workers[n].fd < 0 && pool->started < pool->suite->count)
			failed = pool_start(pool, &pool->workers[n]);
	return pool->started > pool->ended ? 0 : failed;
}

/* Waits for a child that has ended, or kills it; returns its status. */
static int pool_reap(struct worker *worker, bool killed)
{
	int status = 0;

	if (killed)
		kill(worker->pid, SIGKILL);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(worker->fd);
	worker->fd = -1;
	return status;
}

/* Records the result of a child that has ended. If the child sent no complete result, or was
 * killed, the result says so. */
static void pool_finish(struct pool *pool, struct worker *worker, const char *killed)
{
	struct suite_result *result = worker->result;
	int status = pool_reap(worker, killed);

	worker->result = NULL;
	if (killed)
		suite_result_set(result, SUITE_ERROR, "%s", killed);
	else if (WIFSIGNALED(status))
		suite_result_set(result, SUITE_ERROR, "Baya itself was ended by signal %d (%s)",
				 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (worker->got != sizeof(*result))
		suite_result_set(result, SUITE_ERROR,
				 "Baya itself ended with exit code %d before the test did",
				 WEXITSTATUS(status));
	pool->suite->tests[worker->index].result = result;
	pool->ended++;
	pool->calls->progress(pool->calls->ctx, pool->ended, NULL);
	while (pool->reported < pool->suite->count && pool->suite->tests[pool->reported].result)
		pool->calls->done(pool->calls->ctx, pool->reported++);
}

static void pool_receive(struct pool *pool, struct worker *worker)
{
	char *to = (char *)worker->result + worker->got;
	ssize_t size = read(worker->fd, to, sizeof(*worker->result) - worker->got);

	if (size < 0 && errno == EINTR)
		return;
	worker->got += (size_t)MAX(size, 0);
	if (size <= 0 || worker->got == sizeof(*worker->result))
		pool_finish(pool, worker, NULL);
}

/* Waits until something happens or a worker is overdue, but at most for a second. */
static void wait_for_any(struct pool *pool)
{
	struct signalfd_siginfo info;

	for (unsigned n = 0; n < pool->room; n++)
		pool->polls[n] = (struct pollfd){ pool->workers[n].fd, POLLIN, 0 };
	pool->polls[pool->room] = (struct pollfd){ pool->signals, POLLIN, 0 };
	if (poll(pool->polls, pool->room + 1, 1000) < 0)
		return;
	for (unsigned n = 0; n < pool->room; n++)
		if (pool->polls[n].revents)
			pool_receive(pool, &pool->workers[n]);
		else if (pool->workers[n].fd >= 0 && pool_now() > pool->workers[n].deadline)
			pool_finish(pool, &pool->workers[n],
				    "Baya itself is stuck: it did not end the test at its timeout");
	if (pool->polls[pool->room].revents &&
	    read(pool->signals, &info, sizeof(info)) == sizeof(info))
		pool->suite->signal = (int)info.ssi_signo;
}

static void stop_all(struct pool *pool)
{
	for (unsigned n = 0; n < pool->room; n++) {
		struct worker *worker = &pool->workers[n];

		if (worker->fd >= 0)
			pool_reap(worker, true);
		free(worker->result);
	}
}

static int open_pool(struct pool *pool)
{
	sigset_t quit;

	sigemptyset(&quit);
	sigaddset(&quit, SIGINT);
	sigaddset(&quit, SIGTERM);
	sigaddset(&quit, SIGHUP);
	sigaddset(&quit, SIGQUIT);
	sigprocmask(SIG_BLOCK, &quit, &pool->old_mask);
	pool->workers = calloc(pool->room, sizeof(*pool->workers));
	pool->polls = calloc(pool->room + 1, sizeof(*pool->polls));
	for (unsigned n = 0; pool->workers && n < pool->room; n++)
		pool->workers[n].fd = -1;
	if (!pool->workers || !pool->polls)
		return -ENOMEM;
	pool->signals = signalfd(-1, &quit, SFD_CLOEXEC);
	return pool->signals < 0 ? -errno : 0;
}

static void close_pool(struct pool *pool)
{
	if (pool->signals >= 0)
		close(pool->signals);
	sigprocmask(SIG_SETMASK, &pool->old_mask, NULL);
	free(pool->workers);
	free(pool->polls);
}

int suite_pool_run(struct suite *suite, const struct suite_pool_calls *calls)
{
	u64 jobs = suite->options->suite.jobs ? suite->options->suite.jobs : host_cpus();
	struct pool pool = {
		.suite = suite, .calls = calls, .signals = -1,
		.room = (unsigned)MIN(jobs, suite->count),
	};
	int failed = open_pool(&pool);

	while (!failed && !suite->signal && pool.ended < suite->count) {
		failed = start_all(&pool);
		if (!failed)
			wait_for_any(&pool);
	}
	if (pool.workers)
		stop_all(&pool);
	close_pool(&pool);
	return failed;
}
