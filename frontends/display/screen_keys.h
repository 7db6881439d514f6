/* SPDX-License-Identifier: MIT */
/*
 * The queue of keys for the guest's keyboard, which are sent one by one with pauses. Linux keeps at
 * most 32 reports for a program that does not read them, and drops all of them if there are more
 * (SYN_DROPPED of evdev), so a burst of keys from sendkey, or from a viewer that pastes, would be
 * lost.
 */
#ifndef FRONTENDS_DISPLAY_SCREEN_KEYS_H
#define FRONTENDS_DISPLAY_SCREEN_KEYS_H

#include "bus/base.h"

#define SCREEN_KEYS_MAX 1024 /* as many as QEMU's queue has */

struct screen;

struct screen_keys {
	/* A ring buffer. */
	struct screen_key {
		u16 code;
		bool down;
		u64 ns; /* the pause after this key, in ns of the machine's time */
	} waiting[SCREEN_KEYS_MAX];
	unsigned start, count;
	u64 due; /* the machine's time in ns at which the next key may be sent */
};

/*
 * Forgets the keys that wait and the buttons that are held, if a state was loaded into the machine
 * since the last call, because they belong to the machine before that. All functions that add keys
 * or report them call this first, since a client may send keys in the same turn in which it loads a
 * state.
 */
void screen_keys_follow(struct screen *screen);

/* Reports the keys that are due. */
void screen_keys_poll(struct screen *screen);

/* Returns the machine's time in ns at which the next key is due; CLOCK_NEVER if none waits. */
u64 screen_keys_due(const struct screen *screen);

#endif
