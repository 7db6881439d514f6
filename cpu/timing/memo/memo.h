/* SPDX-License-Identifier: MIT */
/*
 * The memo of a timing model stores the model's earlier simulations, so that they need not be
 * stepped again, as in Schnarr and Larus, "Fast Out-of-Order Processor Simulation Using
 * Memoization" (ASPLOS 1998). It is a graph of states, joined by traces. A state is a string of
 * bytes, without times and addresses of data. The outcome of a trace also depends on caches,
 * predictors and TLBs, which are outside of the state. So while the trace is stepped, each action
 * on them is recorded with its result. A replay performs the actions again; where a result differs,
 * another chain of actions begins. The memo does not know the actions' meaning. The data that each
 * replay reads are at one end of the arena, the rest at the other: a replay spends far more time
 * waiting for memory than computing.
 */
#ifndef CPU_TIMING_MEMO_MEMO_H
#define CPU_TIMING_MEMO_MEMO_H

#include "cpu/timing/memo/memo_action.h"
#include "cpu/timing/memo/memo_stats.h"

/* The most bytes of a hart's arena, and of all arenas of a machine. Hash tables come on top. */
#define MEMO_SIZE (512ull << 20)
#define MEMO_SIZES (4ull << 30)
#define MEMO_TRACE_MAX 24 /* records of a trace */
#define MEMO_LOG_MAX 1000 /* actions in a trace, whose indexes have 10 bits */
#define MEMO_LOG_HASHES 128
#define MEMO_GUESSES 4 /* predictions of the next trace after an outcome */

/*
 * The part of a record, or of a run's operand, on which times depend. Besides this, they depend
 * only on the results of actions.
 */
struct memo_item {
	u32 raw; /* the model decides what both mean */
	u32 facts;
};

/* An action with its result, in half a line of the host's cache. */
struct memo_step {
	struct memo_action action;
	u64 result;
};

/* An action chain: from the beginning of a trace, or the first result that differs, to its end. */
struct memo_chain {
	struct memo_outcome *outcome;
	struct memo_chain *alternative; /* another chain from this action, with another result */
	u64 result; /* the result of that action */
	u64 version; /* when all lasting results were found to be these; 0: never */
	u64 groups; /* a bit for each group of the lasting results */
	u16 count; /* number of actions */
	u16 steps; /* number that each replay performs: first in `step`, before lasting results */
	struct memo_step step[]; /* both parts in the order of their indexes */
};

struct memo_trace {
	struct memo_trace *next; /* another trace from the same state */
	struct memo_chain *first;
	u64 pc, next_pc; /* the address where it begins, and the one where it continues */
	u64 code; /* a number that identifies its instructions; 0: the items do */
	u32 count; /* number of records */
	u16 items, places; /* the first `places` items of a run are memory operands */
	struct memo_item item[];
};

struct memo_node {
	struct memo_trace *traces;
	u32 size; /* bytes of the packed state */
	u8 packed[];
};

/* The outcome of a trace along one chain of actions. */
struct memo_outcome {
	struct memo_node *node; /* the state after the trace */
	struct memo_trace *next[MEMO_GUESSES]; /* the last traces from that state (memo_find.h) */
	struct memo_outcome *touched; /* the next outcome whose replays are to be counted */
	u64 replays; /* replays that have not been counted yet */
	u32 *list; /* retirements and causes (retired.h), counts, tail, in this order */
	u32 cycles; /* cycles that the trace took */
	u32 last; /* the cycle of the trace in which its last record retired */
	u16 records; /* number of records that retired */
	u16 retired, counts, tail; /* lengths of the lists */
	u16 places; /* the length of `place` */
	bool enters; /* the mode changes within the list of counts */
	u16 place[]; /* for each place afterwards, its number before */
};

/* The point where a replay left a chain, and the result that differed there. */
struct memo_divergence {
	const struct memo_chain *chain;
	struct memo_step *step;
	unsigned index; /* index of the step's action */
	u64 got;
};

/*
 * The log of a trace: where a replay left each chain; or, when stepped, its known results and its
 * actions.
 */
struct memo_log {
	memo_perform *perform; /* performs any of the model's actions */
	const u64 *changed; /* the version at which each group last changed; NULL: not known */
	struct memo_divergence divergence[MEMO_LOG_MAX];
	struct memo_step op[MEMO_LOG_MAX];
	/*
	 * Numbers of actions, from 1 (0: none): the latest of each hash, and the one before each.
	 */
	u16 hashed[MEMO_LOG_HASHES], before[MEMO_LOG_MAX];
	u16 latest[MEMO_KINDS]; /* the latest action of each kind */
	u64 known[MEMO_LOG_MAX];
	unsigned count, known_count;
	bool refused; /* the trace cannot be stored */
};

struct memo {
	size_t state_size, size;
	size_t used, end; /* offsets: the end of what replays read, and the beginning of the rest */
	u8 *arena;
	u8 *scratch; /* a packed state */
	struct memo_place *table; /* the nodes by hash, after the arena */
	bool full;
	struct memo_stats stats;
};

/* Returns how many bytes each of `harts` harts may use. */
static inline size_t memo_share(unsigned harts)
{
	return MIN(MEMO_SIZE, MEMO_SIZES / harts);
}

/* Makes a memo for states of `state_size` bytes, in at most `size` bytes. Returns 0 or -ENOMEM. */
int memo_init(struct memo *memo, size_t state_size, size_t size);
void memo_free(struct memo *memo);
void memo_drop(struct memo *memo); /* drops all nodes, traces and outcomes */

/* Finds or adds a state; its zeros take no space. NULL, here and below: the memo is full. */
struct memo_node *memo_node(struct memo *memo, const void *state);
void memo_unpack(const struct memo *memo, const struct memo_node *node, void *state);

/* Adds a new trace; the caller fills it in. */
struct memo_trace *memo_trace_add(struct memo *memo, struct memo_node *node, unsigned items);

/* Adds an outcome like `head`, with space for its lists. */
struct memo_outcome *memo_outcome_add(struct memo *memo, const struct memo_outcome *head);

/* Adds the log's chain of a trace, and its outcome. Returns false if that was not possible. */
bool memo_grow(struct memo *memo, struct memo_trace *trace, const struct memo_log *log,
	       struct memo_outcome *outcome);

#endif
