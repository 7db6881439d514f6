/* SPDX-License-Identifier: MIT */
/* How much of a model's work a memo saves, and how large it is. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_STATS_H
#define CPU_TIMING_MEMO_MEMO_STATS_H

#include "bus/base.h"

struct memo_stats {
	u64 followed, grown; /* traces taken from the memo; those stepped for it */
	u64 records; /* of those taken from it */
	u64 states, bytes; /* now */
	u64 dropped; /* times that all was given up for room */
};

#endif
