/* SPDX-License-Identifier: MIT */
/* Implements -sandbox: from some moment on the process can no longer make some system calls. */
#ifndef FRONTENDS_HOST_SANDBOX_H
#define FRONTENDS_HOST_SANDBOX_H

struct board_error;

/* The sets of system calls that can be denied. Each is a bit, as -sandbox names several. */
enum sandbox_set {
	SANDBOX_ALWAYS = 1, /* what no emulator needs, denied by every sandbox */
	SANDBOX_OBSOLETE = 2,
	SANDBOX_PRIVILEGES = 4,
	SANDBOX_SPAWN = 8,
	SANDBOX_RESOURCES = 16,
};

/* Returns 0, or -ENOTSUP with *error if Baya was built without libseccomp. */
int sandbox_check(struct board_error *error);

/*
 * Denies these sets to all threads of the process and to all programs that it starts, until they
 * end; none of them can get new privileges either. Returns 0, or -errno with *error.
 */
int sandbox_begin(unsigned sets, struct board_error *error);

#endif
