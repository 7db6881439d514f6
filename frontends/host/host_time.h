/* SPDX-License-Identifier: MIT */
/*
 * The host's time, for what concerns nobody but the user: patience, redrawing, figures. The
 * machine's time is bus/clock.h's.
 */
#ifndef FRONTENDS_HOST_HOST_TIME_H
#define FRONTENDS_HOST_HOST_TIME_H

#include "bus/base.h"

/* Nanoseconds since an unspecified moment; never goes back. */
u64 host_ns(void);

#endif
