/* SPDX-License-Identifier: MIT */
/* Fetches words from the instruction cache, and their instructions into the queue. See front.h. */
#include "cpu/timing/inorder/front.h"

#include <string.h>

int inorder_front_init(struct inorder_front *front, const struct inorder_params *params)
{
	const struct tags_shape shape = {
		.sets = (unsigned)params->icache_sets, .ways = (unsigned)params->icache_ways,
		.line = (unsigned)params->icache_line,
	};

	front->params = params;
	return inorder_cache_init(&front->cache, &shape, (unsigned)params->icache_replacement);
}

void inorder_front_free(struct inorder_front *front)
{
	inorder_cache_free(&front->cache);
}

void inorder_front_clear(struct inorder_front *front)
{
	inorder_mmu_fetch_changed(front->mmu);
	inorder_cache_clear(&front->cache);
}

void inorder_front_reset(struct inorder_front *front)
{
	const struct inorder_params *params = front->params;

	inorder_front_clear(front);
	inorder_cache_reset(&front->cache);
	memset(&front->bht, 0, sizeof(front->bht));
	memset(&front->ras, 0, sizeof(front->ras));
	front->bht.entries = (unsigned)params->bht_entries;
	front->bht_step = params->bht_bits == 1 ? BHT_ALL : BHT_STEP;
	front->history_mask = BIT(params->bht_history) - 1;
	front->stores = params->btb_holds == INORDER_BTB_ALL;
	front->taught[false] = INORDER_UPDATE_BRANCH;
	front->taught[true] = INORDER_UPDATE_BRANCH | INORDER_UPDATE_TAKEN |
			      (front->stores ? INORDER_UPDATE_STORED : 0);
	inorder_btb_reset(&front->btb, (unsigned)params->btb_entries, params->btb_tags);
	front->ras.depth = (unsigned)params->ras_depth;
	front->history = front->busy = front->at = front->count = 0;
	front->updates.first = front->updates.count = front->known = 0;
	front->word = UINT64_MAX;
	memset(front->popped, 0, sizeof(front->popped));
	inorder_front_restart(front, params->fetch_reset, CPI_FETCH);
}

u64 inorder_front_next(const struct inorder_front *front)
{
	return MAX(front->at + 1 - MIN(front->params->fetch_latency, front->at + 1), front->busy);
}

/*
 * Returns when a word can be requested, `ask` at the earliest: not while the queue has as many
 * jumps as it can hold. `more` jumps of a wrong path count as if they were in it.
 */
static u64 wait_for_jumps(const struct inorder_front *front, u64 more, u64 ask)
{
	u64 most = front->params->queue_targets, back = most - more;

	if (!most || front->jumps < back || ask <= front->jump_pushed)
		return ask;
	return MAX(ask, front->jump_popped[(front->jumps - back) % INORDER_TARGETS_MAX] + 1);
}

/*
 * Returns the result of HELD: whether a word can be fetched without any effect. With LRU every
 * access has an effect.
 */
static u64 held_word(const struct inorder_front *front, u64 va)
{
	const struct inorder_action action = {
		.kind = INORDER_ACTION_HELD, .how = MEMO_LASTS, .a = va,
	};

	return front->params->icache_replacement == INORDER_LRU ?
		       0 :
		       inorder_do(front->actions, &action);
}

/* Returns the result of WORD. If the line and its address are known, no action is needed. */
static u64 request_word(struct inorder_front *front, u64 va, u64 cycle)
{
	const struct inorder_params *params = front->params;
	const struct inorder_action action = {
		.kind = INORDER_ACTION_WORD, .how = MEMO_CHANGES, .a = va, .cycle = cycle,
	};
	u64 known = front->known;

	if (!known || (front->word ^ va) & ~(params->icache_line - 1))
		known = held_word(front, va);
	return known ? params->fetch_latency << INORDER_WORD_CYCLES | known | INORDER_WORD_HIT :
		       inorder_do(front->actions, &action);
}

