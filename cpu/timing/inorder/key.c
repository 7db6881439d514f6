/* SPDX-License-Identifier: MIT */
/* States without times. See key.h. */
#include "cpu/timing/inorder/key.h"

#include <string.h>

/* Cycles of no state are as far apart. */
#define FAR BIT(30)

/* As far as it lies behind what all that is to come lies behind. */
static u32 since(u64 cycle, u64 past, u64 *far)
{
	u64 cycles = cycle > past ? cycle - past : 0;

	*far |= cycles;
	return (u32)cycles;
}

/* One that may lie before the base. */
static s32 around(u64 cycle, u64 base, u64 *far)
{
	*far |= cycle > base ? cycle - base : base - cycle;
	return (s32)(u32)(cycle - base);
}

static u64 before(u64 cycle)
{
	return cycle - MIN(cycle, 1);
}

/* No word is asked for earlier. */
static u64 next_ask(const struct inorder_front *front)
{
	return front->jumped ? front->ask : front->at + 1 - MIN(front->params->fetch_latency,
								front->at + 1);
}

/* What left the queue before this cycle has made room for all that is to come. */
static u64 room_past(const struct inorder_front *front)
{
	return front->jumped ? front->ask : before(front->at);
}

static void take_jumps(struct inorder_key *key, const struct inorder_front *front, u64 *far)
{
	u64 past = before(next_ask(front)), most = front->params->queue_targets;

	key->jumps = (u8)MIN(front->jumps, most);
	for (unsigned n = 0; n < key->jumps; n++)
		key->jump_room[n] = since(front->jump_popped[(front->jumps - 1 - n) %
							     INORDER_TARGETS_MAX], past, far);
	if (most)
		key->jump_pushed = since(front->jump_pushed, past, far);
}

static void put_jumps(const struct inorder_key *key, struct inorder_front *front)
{
	u64 past = before(next_ask(front));

	memset(front->jump_popped, 0, sizeof(front->jump_popped));
	front->jumps = key->jumps;
	for (unsigned n = 0; n < key->jumps; n++)
		front->jump_popped[front->jumps - 1 - n] = past + key->jump_room[n];
	front->jump_pushed = past + key->jump_pushed;
}

static void take_front(struct inorder_key *key, const struct inorder_front *front, u64 base,
		       u64 *far)
{
	const struct inorder_params *params = front->params;

	key->jumped = front->jumped;
	key->known = front->known;
	key->cause = front->cause;
	key->restarted = front->restarted;
	if (front->jumped) {
		key->ask = around(front->ask, base, far);
		key->word = front->known ? align_down(front->word, params->icache_line) : 0;
	} else {
		key->at = around(front->at, base, far);
		key->word = front->word;
	}
	key->busy = (s32)since(front->busy, next_ask(front), far);
	for (unsigned n = 0; n < params->queue_depth; n++)
		key->room[n] = since(front->popped[(front->count - 1 - n) % INORDER_QUEUE_MAX],
				     room_past(front), far);
	take_jumps(key, front, far);
}

static void put_front(const struct inorder_key *key, struct inorder_front *front, u64 base)
{
	front->jumped = key->jumped;
	front->known = key->known;
	front->cause = key->cause;
	front->restarted = key->restarted;
	front->word = key->word;
	front->ask = key->jumped ? base + (u64)(s64)key->ask : 0;
	front->at = key->jumped ? 0 : base + (u64)(s64)key->at;
	front->busy = key->busy ? next_ask(front) + (u64)(s64)key->busy : 0;
	memset(front->popped, 0, sizeof(front->popped));
	front->count = INORDER_QUEUE_MAX;
	/* What was in time for all is so for an interrupt, which fetches earlier than room_past. */
	for (unsigned n = 0; n < front->params->queue_depth; n++)
		front->popped[INORDER_QUEUE_MAX - 1 - n] =
			key->room[n] ? room_past(front) + key->room[n] : 0;
	put_jumps(key, front);
}

