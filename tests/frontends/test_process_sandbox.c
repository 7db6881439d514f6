/* SPDX-License-Identifier: MIT */
/*
 * frontends/host/sandbox.c: which system calls end a process, or fail, and which still work, in
 * each set. Each is made by a child process, which has a sandbox until it ends.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/sandbox.h"
#include "tests/cmocka.h"

#define ALL                                                                                        \
	(SANDBOX_ALWAYS | SANDBOX_OBSOLETE | SANDBOX_PRIVILEGES | SANDBOX_SPAWN | SANDBOX_RESOURCES)
#define NO_SANDBOX 200 /* the exit code of a child that gets none */
#define X32 0x40000000 /* the ABI with pointers of 32 bits */

int __real_seccomp_load(scmp_filter_ctx filter);
int __wrap_seccomp_load(scmp_filter_ctx filter);

static int refusal; /* what Linux says to a filter; 0: it is asked */

int __wrap_seccomp_load(scmp_filter_ctx filter)
{
	return refusal ? refusal : __real_seccomp_load(filter);
}

static void begin(unsigned sets)
{
	struct board_error error;

	if (!sandbox_begin(sets, &error))
		return;
	fprintf(stderr, "%s\n", error.text);
	_exit(NO_SANDBOX);
}

/* Returns the status of a child process that ends with what the function returns. */
static int status_of(int (*function)(const void *ctx), const void *ctx)
{
	pid_t child = fork();
	int status;

	assert_return_code(child, errno);
	if (!child) {
		prctl(PR_SET_DUMPABLE, 0);
		_exit(function(ctx));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SANDBOX)
		skip();
	return status;
}

static bool ends(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

#define ENDS 0

struct call {
	const char *name;
	unsigned set;
	int denied; /* the errno, or ENDS */
	long number, arguments[3];
};

#define CALL(set, denied, name, ...)                                                               \
	{ #name, SANDBOX_##set, denied, SYS_##name, { __VA_ARGS__ } }

/* They do nothing where they are allowed, because their arguments make no sense. */
static const struct call calls[] = {
	CALL(ALWAYS, ENDS, reboot, 0),
	CALL(ALWAYS, ENDS, kexec_file_load, -1, -1),
	CALL(ALWAYS, ENDS, finit_module, -1),
	CALL(ALWAYS, ENDS, swapoff, 0),
	CALL(ALWAYS, ENDS, umount2, 0),
	CALL(ALWAYS, ENDS, open_tree, -1),
	CALL(ALWAYS, ENDS, ptrace, -1),
	CALL(ALWAYS, ENDS, keyctl, -1),
	CALL(ALWAYS, ENDS, clock_settime, -1),
	CALL(ALWAYS, ENDS, vserver, 0),
	CALL(OBSOLETE, ENDS, ustat, 0),
	CALL(OBSOLETE, ENDS, uselib, 0),
	CALL(OBSOLETE, ENDS, _sysctl, 0),
	CALL(PRIVILEGES, ENDS, setuid, -1),
	CALL(PRIVILEGES, ENDS, setresgid, -1, -1, -1),
	CALL(PRIVILEGES, ENDS, setgroups, -1),
	CALL(PRIVILEGES, ENDS, capset, 0),
	CALL(PRIVILEGES, EPERM, setpgid, -1),
	CALL(PRIVILEGES, EPERM, setsid, 0),
	CALL(SPAWN, ENDS, execve, 0),
	CALL(SPAWN, ENDS, execveat, -1, 0),
	CALL(SPAWN, ENDS, unshare, 0),
	CALL(SPAWN, ENDS, setns, -1),
	CALL(SPAWN, ENDS, clone, CLONE_SIGHAND),
	CALL(SPAWN, ENDS, clone, CLONE_THREAD | CLONE_NEWNET),
	CALL(SPAWN, ENOSYS, clone3, 0),
	CALL(RESOURCES, EPERM, setpriority, -1),
	CALL(RESOURCES, EPERM, ioprio_set, -1),
	CALL(RESOURCES, EPERM, sched_setparam, -1),
	CALL(RESOURCES, EPERM, sched_setattr, 0),
	CALL(RESOURCES, EPERM, sched_setaffinity, -1),
	CALL(RESOURCES, EPERM, sched_setscheduler, -1, SCHED_OTHER),
};

/* One call while some sets are denied. */
struct trial {
	const struct call *call;
	unsigned sets;
};

static int try_call(const void *ctx)
{
	const struct trial *trial = ctx;
	const long *arguments = trial->call->arguments;

	begin(trial->sets);
	errno = 0;
	syscall(trial->call->number, arguments[0], arguments[1], arguments[2], 0, 0, 0);
	return errno;
}

static bool is_denied(const struct call *call, unsigned sets)
{
	const struct trial trial = { call, sets };
	const int status = status_of(try_call, &trial);

	return call->denied == ENDS ? ends(status) :
				      WIFEXITED(status) && WEXITSTATUS(status) == call->denied;
}

/* Each call is denied by its set, and by no other one. */
static void test_calls(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(calls); n++) {
		const struct call *call = &calls[n];

		if (!is_denied(call, call->set) || !is_denied(call, ALL) ||
		    is_denied(call, ALL & ~call->set))
			fail_msg("%s, %ld", call->name, call->arguments[0]);
	}
}

static int call_fork(const void *ctx)
{
	begin(ALL);
	return fork() == 0;
}

static int call_x32(const void *ctx)
{
	begin(SANDBOX_ALWAYS);
	return (int)syscall(X32 | SYS_getpid);
}

static void *call_ustat(void *ctx)
{
	pthread_mutex_lock(ctx);
	syscall(SYS_ustat, 0, 0);
	return NULL;
}

/* A thread is confined although it is older than the sandbox. */
static int call_in_thread(const void *ctx)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread;

	pthread_mutex_lock(&lock);
	if (pthread_create(&thread, NULL, call_ustat, &lock))
		return NO_SANDBOX;
	begin(ALL);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	return 0;
}

static void test_ends(void **state)
{
	assert_true(ends(status_of(call_fork, NULL)));
	assert_true(ends(status_of(call_x32, NULL)));
	assert_true(ends(status_of(call_in_thread, NULL)));
}

static void *do_nothing(void *ctx)
{
	return ctx;
}

/* Returns how many of the things that a confined process can do fail. */
static int do_the_rest(const void *ctx)
{
	const struct sched_param parameter = { 0 };
	pthread_t thread;
	int failed;

	begin(ALL);
	failed = pthread_create(&thread, NULL, do_nothing, NULL) || pthread_join(thread, NULL);
	failed += sched_setscheduler(0, SCHED_IDLE, &parameter) != 0;
	failed += prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
	begin(ALL); /* each run of `baya cycles` has its own */
	return failed;
}

static void test_goes_on(void **state)
{
	assert_int_equal(status_of(do_the_rest, NULL), 0);
}

static void test_refused(void **state)
{
	struct board_error error;

	assert_int_equal(sandbox_check(&error), 0);
	refusal = -EINVAL;
	assert_int_equal(sandbox_begin(ALL, &error), -EINVAL);
	refusal = 0;
	assert_non_null(strstr(error.text, "does not confine the process: Invalid argument"));
	assert_int_equal(error.exit_code, EXIT_HOST);
	assert_int_equal(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_calls),
	cmocka_unit_test(test_ends),
	cmocka_unit_test(test_goes_on),
	cmocka_unit_test(test_refused),
	{ 0 },
};