/* Fetches the next word of the program, which may have to come from memory. */
static void fetch_word(struct inorder_front *front, u64 va)
{
	u64 ask = front->jumped ? MAX(front->ask, front->busy) : inorder_front_next(front), word;

	ask = wait_for_jumps(front, 0, ask);
	word = request_word(front, va, ask);
	front->cause = front->restarted;
	if (word & INORDER_WORD_HIT)
		timing_count(front->report->tally, TIMING_L1I_READ);
	if (word & INORDER_WORD_TRANSLATED)
		timing_count(front->report->tally, TIMING_ITLB_READ);
	if (word & INORDER_WORD_DELAYED)
		front->cause = CPI_TLB;
	if (word & INORDER_WORD_MISSED)
		front->cause = CPI_L1I;
	front->restarted = CPI_FETCH;
	front->word = va;
	front->jumped = false;
	front->known = word & (INORDER_WORD_KNOWN | INORDER_WORD_TRANSLATED);
	front->at = ask + (word >> INORDER_WORD_CYCLES);
	front->busy = word & INORDER_WORD_MISSED ? front->at : 0;
}

static u64 inorder_front_popped(const struct inorder_front *front, u64 number)
{
	return number >= front->params->queue_depth ?
		       front->popped[(number - front->params->queue_depth) % INORDER_QUEUE_MAX] :
		       0;
}

u64 inorder_front_fetch(struct inorder_front *front, u64 pc, const struct inorder_uop *uop)
{
	const struct inorder_params *params = front->params;
	u64 width = params->fetch_width, last = align_down(pc + uop->length - 1, width);
	u64 first = align_down(pc, width), room = inorder_front_popped(front, front->count);

	if (front->jumped || front->word != first)
		fetch_word(front, first);
	if (first != last)
		fetch_word(front, last);
	if (front->at <= room)
		front->at = room + 1 + params->queue_replay;
	return front->at;
}

void inorder_front_pop(struct inorder_front *front, u64 cycle, bool jump)
{
	front->popped[front->count++ % INORDER_QUEUE_MAX] = cycle;
	if (jump) {
		front->jump_popped[front->jumps++ % INORDER_TARGETS_MAX] = cycle;
		front->jump_pushed = front->at;
	}
}

void inorder_front_follow(struct inorder_front *front, u64 bubbles)
{
	front->ask = front->at + 1 + bubbles - MIN(front->params->fetch_latency, front->at + 1);
	front->jumped = true;
}

void inorder_front_restart(struct inorder_front *front, u64 ask, enum timing_cause cause)
{
	front->restarted = (u8)cause;
	front->known = 0;
	front->ask = ask;
	front->jumped = true;
	front->jumps = front->jump_pushed = front->busy = 0;
}

/* The progress of a wrong path. */
struct path {
	u64 pc, word, at, ask;
	u64 taken; /* number of instructions taken */
	u64 jumps; /* number of those that have a slot among the jumps */
	u64 again; /* the cycle in which the cache can be accessed again */
	bool known; /* the word is there already */
	bool late; /* the word came from memory, or had to wait */
};

static u64 request_wrong_path_word(struct inorder_front *front, u64 va, u64 cycle, u64 until)
{
	const struct inorder_action action = {
		.kind = INORDER_ACTION_WRONG_PATH_WORD, .how = MEMO_CHANGES,
		.a = va, .cycle = cycle,
		.more = MIN(until - cycle, BIT(INORDER_ACTION_MORE_BITS) - 1),
	};

	return held_word(front, va) ? INORDER_WRONG_PATH_HIT : inorder_do(front->actions, &action);
}

