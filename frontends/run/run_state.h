/* SPDX-License-Identifier: MIT */
/* One run, for the files that work on it: run.c, the loop, and ends.c, what ends it. */
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
	struct link *links; /* of all that debug or control the machine; NULL: none */
	bool paused; /* no hart runs, and the machine's time stands still */
	bool begun; /* it has run before */
	bool reset_asked; /* by the host; not done yet */
	bool reset_by_guest; /* by whom the last reset was made */
	unsigned resets, loads; /* loads of states, as the platform counts them */
	unsigned panics; /* panics of the guest whose consequence is known, which is: */
	const char *panic_action; /* QEMU's word; NULL: there was none */
	struct end_actions actions; /* the options', until QMP's set-action */
	bool dead; /* no hart can run, which was told; it stays for those who control it */
	int quit_code; /* the exit code if the user ends the run now: see run_quit_code */
	u64 started, deadline; /* host's ns; deadline UINT64_MAX: none */
	u64 next_look; /* machine's ns */
	struct silence silence;
	unsigned shutdowns; /* shutdowns by the guest that the machine has outlived */
	bool ended;
	bool hasty; /* the run was not ended by the guest */
	struct qmp_end end;
	int code;
	int told; /* the code that a debugger is told: the program's own, if it ended the run */
};

#endif
