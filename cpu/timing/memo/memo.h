/* SPDX-License-Identifier: MIT */
/*
 * The memo of a timing model: what it has met before, so that it need not be stepped again, after
 * Schnarr and Larus, "Fast Out-of-Order Processor Simulation Using Memoization" (ASPLOS 1998). It
 * is a graph of states, joined by traces. A state is bytes without times and addresses of data.
 * What comes of a trace depends on what is outside of the state (caches, predictors, TLBs), so
 * while the trace is stepped each action there is recorded with its result. A replay performs the
 * actions afresh; where a result is another one, another chain of actions begins. The memo knows
 * nothing of what the actions are.
 *
 * What each replay looks at lies together at one end of the arena, the rest at the other: far more
 * time goes by with waiting for memory than with all that is done.
 */
#ifndef CPU_TIMING_MEMO_MEMO_H
#define CPU_TIMING_MEMO_MEMO_H

#include "cpu/timing/memo/memo_action.h"
#include "cpu/timing/memo/memo_stats.h"

/* The most bytes of an arena: of a hart, and of all harts of a machine. The hash table is extra. */
#define MEMO_SIZE (512ull << 20)
#define MEMO_SIZES (4ull << 30)
#define MEMO_TRACE_MAX 24 /* records */
#define MEMO_LOG_MAX 400 /* actions in a trace */
#define MEMO_LOG_HASHES 128
#define MEMO_GUESSES 4 /* of which trace comes next */

/* What a model's times depend on of a record, or of an operand of a run, beside its actions. */
struct memo_item {
	u32 raw; /* both are the model's */
	u32 facts;
};

/* An action with its result. */
struct memo_op {
	struct memo_action action;
	u64 result;
};

/* An action of a chain with its result, in half a line of the host's cache. */
struct memo_step {
	struct memo_action action;
	u64 result;
};

/* An action chain: from a trace's beginning, or from the first other result, to its end. */
struct memo_chain {
	struct memo_outcome *outcome;
	struct memo_chain *beside; /* begins with the same action, and yet another result */
	u64 result; /* that it begins with */
	u64 version; /* of the results that last, when all were seen to be as here; 0: never */
	u64 groups; /* the groups of those results, a bit for each */
	u16 count; /* of actions; */
	u16 steps; /* the first so many; the others' results last, and may be checked first */
	struct memo_step step[]; /* both in the order of their indexes */
};

struct memo_trace {
	struct memo_trace *next; /* another one from the same state */
	struct memo_chain *first;
	u64 pc, onward; /* where it begins, where it goes on */
	u64 code; /* a number that stands for its instructions; 0: the items do */
	u32 count; /* of records */
	u16 items, places; /* the first of which are memory operands, in those of runs */
	struct memo_item item[];
};

struct memo_node {
	struct memo_node *next; /* in its bucket */
	struct memo_trace *traces;
	u64 hash;
	u32 size; /* of the state, packed */
	u8 packed[];
};

/* The outcome of a trace, along one chain of actions. */
struct memo_outcome {
	struct memo_node *node; /* the state behind it */
	struct memo_trace *next[MEMO_GUESSES]; /* from there: those that came last (memo_find) */
	struct memo_outcome *touched; /* another one that was */
	u64 taken; /* times that are not counted yet */
	u32 *list; /* what retired (retired.h), counts and tail, in this order */
	u32 cycles; /* that it took */
	u32 last; /* in which cycle of them a record left at last */
	u16 left; /* records */
	u16 retired, counts, tail; /* lengths of the lists */
	u16 moves;
	bool enters; /* counts go through changes of mode */
	u16 move[]; /* places */
};

/* How far a chain was followed, and the result that was another one there. */
struct memo_turn {
	const struct memo_chain *chain;
	struct memo_step *step;
	unsigned index; /* of the step */
	u64 got;
};

/* The log of a trace: where a replay left each chain; when stepped, known results and actions. */
struct memo_log {
	memo_perform *perform; /* the model's function for any action */
	const u64 *changed; /* by which version each group was; NULL: it is not known */
	struct memo_turn turn[MEMO_LOG_MAX];
	struct memo_op op[MEMO_LOG_MAX];
	/* Numbers of actions, from 1; 0: none. By a hash, the latest and the one before each. */
	u16 hashed[MEMO_LOG_HASHES], before[MEMO_LOG_MAX];
	u16 latest[MEMO_KINDS]; /* of each kind */
	u64 known[MEMO_LOG_MAX];
	unsigned count, known_count;
	bool refused; /* it cannot be kept */
};

struct memo {
	size_t state_size, size;
	size_t used, end; /* of the arena: below `used` what is followed, from `end` on the rest */
	u8 *arena;
	u8 *scratch; /* a packed state */
	struct memo_node **buckets;
	bool full;
	struct memo_stats stats;
};

/* Returns how many bytes each of so many harts may take. */
static inline size_t memo_share(unsigned harts)
{
	return MIN(MEMO_SIZE, MEMO_SIZES / harts);
}

/* Makes a memo of states of `state_size` bytes, in `size` bytes at most. 0 or -ENOMEM. */
int memo_init(struct memo *memo, size_t state_size, size_t size);
void memo_free(struct memo *memo);
void memo_drop(struct memo *memo); /* all: nodes, traces and outcomes are gone */

/* Finds or adds a state, whose zeros take no space. NULL here and below: the memo is full. */
struct memo_node *memo_node(struct memo *memo, const void *state);
void memo_unpack(const struct memo *memo, const struct memo_node *node, void *state);

/* Adds a trace that is not there yet; the caller fills in what it is. */
struct memo_trace *memo_trace_add(struct memo *memo, struct memo_node *node, unsigned items);

/* Adds an outcome as `head` says, with space for its lists. */
struct memo_outcome *memo_outcome_add(struct memo *memo, const struct memo_outcome *head);

/* Adds the log's chain of a trace, and its outcome, to the memo. */
bool memo_grow(struct memo *memo, struct memo_trace *trace, const struct memo_log *log,
	       struct memo_outcome *outcome);

#endif
