/* SPDX-License-Identifier: MIT */
/*
 * Determines whether a hart that only traps, or waits in WFI, can ever do anything else. It can if
 * an interrupt that it would take may come: from a timer that runs, from a device, from another
 * hart that is active, or from a person, who can always request a non-maskable one. A trap loop can
 * also end because another hart changes memory, unless harts->loops_are_fixed.
 */
#ifndef CPU_HART_LIVENESS_H
#define CPU_HART_LIVENESS_H

#include "bus/base.h"

struct hart;

/*
 * The board's function, which knows what is connected to the interrupt lines: it returns the bits
 * of mip that may rise even if all harts are idle. NULL: nothing is connected.
 */
struct interrupt_sources {
	u64 (*may_rise)(void *ctx, const struct hart *hart);
	void *ctx;
};

/*
 * For a hart that retired nothing since its last trap: returns whether an interrupt or another hart
 * may end its traps.
 */
bool liveness_may_leave(const struct hart *hart);

/*
 * For a hart that retires instructions between its traps but never returns from one: returns the
 * same. Its handlers may enable any interrupt that mie allows.
 */
bool liveness_may_open(const struct hart *hart);

/*
 * Returns whether the hart does anything but wait and trap, or may do so without the help of
 * another hart.
 */
bool liveness_is_active(const struct hart *hart);

#endif
