/* SPDX-License-Identifier: MIT */
/*
 * The graph of states and traces; see memo.h. It is in one arena, and all of it is dropped at once.
 */
#include "cpu/timing/memo/memo_log.h"
#include "cpu/timing/memo/pack.h"

#include "bus/guard.h"
#include "bus/huge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PLACES (1u << 20)
/* with more states the memo counts as full, because searches in the table get long */
#define PLACES_MOST (PLACES / 4 * 3)
#define TABLE_SIZE (PLACES * sizeof(struct memo_place))
#define ALIGNMENT 8u
#define ALIGNED(size) align_up(size, ALIGNMENT)
/* offset of the first byte that is used; it is not 0, because 0 in a place means "no node" */
#define BEGIN ALIGNMENT

/* An entry of the hash table. */
struct memo_place {
	u32 tag; /* upper bits of the hash of the state */
	/* the offset of the node in the arena, in units of ALIGNMENT; 0: the entry is free */
	u32 at;
};

/* Returns the size of the arena with the hash table after it, in bytes. */
static size_t mapped_size(const struct memo *memo)
{
	return align_up(memo->size, HUGE_PAGE) + TABLE_SIZE;
}

/*
 * Maps the arena and the hash table. Pages that are never touched take no memory. Huge pages are
 * requested because replays read all over the arena, and lookups all over the table: with pages of
 * 4 KiB the host would spend more time on TLB misses than on the contents. malloc is not used,
 * because a sanitizer would fill its shadow memory for the whole size.
 */
static bool map_arena(struct memo *memo)
{
	memo->arena = guard_reserve(mapped_size(memo), HUGE_PAGE);
	if (!memo->arena)
		return false;
	memo->table = (struct memo_place *)(memo->arena + align_up(memo->size, HUGE_PAGE));
	if (mprotect(memo->arena, mapped_size(memo), PROT_READ | PROT_WRITE))
		return false;
	/* A host without huge pages provides ordinary ones. */
	madvise(memo->arena, mapped_size(memo), MADV_HUGEPAGE);
	return true;
}

int memo_init(struct memo *memo, size_t state_size, size_t size)
{
	/*
	 * A node's offset is counted in units of ALIGNMENT, so the end must be a multiple of it as
	 * well.
	 */
	const size_t whole = align_down(size, ALIGNMENT);

	*memo = (struct memo){
		.state_size = ALIGNED(state_size), .size = whole, .used = BEGIN, .end = whole,
	};
	memo->scratch = malloc(pack_most(memo->state_size / sizeof(u64)));
	return map_arena(memo) && memo->scratch ? 0 : -ENOMEM;
}

void memo_free(struct memo *memo)
{
	if (memo->arena)
		guard_release(memo->arena, mapped_size(memo));
	free(memo->scratch);
}

void memo_drop(struct memo *memo)
{
	memset(memo->table, 0, TABLE_SIZE);
	memo->stats.dropped += memo->full;
	memo->stats.states = memo->stats.bytes = 0;
	memo->used = BEGIN;
	memo->end = memo->size;
	memo->full = false;
}

/* Returns whether at least `size` bytes are left. If not, the memo is marked as full. */
static bool has_room(struct memo *memo, size_t size)
{
	if (memo->full || memo->end - memo->used < size)
		memo->full = true;
	else
		memo->stats.bytes += size;
	return !memo->full;
}

static void *memo_allocate(struct memo *memo, size_t size)
{
	if (!has_room(memo, ALIGNED(size)))
		return NULL;
	memo->used += ALIGNED(size);
	return memo->arena + memo->used - ALIGNED(size);
}

/* Allocates at the end of the arena, where the parts are that replays rarely read. */
static void *allocate_apart(struct memo *memo, size_t size)
{
	if (!has_room(memo, ALIGNED(size)))
		return NULL;
	memo->end -= ALIGNED(size);
	return memo->arena + memo->end;
}

