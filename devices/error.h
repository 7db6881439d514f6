/* SPDX-License-Identifier: MIT */
/* The error when a machine cannot be created, or an operation on it fails. */
#ifndef DEVICES_ERROR_H
#define DEVICES_ERROR_H

/* One line: what failed, with which file, and what to do. */
struct board_error {
	char text[512];
	int exit_code; /* 2 usage, 3 host error */
};

#endif