/* Fetches the next word of the path. Returns false if the path ends before the word is there. */
static bool fetch_wrong_path_word(struct inorder_front *front,
				  const struct inorder_wrong_path *wrong, struct path *path)
{
	const struct inorder_params *params = front->params;
	u64 ask = path->ask, word;

	path->late = false;
	if (path->known) {
		path->known = false;
		return path->at <= wrong->until;
	}
	if (path->taken >= wrong->room ||
	    (params->queue_targets && path->jumps >= params->queue_targets))
		return false;
	ask = wait_for_jumps(front, path->jumps, ask);
	if (ask > wrong->until)
		return false;
	word = request_wrong_path_word(front, path->word, ask, wrong->until);
	path->at = ask + params->fetch_latency;
	if ((word & INORDER_WRONG_PATH_MISSED) == INORDER_WRONG_PATH_HIT) {
		timing_count(front->report->tally, TIMING_L1I_READ);
		return path->at <= wrong->until;
	}
	if ((word & INORDER_WRONG_PATH_MISSED) != INORDER_WRONG_PATH_MISSED)
		return false;
	/*
	 * Fetch is busy until the word has come, in any case. The path continues if it came in
	 * time.
	 */
	path->at = path->again = ask + (word >> INORDER_WRONG_PATH_CYCLES);
	path->late = true;
	return path->at <= wrong->until;
}

/*
 * Reads the instruction at va on a wrong path, if possible by the action whose result lasts.
 * Returns false if it cannot be read.
 */
static bool read_wrong_path_code(struct inorder_front *front, u64 va, u32 *raw)
{
	const struct inorder_action held = {
		.kind = INORDER_ACTION_CODE, .how = MEMO_LASTS, .a = va,
	}, action = {
		.kind = INORDER_ACTION_WRONG_PATH_CODE, .how = MEMO_CHANGES, .a = va,
	};
	u64 code = inorder_do(front->actions, &held);

	if (!code)
		code = inorder_do(front->actions, &action);
	*raw = (u32)code;
	return code & INORDER_CODE_THERE;
}

/* Takes the instructions of the word into the queue. Returns false if the path ends. */
static bool enqueue_wrong_path_word(struct inorder_front *front,
				    const struct inorder_wrong_path *wrong, struct path *path)
{
	const struct inorder_params *params = front->params;
	u64 end = path->word + params->fetch_width, room;
	const struct inorder_uop *uop;
	struct inorder_guess guess;
	struct inorder_jump jump;
	u32 raw;

	while (path->pc < end) {
		if (!read_wrong_path_code(front, path->pc, &raw))
			return false;
		uop = inorder_decode(front->decoder, raw);
		if (path->pc + uop->length > end)
			break;
		if (path->taken++ >= wrong->room)
			return false;
		room = inorder_front_popped(front, front->count + path->taken - 1);
		if (path->taken <= params->queue_depth && path->at <= room) {
			path->at = room + 1 + params->queue_replay;
			path->late = true;
			if (path->at > wrong->until)
				return false;
		}
		jump = (struct inorder_jump){ .pc = path->pc, .uop = uop };
		inorder_front_guess(front, &jump, path->at, &guess);
		path->pc += uop->length;
		path->jumps += inorder_front_is_jump(uop, &guess);
		if (uop->flow == INORDER_RETURN)
			path->pc = end; /* even if no target is predicted */
		if (guess.taken) {
			path->pc = guess.target;
			path->word = align_down(path->pc, params->fetch_width);
			path->ask = path->at + 1 + guess.bubbles -
				    MIN(params->fetch_latency, path->at + 1);
			return true;
		}
	}
	path->word = end;
	path->ask = path->late ? path->at : path->at + 1 - MIN(params->fetch_latency, path->at + 1);
	return true;
}

/* The most words that are fetched on a wrong path. */
#define WRONG_PATH_WORDS 64

u64 inorder_front_fetch_wrong_path(struct inorder_front *front,
				   const struct inorder_wrong_path *wrong)
{
	struct path path = {
		.pc = wrong->pc, .at = wrong->at, .ask = wrong->ask,
		.word = align_down(wrong->pc, front->params->fetch_width),
	};

	path.known = path.word == wrong->word;
	for (unsigned n = 0; n < WRONG_PATH_WORDS; n++)
		if (!fetch_wrong_path_word(front, wrong, &path) ||
		    !enqueue_wrong_path_word(front, wrong, &path))
			break;
	return path.again;
}
