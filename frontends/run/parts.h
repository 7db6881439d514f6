/* SPDX-License-Identifier: MIT */
/* One run, for the files that make it up: run.c (the loop) and run/ends.c (what ends it). */
#ifndef FRONTENDS_RUN_PARTS_H
#define FRONTENDS_RUN_PARTS_H

#include "frontends/run/console.h"
#include "frontends/display/screen.h"
#include "frontends/gdb/debugger.h"
#include "frontends/host/pollset.h"
#include "frontends/monitor/monitor.h"
#include "frontends/qmp/qmp.h"
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
	struct audio_set *audio;
	struct vsock_set *vsock;
	struct pollset poll;
	struct screen screen;
	struct debugger debugger;
	struct control control;
	bool paused; /* no hart runs, and no time passes */
	bool begun; /* it was not always so */
	bool reset_asked; /* by the host, and not done yet */
	bool reset_by_guest; /* the last one */
	unsigned resets, loads; /* of states, as the platform counts them */
	unsigned panics; /* guests' of which it is known what is done of them, which is: */
	const char *panic_action; /* QEMU's word; NULL: there was none */
	int quit_code; /* of an end that the user asks for: what the guest has come to */
	u64 started, deadline; /* host's ns; deadline UINT64_MAX: none */
	u64 next_look; /* machine's ns */
	struct silence silence;
	unsigned shutdowns; /* of the guest's that the machine has outlived */
	bool ended;
	bool hasty; /* not the guest ended the run */
	struct qmp_end end;
	int code;
};

void run_end(struct run *run, int code);

/* The end did not come from the guest; the reason is for QMP. */
void run_end_hasty(struct run *run, int code, const char *reason);

/* A line about the run on stderr, on a line of its own. */
void run_tell(struct run *run, const char *text);

/* The guest has written something, or is another one. */
void run_silence_begins(struct run *run);
void run_silence_new(struct run *run);

/* Of a kernel that has panicked: that it hangs, or that it goes on by itself. */
void run_tell_hang(struct run *run);
void run_panic_goes_on(struct run *run);

/* What a slice came to. */
void run_reset(struct run *run);
void run_guest_ended(struct run *run);
void run_guest_dead(struct run *run);
void run_limit_reached(struct run *run, const char *which);
void run_differ(struct run *run);

#endif
