/* SPDX-License-Identifier: MIT */
/* The error of a machine that cannot be made, or of an operation on it that fails. */
#ifndef DEVICES_ERROR_H
#define DEVICES_ERROR_H

/* One line: what failed, with which file, and what to do. */
struct board_error {
	char text[512];
	int exit_code; /* 2 usage, 3 host error */
};

#endif