void memo_unpack(const struct memo *memo, const struct memo_node *node, void *state)
{
	memset(state, 0, memo->state_size);
	pack_read(node->packed, node->packed + node->size, state);
}

static u64 hash_on(u64 hash, u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32;
}

/* Returns the hash of a packed state. The bytes are followed by zeros up to a multiple of 8. */
static u64 hash_of(const u8 *bytes, u32 size)
{
	u64 hash = size, word;

	for (u32 n = 0; n < size; n += sizeof(word)) {
		memcpy(&word, bytes + n, sizeof(word));
		hash = hash_on(hash, word);
	}
	return hash;
}

/* Packs a state into the scratch buffer, and returns its size in bytes. */
static u32 memo_pack(struct memo *memo, const void *state)
{
	u8 *end = pack_words(memo->scratch, state, memo->state_size / sizeof(u64));

	memset(end, 0, sizeof(u64));
	return (u32)(end - memo->scratch);
}

static struct memo_node *node_at(const struct memo *memo, const struct memo_place *place)
{
	return (struct memo_node *)(memo->arena + ALIGNMENT * (size_t)place->at);
}

/* Returns the table's entry of the packed state, or the free entry where it belongs. */
static struct memo_place *find_place(const struct memo *memo, u64 hash, u32 size)
{
	struct memo_place *place;

	for (u64 n = hash;; n++) {
		place = &memo->table[n % PLACES];
		if (!place->at)
			return place;
		/* In most cases the tag and the size show that a state is another one. */
		if (place->tag == (u32)(hash >> 32) && node_at(memo, place)->size == size &&
		    !memcmp(node_at(memo, place)->packed, memo->scratch, size))
			return place;
	}
}

struct memo_node *memo_node(struct memo *memo, const void *state)
{
	u32 size = memo_pack(memo, state);
	u64 hash = hash_of(memo->scratch, size);
	struct memo_place *place = find_place(memo, hash, size);
	struct memo_node *node;

	if (place->at)
		return node_at(memo, place);
	memo->full |= memo->stats.states == PLACES_MOST;
	node = allocate_apart(memo, sizeof(*node) + size);
	if (!node)
		return NULL;
	*node = (struct memo_node){ .size = size };
	memcpy(node->packed, memo->scratch, size);
	*place = (struct memo_place){
		.tag = (u32)(hash >> 32),
		.at = (u32)((size_t)((u8 *)node - memo->arena) / ALIGNMENT),
	};
	memo->stats.states++;
	return node;
}

struct memo_trace *memo_trace_add(struct memo *memo, struct memo_node *node, unsigned items)
{
	struct memo_trace *trace =
		memo_allocate(memo, sizeof(*trace) + items * sizeof(trace->item[0]));

	if (!trace)
		return NULL;
	*trace = (struct memo_trace){ .next = node->traces, .items = (u16)items };
	node->traces = trace;
	return trace;
}

struct memo_outcome *memo_outcome_add(struct memo *memo, const struct memo_outcome *head)
{
	struct memo_outcome *outcome =
		memo_allocate(memo, sizeof(*outcome) + head->places * sizeof(u16));
	u32 *list =
		allocate_apart(memo, (head->retired + head->counts + head->tail) * sizeof(*list));

	if (!outcome || !list)
		return NULL;
	*outcome = *head;
	outcome->list = list;
	return outcome;
}

static unsigned log_hash(const struct memo_action *action)
{
	u64 mixed = action->kind ^ (u64)action->which << 8 ^ action->a ^ action->b << 16;

	return (unsigned)(mixed * 0x9e3779b97f4a7c15ull >> 32) % MEMO_LOG_HASHES;
}

/* Returns the number, from 1, of the latest equal action, or 0 if there is none. */
static unsigned log_same(const struct memo_log *log, const struct memo_action *action)
{
	unsigned number = log->hashed[log_hash(action)];

	while (number && !memo_same_action(&log->op[number - 1].action, action))
		number = log->before[number - 1];
	return number;
}

