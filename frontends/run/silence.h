/* SPDX-License-Identifier: MIT */
/* Notices that a guest writes nothing: since when, and what that means. */
#ifndef FRONTENDS_RUN_SILENCE_H
#define FRONTENDS_RUN_SILENCE_H

#include "bus/base.h"

struct board;
struct console;

struct silence {
	u64 written; /* console.written when it last changed */
	u64 since; /* when that was, host's ns */
	u64 instructions; /* instructions retired by then */
	u64 idle_ns; /* time slept since then */
	bool told; /* a verdict was given */
	bool hinted; /* the hint was given, which happens once in a run */
};

enum silence_verdict {
	SILENCE_NOTHING,
	SILENCE_MUTE, /* it works, and nobody can see at what */
	SILENCE_HANG, /* its kernel has panicked */
};

#define SILENCE_MUTE_NS (10 * NS_PER_S)

void silence_begin(struct silence *silence, struct board *board, const struct console *console);

/* `seen`: it is known by other means that the guest lives. Each verdict is returned once. */
enum silence_verdict silence_look(struct silence *silence, struct board *board,
				  const struct console *console, bool seen);

#endif
