/* SPDX-License-Identifier: MIT */
/* The work that a memo saves its model, and its size. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_STATS_H
#define CPU_TIMING_MEMO_MEMO_STATS_H

#include "bus/base.h"

struct memo_stats {
	u64 followed, grown; /* traces replayed; traces stepped and recorded */
	u64 records; /* records of the replayed traces */
	u64 states, bytes; /* states in the memo now, and its bytes */
	u64 dropped; /* how often everything was dropped because the memo was full */
};

#endif