const struct memo_step *memo_log_before(const struct memo_log *log,
					const struct memo_action *action, u64 ends)
{
	unsigned same = log_same(log, action);

	if (!same)
		return NULL;
	for (u64 left = ends; left; left &= left - 1)
		if (log->latest[__builtin_ctzll(left)] > same)
			return NULL;
	return &log->op[same - 1];
}

static void log_add(struct memo_log *log, const struct memo_action *action, u64 got)
{
	u16 *hashed = &log->hashed[log_hash(action)];
	unsigned n = log->count++;

	log->op[n] = (struct memo_step){ .action = *action, .result = got };
	log->before[n] = *hashed;
	*hashed = log->latest[action->kind] = (u16)(n + 1);
}

u64 memo_log_do(struct memo_log *log, const struct memo_action *action, void *ctx)
{
	unsigned same = action->how & MEMO_ALWAYS ? log_same(log, action) : 0;
	u64 got;

	if (same)
		return log->op[same - 1].result;
	if (log->count < log->known_count)
		got = log->known[log->count];
	else
		got = log->perform(ctx, action);
	if (log->count == MEMO_LOG_MAX)
		log->refused = true;
	else
		log_add(log, action, got);
	return got;
}

/* A walk through the actions of a chain, in order. */
struct walk {
	struct memo_chain *chain;
	/* numbers of actions passed: those performed each time, and those whose results last */
	unsigned performed, lasting;
};

static void walk_begin(struct walk *walk, const struct memo_chain *chain)
{
	*walk = (struct walk){ .chain = (struct memo_chain *)chain };
}

/* Returns the next action, or NULL after the last. */
static struct memo_step *walk_next(struct walk *walk)
{
	struct memo_chain *chain = walk->chain;
	unsigned index = walk->performed + walk->lasting;

	if (index == chain->count)
		return NULL;
	if (walk->performed < chain->steps && chain->step[walk->performed].action.at.index == index)
		return &chain->step[walk->performed++];
	return &chain->step[chain->steps + walk->lasting++];
}

void memo_log_know(struct memo_log *log, unsigned divergences)
{
	struct walk walk;

	log->known_count = 0;
	for (unsigned n = 0; n < divergences; n++) {
		const struct memo_divergence *divergence = &log->divergence[n];

		walk_begin(&walk, divergence->chain);
		/*
		 * A chain begins with the action of the divergence that led to it; its result is
		 * known already.
		 */
		if (n)
			walk_next(&walk);
		while (walk.performed + walk.lasting < divergence->index)
			log->known[log->known_count++] = walk_next(&walk)->result;
		log->known[log->known_count++] = divergence->got;
	}
}

/* Returns those groups of a chain's lasting results that have changed since they were checked. */
static u64 changed_groups(const struct memo_chain *chain, const u64 *changed)
{
	u64 found = 0;

	if (!changed || !chain->version)
		return chain->groups;
	for (u64 left = chain->groups; left; left &= left - 1) {
		unsigned group = (unsigned)__builtin_ctzll(left);

		found |= (u64)(changed[group] > chain->version) << group;
	}
	return found;
}

/*
 * Checks whether the lasting results are still those of this chain. If one is not,
 * divergence->index becomes the index of the first such result.
 */
static void memo_check(struct memo_chain *chain, const struct memo_log *log, void *ctx, u64 version,
		       struct memo_divergence *divergence)
{
	const struct memo_step *end = chain->step + chain->count;
	const u64 groups = changed_groups(chain, log->changed);

	for (struct memo_step *step = chain->step + chain->steps; groups && step < end; step++) {
		if (!(groups >> step->action.at.group & 1))
			continue;
		divergence->got = log->perform(ctx, &step->action);
		if (divergence->got != step->result) {
			divergence->step = step;
			divergence->index = step->action.at.index;
			return;
		}
	}
	chain->version = version;
}

