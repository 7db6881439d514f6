/* SPDX-License-Identifier: MIT */
/* See error.h. */
#include "devices/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "bus/base.h"

void board_error_limit(struct board_error *error)
{
	const size_t length = strlen(error->text);
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return;
	snprintf(error->text + length, sizeof(error->text) - length,
		 "; ulimit -v limits the address space to %llu KiB, give more",
		 (u64)limit.rlim_cur / KiB);
}

int board_error_memory(struct board_error *error)
{
	snprintf(error->text, sizeof(error->text), "not enough host memory");
	board_error_limit(error);
	error->exit_code = 3;
	return -ENOMEM;
}
