/* SPDX-License-Identifier: MIT */
/* What the process of a run is told: how it is started, and what it does at the guest's end. */
#ifndef FRONTENDS_HOST_PROCESS_OPTIONS_H
#define FRONTENDS_HOST_PROCESS_OPTIONS_H

#include "bus/base.h"

/* -action: the words' order is that of cli/qemu.c. */
enum shutdown_action { SHUTDOWN_POWEROFF, SHUTDOWN_PAUSE };
enum panic_action { PANIC_UNSAID, PANIC_NONE, PANIC_PAUSE, PANIC_SHUTDOWN, PANIC_EXIT_FAILURE };

struct process_options {
	bool daemonize;
	const char *pid_file; /* NULL: none */
	const char *process_name; /* NULL: as it is */
	bool lock_memory;
	unsigned shutdown, panic; /* enum shutdown_action and panic_action */
	int ready_fd, pid_fd; /* while it runs; 0: none */
};

#endif
