/* SPDX-License-Identifier: MIT */
/* What the process of a run is told: how it is started, and what it does at the guest's end. */
#ifndef FRONTENDS_RUN_OPTIONS_H
#define FRONTENDS_RUN_OPTIONS_H

#include "bus/base.h"

/* -action: the words' order is that of options_process.c. */
enum reboot_action { REBOOT_RESET, REBOOT_SHUTDOWN };
enum shutdown_action { SHUTDOWN_POWEROFF, SHUTDOWN_PAUSE };
enum panic_action { PANIC_UNSAID, PANIC_NONE, PANIC_PAUSE, PANIC_SHUTDOWN, PANIC_EXIT_FAILURE };

struct process_options {
	bool daemonize;
	const char *pid_file; /* NULL: none */
	const char *process_name; /* NULL: as it is */
	bool lock_memory;
	bool no_reboot; /* a reset of the guest's ends the run */
	unsigned shutdown, panic; /* what the guest's end does */
};

#endif
