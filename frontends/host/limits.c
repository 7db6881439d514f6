/* SPDX-License-Identifier: MIT */
/* See host/limits.h. */
#include "frontends/host/limits.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "bus/descriptors.h"
#include "frontends/host/exit_code.h"

#define STACK_LEAST (512 * KiB)
#define STACK_USUAL (8 * MiB) /* the default of Linux */

static void do_nothing(int number)
{
	(void)number;
}

/*
 * Makes a write beyond `ulimit -f` fail with EFBIG, as with any other error, instead of ending the
 * process. A handler does so; if the signal were ignored instead, programs that Baya starts would
 * ignore it, too.
 */
static void survive_file_limit(void)
{
	const struct sigaction handler = { .sa_handler = do_nothing, .sa_flags = SA_RESTART };

	sigaction(SIGXFSZ, &handler, NULL);
}

/* Raises the limit of the stack. The kernel reads the limit each time the first thread's stack
 * grows, so this works while the process runs. Returns an exit code. */
static int raise_stack(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= STACK_USUAL)
		return EXIT_WELL;
	limit.rlim_cur = MIN(limit.rlim_max, (rlim_t)STACK_USUAL);
	setrlimit(RLIMIT_STACK, &limit);
	if (limit.rlim_cur >= STACK_LEAST)
		return EXIT_WELL;
	fprintf(stderr, "baya: the stack's limit is %llu KiB; give at least %llu by ulimit -s\n",
		(u64)limit.rlim_cur / KiB, (u64)STACK_LEAST / KiB);
	return EXIT_HOST;
}

int limits_begin(void)
{
	survive_file_limit();
	descriptors_raise();
	return raise_stack();
}
