/* SPDX-License-Identifier: MIT */
/* Detects that a guest writes nothing for a long time, and judges the cause. */
#ifndef FRONTENDS_RUN_SILENCE_H
#define FRONTENDS_RUN_SILENCE_H

#include "bus/base.h"

struct board;
struct console;

struct silence {
	u64 written; /* console.written when it last changed */
	u64 since; /* the host's time of that, in ns */
	u64 instructions; /* the number of instructions that were retired by then */
	u64 idle_ns; /* the time that the guest has slept since then */
	bool reported; /* a verdict about this silence was given */
	bool hinted; /* SILENCE_MUTE was returned, which happens once in a run */
};

enum silence_verdict {
	SILENCE_NOTHING,
	SILENCE_MUTE, /* it is busy, but the user cannot see with what */
	SILENCE_HANG, /* its kernel has panicked */
};

#define SILENCE_MUTE_NS (10 * NS_PER_S)

void silence_begin(struct silence *silence, struct board *board, const struct console *console);

/* Returns a verdict about the present silence, each once; SILENCE_MUTE only if `hint` is set. */
enum silence_verdict silence_check(struct silence *silence, struct board *board,
				   const struct console *console, bool hint);

#endif
