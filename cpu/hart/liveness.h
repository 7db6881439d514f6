/* SPDX-License-Identifier: MIT */
/*
 * Can a hart that does nothing but trap, or that waits in WFI, ever do anything else? It can when
 * an interrupt that it would take may come: from a timer that runs, from a device, from another
 * hart that does something, or from a person, who can always ask for a non-maskable one.
 */
#ifndef CPU_HART_LIVENESS_H
#define CPU_HART_LIVENESS_H

#include "bus/base.h"

struct hart;

/*
 * Who knows what is connected to a hart's interrupt lines: the bits of mip that may rise though no
 * hart does anything. NULL: nothing is connected.
 */
struct interrupt_sources {
	u64 (*may_rise)(void *ctx, const struct hart *hart);
	void *ctx;
};

/* For a hart that traps and has retired nothing since its last trap: may that end? */
bool liveness_may_leave(const struct hart *hart);

/*
 * For one that retires instructions between its traps, and returns from none: the same, as those
 * may open any interrupt that mie enables.
 */
bool liveness_may_open(const struct hart *hart);

/* Does it do anything but wait and trap, or may it without another hart's doing? */
bool liveness_is_active(const struct hart *hart);

#endif
