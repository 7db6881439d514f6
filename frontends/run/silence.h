/* SPDX-License-Identifier: MIT */
/* A guest that writes nothing: since when, and what that means. */
#ifndef FRONTENDS_RUN_SILENCE_H
#define FRONTENDS_RUN_SILENCE_H

#include "bus/base.h"

struct board;
struct console;

struct silence {
	u64 written; /* console.written when it was last seen to change */
	u64 since; /* host's ns */
	u64 instructions; /* retired by then */
	u64 idle_ns; /* slept since then */
	bool told; /* it was judged */
	bool hinted; /* once a run */
	bool hang_told; /* once a machine: the owner clears it when that is another */
};

enum silence_verdict {
	SILENCE_NOTHING,
	SILENCE_MUTE, /* it works, and nobody knows at what */
	SILENCE_HANG, /* its kernel has panicked */
};

#define SILENCE_MUTE_NS (10 * NS_PER_S)

void silence_begin(struct silence *silence, struct board *board, const struct console *console);

/* `seen`: somebody knows by other means that the guest lives. Each verdict comes once. */
enum silence_verdict silence_look(struct silence *silence, struct board *board,
				  const struct console *console, bool seen);

#endif
