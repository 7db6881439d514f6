/* SPDX-License-Identifier: MIT */
/* Finding the trace that goes on from a state. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_FIND_H
#define CPU_TIMING_MEMO_MEMO_FIND_H

#include "cpu/timing/memo/memo.h"

/*
 * The most traces of a state. Where code is decoded anew all the time, traces of old code never
 * come again.
 */
#define MEMO_TRACES_MAX 64u

/*
 * Make the trace at *link the first of its state's: the one that came last is likely to come next.
 */
static inline void memo_trace_first(struct memo_node *node, struct memo_trace **link)
{
	struct memo_trace *trace = *link;

	if (link == &node->traces)
		return;
	*link = trace->next;
	trace->next = node->traces;
	node->traces = trace;
}

/*
 * Returns a number for how a trace's branches turned out, by where it goes on and behind how many
 * records.
 */
static ALWAYS_INLINE unsigned memo_guess(u64 onward, unsigned count)
{
	return (onward >> 1 ^ onward >> 3 ^ count) % MEMO_GUESSES;
}

/*
 * Returns the matching one of the traces that go on from a state, or NULL if there is none. Behind
 * an outcome it is most often the one that came last where the guess (memo_guess) was the same. The
 * trace that is found becomes the first, and traces too far back are forgotten.
 */
typedef bool memo_matches(const struct memo_trace *trace, const void *ctx);
static ALWAYS_INLINE struct memo_trace *memo_find(struct memo_node *node,
						  struct memo_outcome *outcome, unsigned guess,
						  memo_matches *matches, const void *ctx)
{
	struct memo_trace *trace = outcome ? outcome->next[guess] : NULL, **link;
	unsigned others = 0;

	if (trace && matches(trace, ctx))
		return trace;
	for (link = &node->traces; (trace = *link) != NULL; link = &trace->next) {
		if (matches(trace, ctx))
			break;
		if (++others == MEMO_TRACES_MAX)
			trace->next = NULL;
	}
	if (!trace)
		return NULL;
	memo_trace_first(node, link);
	if (outcome)
		outcome->next[guess] = trace;
	return trace;
}

#endif
