/* SPDX-License-Identifier: MIT */
/*
 * Keys on their way to the guest's keyboard, in order and one by one. Linux keeps 32 reports for a
 * program that does not read, and drops all of them when there are more (SYN_DROPPED of evdev); a
 * burst of sendkey, or of a viewer that pastes, would be lost.
 */
#ifndef FRONTENDS_DISPLAY_SCREEN_KEYS_H
#define FRONTENDS_DISPLAY_SCREEN_KEYS_H

#include "bus/base.h"

#define SCREEN_KEYS_MAX 1024 /* as many as QEMU's queue has */

struct screen;

struct screen_keys {
	/* A ring. */
	struct screen_key {
		u16 code;
		bool down;
		u64 ns; /* of the machine's time, until the next one may follow */
	} waiting[SCREEN_KEYS_MAX];
	unsigned start, count;
	u64 due; /* when the next one may go, machine's ns */
};

/*
 * Forgets the keys that wait, and the buttons that are held, if a state was loaded into the machine
 * meanwhile: they belong to another time. All that adds some, or reports them, asks this first, as
 * a client may send keys in the very turn in which it loads a state.
 */
void screen_keys_follow(struct screen *screen);

/* Reports the keys that are due. */
void screen_keys_look(struct screen *screen);

/* Returns when the next key is due, in the machine's ns; CLOCK_NEVER: none waits. */
u64 screen_keys_due(const struct screen *screen);

#endif
