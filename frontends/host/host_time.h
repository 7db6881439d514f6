/* SPDX-License-Identifier: MIT */
/*
 * The host's time, for what only the user notices: time limits, redrawing, measurements. The
 * machine's time is that of bus/clock.h.
 */
#ifndef FRONTENDS_HOST_HOST_TIME_H
#define FRONTENDS_HOST_HOST_TIME_H

#include "bus/base.h"

/* Returns nanoseconds since an unspecified moment; the value never goes back. */
u64 host_ns(void);

#endif
