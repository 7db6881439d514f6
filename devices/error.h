/* SPDX-License-Identifier: MIT */
/* The error when a machine cannot be created, or an operation on it fails. */
#ifndef DEVICES_ERROR_H
#define DEVICES_ERROR_H

#include <errno.h>
#include <stdio.h>

/* One line: what failed, with which file, and what to do. */
struct board_error {
	char text[512];
	int exit_code; /* 2 usage, 3 host error */
};

/* Sets *error for a host without memory. Returns -ENOMEM. */
static inline int board_error_memory(struct board_error *error)
{
	snprintf(error->text, sizeof(error->text), "not enough host memory");
	error->exit_code = 3;
	return -ENOMEM;
}

#endif
