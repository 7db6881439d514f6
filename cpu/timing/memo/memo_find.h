/* SPDX-License-Identifier: MIT */
/* Finds the trace that follows a state. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_FIND_H
#define CPU_TIMING_MEMO_MEMO_FIND_H

#include "cpu/timing/memo/memo.h"

/*
 * The most traces of a state. A limit is needed because traces of old code are never used again
 * when code is decoded again.
 */
#define MEMO_TRACES_MAX 64u

/*
 * Makes the trace at *link the first of its state: the one that came last is likely to come next.
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
 * Returns a number that depends on the outcomes of a trace's branches: on the next pc, and on the
 * number of records.
 */
static ALWAYS_INLINE unsigned memo_guess(u64 next_pc, unsigned count)
{
	return (next_pc >> 1 ^ next_pc >> 3 ^ count) % MEMO_GUESSES;
}

/*
 * Returns the trace from a state that matches, or NULL. After an outcome it is mostly the last one
 * with the same guess (memo_guess). The found trace becomes the first of its state, and traces that
 * are too far down the list are forgotten.
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
