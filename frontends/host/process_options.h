/* SPDX-License-Identifier: MIT */
/* Options about the process of a run, and about what it does when the guest ends or panics. */
#ifndef FRONTENDS_HOST_PROCESS_OPTIONS_H
#define FRONTENDS_HOST_PROCESS_OPTIONS_H

#include "bus/base.h"

/* The values of -action and of QMP's set-action; the words are in the order of the enumerations. */
#define REBOOT_WORDS "reset|shutdown"
enum shutdown_action { SHUTDOWN_POWEROFF, SHUTDOWN_PAUSE };
#define SHUTDOWN_WORDS "poweroff|pause"
enum panic_action { PANIC_UNSAID, PANIC_NONE, PANIC_PAUSE, PANIC_SHUTDOWN, PANIC_EXIT_FAILURE };
/* The words of PANIC_NONE and the following. */
#define PANIC_WORDS "none|pause|shutdown|exit-failure"
/* There is no watchdog, so its actions have no effect. */
#define WATCHDOG_WORDS "reset|shutdown|poweroff|inject-nmi|pause|debug|none"

/* The actions that are taken when the guest ends. */
struct end_actions {
	bool no_reboot; /* a reset is treated as a shutdown */
	unsigned shutdown, panic; /* enum shutdown_action and panic_action */
};

/* The values of --exit-code: its words are in this order. */
enum exit_code_style {
	EXIT_CODE_BAYA, /* those of exit_code.h */
	EXIT_CODE_GUEST, /* but that of a guest that fails is the guest's own */
	EXIT_CODE_QEMU, /* and a run that SIGTERM, SIGINT or SIGHUP ends has ended well */
};
#define EXIT_CODE_WORDS "baya|guest|qemu"

/* The values of --tell-silence: its words are in this order. */
enum tell_silence {
	TELL_SILENCE_AUTO, /* if standard error is a terminal */
	TELL_SILENCE_ON,
	TELL_SILENCE_OFF,
};
#define TELL_SILENCE_WORDS "auto|on|off"

struct process_options {
	bool daemonize;
	const char *pid_file; /* NULL: none */
	const char *process_name; /* NULL: it is not changed */
	bool lock_memory;
	unsigned sandbox; /* the sets of enum sandbox_set that are denied; 0: none */
	struct end_actions actions;
	unsigned exit_code; /* enum exit_code_style */
	unsigned tell_silence; /* enum tell_silence */
	int ready_fd, pid_fd; /* set while the process runs; 0: none */
};

#endif
