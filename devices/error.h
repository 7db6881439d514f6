/* SPDX-License-Identifier: MIT */
/* The error when a machine cannot be created, or an operation on it fails. */
#ifndef DEVICES_ERROR_H
#define DEVICES_ERROR_H

/* One line: what failed, with which file, and what to do. */
struct board_error {
	char text[512];
	int exit_code; /* 2 usage, 3 host error */
};

/*
 * Appends to a message about lacking memory that `ulimit -v` limits the process, with the amount in
 * KiB, which is this command's unit. Without a limit it appends nothing.
 */
void board_error_limit(struct board_error *error);

/* Sets *error for a host without memory. Returns -ENOMEM. */
int board_error_memory(struct board_error *error);

#endif
