/* SPDX-License-Identifier: MIT */
/* How the process of a run is started, and what it does when the guest ends or panics. */
#ifndef FRONTENDS_HOST_PROCESS_OPTIONS_H
#define FRONTENDS_HOST_PROCESS_OPTIONS_H

#include "bus/base.h"

/* The values of -action: their order is that of the words in cli/qemu.c. */
enum shutdown_action { SHUTDOWN_POWEROFF, SHUTDOWN_PAUSE };
enum panic_action { PANIC_UNSAID, PANIC_NONE, PANIC_PAUSE, PANIC_SHUTDOWN, PANIC_EXIT_FAILURE };

/* The actions at the guest's end. */
struct end_actions {
	bool no_reboot; /* a reset is a shutdown */
	unsigned shutdown, panic; /* enum shutdown_action and panic_action */
};

struct process_options {
	bool daemonize;
	const char *pid_file; /* NULL: none */
	const char *process_name; /* NULL: it is not changed */
	bool lock_memory;
	unsigned shutdown, panic; /* enum shutdown_action and panic_action */
	int ready_fd, pid_fd; /* while the process runs; 0: none */
};

#endif
