/* SPDX-License-Identifier: MIT */
/* See process.h. */
#include "frontends/host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/leaks.h"

static int process_fail(struct board_error *error, int failed, const char *option, const char *what)
{
	snprintf(error->text, sizeof(error->text), "%s: %.300s: %s", option, what,
		 strerror(-failed));
	error->exit_code = EXIT_HOST;
	return failed;
}

/* Waits in the original process until the machine runs, and ends with exit code 0; if the new
 * process ends before that, with the exit code of the new process. */
static void await_machine(int ready, pid_t child)
{
	char byte;
	int status;

	if (read(ready, &byte, 1) == 1)
		_exit(EXIT_WELL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	_exit(process_finish(WIFEXITED(status) ? WEXITSTATUS(status) :
						 EXIT_SIGNAL + WTERMSIG(status)));
}

/* Redirects these descriptors to /dev/null. */
static void process_leave(int first, int last)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = first; null >= 0 && fd <= last; fd++)
		dup2(null, fd);
	if (null >= 0)
		close(null);
}

static int become_daemon(struct process_options *process, struct board_error *error)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return process_fail(error, -errno, "-daemonize", "a pipe");
	child = fork();
	if (child < 0)
		return process_fail(error, -errno, "-daemonize", "a process");
	if (child) {
		close(ends[1]);
		await_machine(ends[0], child);
	}
	close(ends[0]);
	setsid();
	process_leave(STDIN_FILENO, STDIN_FILENO);
	process->ready_fd = ends[1];
	return 0;
}

/* Returns whether the name still refers to the file that is open. */
static bool process_is_named(int fd, const char *name)
{
	struct stat open, named;

	return !fstat(fd, &open) && !stat(name, &named) && open.st_dev == named.st_dev &&
	       open.st_ino == named.st_ino;
}

/*
 * Opens and locks the file of -pidfile; returns its descriptor or -errno. A machine that ends
 * removes its file. If that happens between the opening and the locking, the file is opened again.
 */
static int lock_file(const char *name)
{
	for (;;) {
		int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600), failed;

		if (fd < 0)
			return -errno;
		failed = flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
		if (!failed && process_is_named(fd, name))
			return fd;
		close(fd);
		if (failed)
			return failed;
	}
}

static int put_pid(int fd)
{
	char text[24];
	int size = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	ssize_t put;

	if (ftruncate(fd, 0) < 0)
		return -errno;
	put = write(fd, text, (size_t)size);
	return put == size ? 0 : put < 0 ? -errno : -ENOSPC;
}

/*
 * Writes the process's number to the file of -pidfile. The file stays locked as long as the process
 * lives, so that no other machine uses it. If the number cannot be written the file is removed,
 * because it would be useless.
 */
static int write_pid(struct process_options *process, struct board_error *error)
{
	const char *name = process->pid_file;
	int fd = lock_file(name), failed = fd < 0 ? fd : put_pid(fd);
	struct stat status;

	if (!failed) {
		process->pid_fd = fd;
		return 0;
	}
	if (fd >= 0) {
		if (!fstat(fd, &status) && S_ISREG(status.st_mode))
			unlink(name);
		close(fd);
	}
	process_fail(error, failed, "-pidfile", name);
	if (failed == -EWOULDBLOCK)
		snprintf(error->text, sizeof(error->text),
			 "-pidfile: '%.300s' is another "
			 "machine's, which runs; give each its own",
			 name);
	return failed;
}

int process_begin(struct process_options *process, struct board_error *error)
{
	int failed = 0;

	if (process->process_name)
		prctl(PR_SET_NAME, process->process_name);
	if (process->daemonize)
		failed = become_daemon(process, error);
	if (!failed && process->pid_file)
		failed = write_pid(process, error);
	if (!failed && process->lock_memory && mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		failed = process_fail(error, -errno, "-overcommit",
				      "mem-lock=on (ulimit -l says how much may be locked)");
	return failed;
}

void process_ready(const struct process_options *process)
{
	if (process->daemonize && write(process->ready_fd, "", 1) == 1)
		process_leave(STDOUT_FILENO, STDERR_FILENO);
}

void process_end(const struct process_options *process)
{
	if (process->pid_fd > 0)
		unlink(process->pid_file);
}

static void process_raise(int number)
{
	sigset_t set;

	/* This must come first, because leaks can be looked for only in a process that may be
	 * dumped. */
	leaks_check();
	/* Otherwise SIGQUIT would make a core dump, with all of the guest's RAM, of a process
	 * without any fault. */
	prctl(PR_SET_DUMPABLE, 0);
	sigemptyset(&set);
	sigaddset(&set, number);
	signal(number, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
}

int process_finish(int code)
{
	int number = code - EXIT_SIGNAL;

	/* Process 1 of a container cannot be ended by a signal that it sends to itself:
	 * pid_namespaces(7). */
	if (number > 0 && getpid() != 1)
		process_raise(number);
	return number > 0 ? EXIT_BY_SHELL + number : code & 255;
}