/* The next instruction leaves the queue at `base` at the earliest, and is issued behind that. */
static void take_issue(struct inorder_key *key, const struct inorder_issue *issue, u64 base,
		       u64 *far)
{
	const struct inorder_params *params = issue->params;

	key->popped_together = issue->popped[1] == base;
	key->issued[0] = since(issue->issued[0], base, far);
	key->issued[1] = since(issue->issued[1], base, far);
	if (key->issued[0]) {
		key->issuing = (u8)issue->issuing;
		key->branching = issue->branching;
		memcpy(key->together, issue->together, sizeof(key->together));
	}
	for (unsigned n = 0; n < params->issue_window; n++)
		key->retired[n] = since(issue->retired[(issue->count - 1 - n) %
						       INORDER_WINDOW_MAX], base, far);
	key->last = since(issue->last, base, far);
	key->retiring = (u8)MIN(issue->retiring, params->issue_commit);
	key->shared = since(issue->shared, base + 1, far);
	key->behind_mul = since(issue->behind_mul, base + 1, far);
	key->mul = since(issue->mul, base + 1, far);
	key->div = since(issue->div, base + 1, far);
	key->fdiv = since(issue->fdiv, base + 1, far);
	key->fp_result = since(issue->fp_result, base + 1, far);
}

static void put_issue(const struct inorder_key *key, struct inorder_issue *issue, u64 base)
{
	issue->popped[0] = base;
	issue->popped[1] = base - (base && !key->popped_together);
	issue->issued[0] = base + key->issued[0];
	issue->issued[1] = base + key->issued[1];
	issue->issuing = key->issuing;
	issue->branching = key->branching;
	memcpy(issue->together, key->together, sizeof(key->together));
	memset(issue->retired, 0, sizeof(issue->retired));
	issue->count = INORDER_WINDOW_MAX;
	for (unsigned n = 0; n < issue->params->issue_window; n++)
		issue->retired[INORDER_WINDOW_MAX - 1 - n] = base + key->retired[n];
	issue->last = base + key->last;
	issue->retiring = key->retiring;
	issue->shared = base + 1 + key->shared;
	issue->behind_mul = base + 1 + key->behind_mul;
	issue->mul = base + 1 + key->mul;
	issue->div = base + 1 + key->div;
	issue->fdiv = base + 1 + key->fdiv;
	issue->fp_result = base + 1 + key->fp_result;
}

/* A register that is there for whatever comes has nothing to be waited for. */
static void take_registers(struct inorder_key *key, const struct inorder *core, u64 base, u64 *far)
{
	for (unsigned n = 1; n < INORDER_REGISTERS; n++) {
		key->ready[n] = since(core->issue.ready[n], base + 1, far);
		key->causes[n] = key->ready[n] ? core->blame.causes[n] : 0;
	}
}

static void put_registers(const struct inorder_key *key, struct inorder *core, u64 base)
{
	for (unsigned n = 1; n < INORDER_REGISTERS; n++)
		core->issue.ready[n] = base + 1 + key->ready[n];
	memcpy(core->blame.causes, key->causes, sizeof(key->causes));
	core->blame.reader = 0;
}

static void take_accesses(struct inorder_key *key, const struct inorder_lsu *lsu, u64 base,
			  u64 *far)
{
	for (unsigned n = 0; n < MIN(lsu->params->load_queue, lsu->accesses); n++)
		key->left[n] = since(lsu->left[(lsu->accesses - 1 - n) % INORDER_ACCESSES_MAX],
				     base, far);
}

static void put_accesses(const struct inorder_key *key, struct inorder_lsu *lsu, u64 base)
{
	memset(lsu->left, 0, sizeof(lsu->left));
	lsu->accesses = INORDER_ACCESSES_MAX;
	lsu->cause = 0;
	for (unsigned n = 0; n < lsu->params->load_queue; n++)
		lsu->left[INORDER_ACCESSES_MAX - 1 - n] = base + key->left[n];
}

bool inorder_key_take(struct inorder_key *key, const struct inorder *core)
{
	u64 base = inorder_key_base(core), far = 0;

	memset(key, 0, sizeof(*key));
	take_front(key, &core->front, base, &far);
	take_issue(key, &core->issue, base, &far);
	take_registers(key, core, base, &far);
	take_accesses(key, &core->lsu, base, &far);
	key->after = core->mmu.after;
	key->next = core->next;
	return far < FAR;
}

void inorder_key_put(const struct inorder_key *key, struct inorder *core, u64 base)
{
	put_front(key, &core->front, base);
	put_issue(key, &core->issue, base);
	put_registers(key, core, base);
	put_accesses(key, &core->lsu, base);
	core->mmu.after = key->after;
}
