/* SPDX-License-Identifier: MIT */
/*
 * CVA6's store unit (store_unit.sv) and its queues (store_buffer.sv): a store is speculative until
 * commit, then on its way to the data cache's write buffer. See lsu.h.
 */
#include "cpu/timing/cva6/actions.h"

#include <string.h>

#define PAGE_OFFSET ((PAGE_SIZE - 1) & ~7ull)
#define CAUSE_STORE_MISALIGNED 6

static unsigned cva6_store_list(const struct cva6_store_queue *queue, u64 *addresses)
{
	for (unsigned n = 0; n < queue->count; n++)
		addresses[n] = queue->store[n].address;
	return queue->count;
}

bool cva6_store_conflicts(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
			  const struct cva6_lsu_cycle *cycle, u64 va)
{
	u64 addresses[2 * CVA6_STORES_MAX + 1];
	unsigned count = 0;

	if (lsu->store_state == CVA6_STORE_VALID_STORE)
		addresses[count++] = sb->entry[lsu->store_slot].va;
	count += cva6_store_list(&lsu->speculative, addresses + count);
	count += cva6_store_list(&lsu->committed, addresses + count);
	return actions_same(cycle->actions, PAGE_OFFSET, va, addresses, count);
}

bool cva6_store_fails(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		      const struct cva6_lsu_cycle *cycle)
{
	const struct cva6_entry *entry = &sb->entry[lsu->store_slot];
	bool misaligned = entry->cause == CAUSE_STORE_MISALIGNED;

	if (lsu->store_state == CVA6_STORE_IDLE)
		return false;
	if (cycle->walk_failed)
		return true;
	return entry->flags & TIMING_TRAP && lsu->requested && (lsu->hit || misaligned);
}

static s16 second_operand(const struct cva6_uop *uop)
{
	if (uop->unit == CVA6_LOAD)
		return (s16)uop->offset;
	return uop->rs2 ? CVA6_EARLY_UNKNOWN : 0;
}

void cva6_atomic_answers(const struct cva6_lsu *lsu, struct cva6_scoreboard *sb,
			 const struct cva6_lsu_cycle *cycle)
{
	struct cva6_entry *entry = &sb->entry[lsu->store_slot];

	if (lsu->store_state != CVA6_STORE_VALID_STORE || !cva6_is_amo(&entry->uop))
		return;
	entry->early = cycle->slot < 0 ? 0 : second_operand(&sb->entry[cycle->slot].uop);
}

static void cva6_stores_push(struct cva6_store_queue *queue, const struct cva6_store *store)
{
	if (queue->count < CVA6_STORES_MAX)
		queue->store[queue->count++] = *store;
}

static void drop_oldest(struct cva6_store_queue *queue)
{
	if (!queue->count)
		return;
	queue->count--;
	memmove(&queue->store[0], &queue->store[1], queue->count * sizeof(queue->store[0]));
}

/*
 * Returns a bit for each byte of a store, from bit 0 on. The core has no store larger than a word
 * of the write buffer, and none of 0 bytes. Instructions that manage cache blocks, which it does
 * not have either, count as stores of one byte, because a word without any would never leave the
 * write buffer.
 */
static unsigned cva6_stores_bytes_of(const struct cva6_entry *entry)
{
	return entry->size < 8 ? (1u << MAX(entry->size, 1)) - 1 : 0xff;
}

static struct cva6_store store_of(const struct cva6_entry *entry, struct actions *actions)
{
	return (struct cva6_store){
		.address = entry->pa,
		.bytes = (u8)(cva6_stores_bytes_of(entry) << actions_bits(actions, entry->pa, 7)),
	};
}

/*
 * Puts the store of state VALID_STORE into the queue where it waits for commit. An atomic is
 * kept apart, in lsu->amo.
 */
static void cva6_stores_enter(struct cva6_lsu *lsu, const struct cva6_entry *entry,
			      struct actions *actions)
{
	struct cva6_store store;

	if (cva6_is_amo(&entry->uop)) {
		lsu->amo = (struct cva6_amo){
			.valid = true,
			.op = entry->uop.op,
			.sc_failed = entry->flags & TIMING_SC_FAILED,
			.address = entry->pa,
		};
		return;
	}
	store = store_of(entry, actions);
	cva6_stores_push(&lsu->speculative, &store);
}

static void move_queues(struct cva6_lsu *lsu, const struct cva6_lsu_cycle *cycle)
{
	if (cycle->store_granted)
		drop_oldest(&lsu->committed);
	if (!cycle->commit)
		return;
	cva6_stores_push(&lsu->committed, &lsu->speculative.store[0]);
	drop_oldest(&lsu->speculative);
}

/* Accepts the next store, if there is one. `ready`: the queue has room for it. */
static void cva6_store_accept(struct cva6_lsu *lsu, struct cva6_lsu_cycle *cycle, bool ready)
{
	lsu->store_state = CVA6_STORE_IDLE;
	if (!cycle->is_store)
		return;
	if (!ready)
		lsu->store_state = CVA6_STORE_WAIT_STORE_READY;
	else if (!cycle->hit)
		lsu->store_state = CVA6_STORE_WAIT_TRANSLATION;
	else
		lsu->store_state = CVA6_STORE_VALID_STORE;
	cycle->pop |= lsu->store_state == CVA6_STORE_VALID_STORE;
}

static void cva6_store_next_state(struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
				  struct cva6_lsu_cycle *cycle, bool ready)
{
	switch (lsu->store_state) {
	case CVA6_STORE_VALID_STORE:
		/* An atomic waits until the unit is idle. */
		if (cycle->is_store && cva6_is_amo(&sb->entry[cycle->slot].uop))
			lsu->store_state = CVA6_STORE_IDLE;
		else
			cva6_store_accept(lsu, cycle, ready);
		break;
	case CVA6_STORE_WAIT_STORE_READY:
		if (ready && cycle->hit)
			lsu->store_state = CVA6_STORE_IDLE;
		break;
	case CVA6_STORE_WAIT_TRANSLATION:
		if (cycle->hit)
			lsu->store_state = CVA6_STORE_IDLE;
		break;
	default:
		cva6_store_accept(lsu, cycle, ready);
		break;
	}
}

void cva6_store_step(struct cva6_lsu *lsu, const struct cva6_params *params,
		     const struct cva6_scoreboard *sb, struct cva6_lsu_cycle *cycle)
{
	const struct cva6_entry *entry = &sb->entry[lsu->store_slot];
	bool fails = cva6_store_fails(lsu, sb, cycle), amo_taken = lsu->amo.valid;
	bool enters = lsu->store_state == CVA6_STORE_VALID_STORE && !fails && !cycle->flush;
	unsigned count =
		lsu->speculative.count + (enters && !cva6_is_amo(&entry->uop)) - cycle->commit;
	bool ready = (count < params->store_speculative || cycle->commit) && !amo_taken;

	move_queues(lsu, cycle);
	if (enters)
		cva6_stores_enter(lsu, entry, cycle->actions);
	if (cycle->amo_done)
		lsu->amo.valid = false;
	if (fails) {
		lsu->store_state = CVA6_STORE_IDLE;
		cycle->pop = true;
	} else {
		cva6_store_next_state(lsu, sb, cycle, ready);
	}
	if (cycle->slot >= 0)
		lsu->store_slot = (u8)cycle->slot;
	if (!cycle->flush)
		return;
	lsu->store_state = CVA6_STORE_IDLE;
	lsu->speculative.count = 0;
	if (!cycle->amo_commits)
		lsu->amo.valid = false;
}
