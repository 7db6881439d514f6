/* SPDX-License-Identifier: MIT */
/*
 * The state of a run, for the files that work on it: run.c, the loop, and ends.c, which handles
 * ends.
 */
#ifndef FRONTENDS_RUN_RUN_STATE_H
#define FRONTENDS_RUN_RUN_STATE_H

#include "frontends/display/screen.h"
#include "frontends/gdb/debugger.h"
#include "frontends/host/process_options.h"
#include "frontends/host/pollset.h"
#include "frontends/monitor/monitor.h"
#include "frontends/qmp/qmp.h"
#include "frontends/run/console.h"
#include "frontends/run/control.h"
#include "frontends/run/panic.h"
#include "frontends/run/silence.h"

struct audio_set;
struct options;
struct platform;
struct vsock_set;

struct run {
	struct board *board;
	struct platform *platform;
	const struct options *options;
	struct terminal *terminal;
	struct console console;
	struct monitor monitor;
	struct net_set *net;
	struct port_set *ports;
	struct port_logs *logs;
	struct audio_set *audio;
	struct vsock_set *vsock;
	struct pollset poll;
	struct screen screen;
	struct debugger debugger;
	struct control control;
	/* The links of all clients that debug or control the machine; NULL: none. */
	struct link *links;
	bool paused; /* no hart runs, and the machine's time does not advance */
	bool begun; /* the machine has run */
	bool resumable; /* run_is_resumable, as of the last look */
	bool reset_asked; /* the host has requested a reset, which has not been done yet */
	bool reset_by_guest; /* the guest requested the last reset */
	unsigned resets, loads; /* loads: platform->loads when it was last looked at */
	unsigned panics; /* the number of panics for which the action is known */
	const char *panic_action; /* the last action, in QEMU's word; NULL: there was none */
	struct end_actions actions; /* those of the options, until QMP's set-action changes them */
	/* No hart can run, which was reported; the machine stays for clients that control it. */
	bool dead;
	int quit_code; /* the exit code for an end by the user: see run_quit_code */
	u64 started, deadline; /* host's time in ns; deadline UINT64_MAX: none */
	u64 next_look; /* the machine's time in ns */
	struct panic_check panic;
	struct silence silence;
	unsigned shutdowns; /* the number of shutdowns after which the machine stayed */
	bool ended;
	bool hasty; /* the run was not ended by the guest */
	struct qmp_end end;
	int code;
	int failure; /* EXIT_HOST: an input or output failed, which was reported; else EXIT_WELL */
	bool output_lost; /* run_output_lost has reported it */
	int program_code; /* the code for a debugger: the program's own, if that ended the run */
};

#endif
