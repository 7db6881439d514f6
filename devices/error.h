/* SPDX-License-Identifier: MIT */
/* How a machine that cannot be made, or an operation on it that fails, says why. */
#ifndef DEVICES_ERROR_H
#define DEVICES_ERROR_H

/* One line about a host error: what failed, with which file, and what to do. */
struct board_error {
	char text[512];
	int exit_code; /* 2 usage, 3 host error */
};

#endif