struct memo_step *memo_chain_end(struct memo_chain *chain, const struct memo_log *log, void *ctx,
				 u64 version, struct memo_divergence *divergence)
{
	struct memo_step *end = chain->step + chain->steps;

	divergence->index = chain->count;
	memo_check(chain, log, ctx, version, divergence);
	while (end != chain->step && end[-1].action.at.index >= divergence->index)
		end--;
	return end;
}

/*
 * Returns whether an action is performed in its turn in each replay. Actions with lasting results
 * are, too, if their group is *changed or above: an earlier action of the chain may have changed
 * it.
 */
static bool is_step(const struct memo_action *action, unsigned *changed)
{
	if (action->how & MEMO_CHANGES)
		*changed = MIN(*changed, action->group);
	return !(action->how & MEMO_LASTS) || action->group >= *changed;
}

static u16 count_steps(const struct memo_step *op, unsigned count)
{
	unsigned changed = MEMO_GROUPS;
	u16 steps = 0;

	for (unsigned n = 0; n < count; n++)
		steps += is_step(&op[n].action, &changed);
	return steps;
}

/* Fills in a chain: the actions that are performed each time come first. */
static void fill_chain(struct memo_chain *chain, const struct memo_step *op)
{
	struct memo_step *step = chain->step, *lasting = step + chain->steps;
	unsigned changed = MEMO_GROUPS;

	for (u16 n = 0; n < chain->count; n++) {
		const struct memo_action *action = &op[n].action;
		bool steps = is_step(action, &changed);

		*(steps ? step++ : lasting++) = (struct memo_step){
			.action = {
				.kind = action->kind, .which = action->which,
				.at = { .index = n, .group = action->group },
				.a = action->a, .b = action->b,
			},
			.result = op[n].result,
		};
		chain->groups |= steps ? 0 : BIT(action->group);
	}
}

/* Adds a chain of the log's actions from the n-th on. */
static struct memo_chain *add_chain(struct memo *memo, const struct memo_log *log, unsigned n,
				    struct memo_outcome *outcome)
{
	unsigned count = log->count - n;
	struct memo_chain *chain =
		memo_allocate(memo, sizeof(*chain) + count * sizeof(chain->step[0]));

	if (!chain)
		return NULL;
	*chain = (struct memo_chain){
		.outcome = outcome, .result = count ? log->op[n].result : 0, .count = (u16)count,
		.steps = count_steps(&log->op[n], count),
	};
	fill_chain(chain, &log->op[n]);
	return chain;
}

/* Adds another result of an action, and the chain that follows it. */
static bool add_alternative(struct memo *memo, struct memo_step *step, const struct memo_log *log,
			    unsigned n, struct memo_outcome *outcome)
{
	struct memo_chain *chain = add_chain(memo, log, n, outcome);

	if (!chain)
		return false;
	chain->alternative = memo_chain_other(step);
	memo_chain_begin_with(step, chain);
	return true;
}

bool memo_grow(struct memo *memo, struct memo_trace *trace, const struct memo_log *log,
	       struct memo_outcome *outcome)
{
	struct walk walk;

	if (!trace->first) {
		trace->first = add_chain(memo, log, 0, outcome);
		return trace->first;
	}
	walk_begin(&walk, trace->first);
	for (unsigned n = 0; n < log->count; n++) {
		const struct memo_step *op = &log->op[n];
		struct memo_step *step = walk_next(&walk);
		const struct memo_chain *chain;

		/*
		 * The results so far determine the next action. If another one is logged, the chain
		 * is not added.
		 */
		if (!step || !memo_same_action(&step->action, &op->action))
			return false;
		if (step->result == op->result)
			continue;
		chain = memo_chain_after(step, op->result);
		if (!chain)
			return add_alternative(memo, step, log, n, outcome);
		walk_begin(&walk, chain);
		walk_next(&walk);
	}
	return false;
}
