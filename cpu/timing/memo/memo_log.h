/* SPDX-License-Identifier: MIT */
/* Performs the actions of a trace, while it is stepped and in a replay. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_LOG_H
#define CPU_TIMING_MEMO_MEMO_LOG_H

#include "cpu/timing/memo/memo.h"

#include <string.h>

/* Empties the log; `known` has the results of `known_count` actions. */
static inline void memo_log_begin(struct memo_log *log, unsigned known_count)
{
	log->count = 0;
	log->known_count = known_count;
	log->refused = false;
	memset(log->hashed, 0, sizeof(log->hashed));
	memset(log->latest, 0, sizeof(log->latest));
}

/*
 * Returns the latest equal action, or NULL if there is none or if an action of one of the kinds in
 * `ends`, a bit for each, came after it. So a value that only these kinds can change is not read
 * again.
 */
const struct memo_step *memo_log_before(const struct memo_log *log,
					const struct memo_action *action, u64 ends);

/*
 * Performs an action of a trace that is being stepped, and returns its result. An action whose
 * result never changes is performed once.
 */
u64 memo_log_do(struct memo_log *log, const struct memo_action *action, void *ctx);

/* Returns the first chain for another result of the action. */
static inline struct memo_chain *memo_chain_other(const struct memo_step *step)
{
	s32 other = step->action.other;

	return other ? (struct memo_chain *)((u64 *)step + other) : NULL;
}

static inline void memo_chain_begin_with(struct memo_step *step, const struct memo_chain *chain)
{
	step->action.other = (s32)((const u64 *)chain - (const u64 *)step);
}

/* Returns the chain for a result, and makes it the first one; NULL if the result is new. */
static inline struct memo_chain *memo_chain_after(struct memo_step *step, u64 result)
{
	struct memo_chain *first = memo_chain_other(step), *chain = first, *before = NULL;

	while (chain && chain->result != result) {
		before = chain;
		chain = chain->alternative;
	}
	if (chain && before) {
		before->alternative = chain->alternative;
		chain->alternative = first;
		memo_chain_begin_with(step, chain);
	}
	return chain;
}

/* Notes all results up to that of the last of `divergences` divergences as known. */
void memo_log_know(struct memo_log *log, unsigned divergences);

/*
 * Checks whether this chain's lasting results are still right. Sets divergence->index to the index
 * of the first one that is not, or to `count`. Returns the end of the steps before it.
 */
struct memo_step *memo_chain_end(struct memo_chain *chain, const struct memo_log *log, void *ctx,
				 u64 version, struct memo_divergence *divergence);

struct memo_performer {
	const struct memo_log *log;
	memo_perform *perform; /* log->perform, to be inlined */
	void *ctx;
	u64 version; /* version of lasting results */
};

/*
 * Performs the actions of a chain from a step on. Returns false if a result differs: then
 * divergence->index is the index of the first such action.
 */
static ALWAYS_INLINE bool memo_chain_holds(struct memo_chain *chain, struct memo_step *step,
					   const struct memo_performer *performer,
					   struct memo_divergence *divergence)
{
	const struct memo_step *end = chain->step + chain->steps;
	bool holds = true;

	if (unlikely(chain->version != performer->version)) {
		end = memo_chain_end(chain, performer->log, performer->ctx, performer->version,
				     divergence);
		holds = divergence->index == chain->count;
	}
	for (; step < end; step++) {
		u64 got = performer->perform(performer->ctx, &step->action);

		if (unlikely(got != step->result)) {
			divergence->step = step;
			divergence->index = step->action.at.index;
			divergence->got = got;
			return false;
		}
	}
	return holds;
}

/*
 * Replays a trace by performing its actions. *version is that of lasting results, and `perform` is
 * log->perform, to be inlined. Returns the outcome, or NULL if a result is new: then the log
 * contains all results, including this one.
 */
static ALWAYS_INLINE struct memo_outcome *memo_follow(const struct memo_trace *trace,
						      struct memo_log *log, memo_perform *perform,
						      void *ctx, const u64 *version)
{
	struct memo_chain *chain = trace->first;
	struct memo_step *step = chain->step;
	unsigned divergences = 0;

	/* Each pass may have changed the version. */
	while (!memo_chain_holds(chain, step,
				 &(struct memo_performer){ log, perform, ctx, *version },
				 &log->divergence[divergences])) {
		struct memo_divergence *divergence = &log->divergence[divergences++];

		divergence->chain = chain;
		chain = memo_chain_after(divergence->step, divergence->got);
		if (!chain) {
			memo_log_know(log, divergences);
			return NULL;
		}
		/* The result that the chain begins with is known. */
		step = chain->step + (chain->steps && !chain->step->action.at.index);
	}
	return chain->outcome;
}

#endif
