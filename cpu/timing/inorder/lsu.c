/* SPDX-License-Identifier: MIT */
/* The order of memory accesses. See lsu.h. */
#include "cpu/timing/inorder/lsu.h"

#include "cpu/isa/isa.h"

#include <string.h>

void inorder_lsu_flush(struct inorder_lsu *lsu)
{
	memset(lsu->left, 0, sizeof(lsu->left));
	lsu->accesses = 0;
}

void inorder_lsu_reset(struct inorder_lsu *lsu)
{
	inorder_lsu_flush(lsu);
	lsu->fenced = lsu->walked = 0;
}

static u64 inorder_lsu_left(const struct inorder_lsu *lsu, u64 back)
{
	return lsu->accesses >= back ? lsu->left[(lsu->accesses - back) % INORDER_ACCESSES_MAX] : 0;
}

/*
 * Notes when an access leaves the queue. It was issued in `cycle`, reached the cache in `at`, and
 * leaves `later` cycles after that; `walked`: because of nothing but a page walk.
 */
static void inorder_lsu_leave(struct inorder_lsu *lsu, u64 cycle, u64 at, u64 later, bool walked)
{
	lsu->left[lsu->accesses++ % INORDER_ACCESSES_MAX] = at + later;
	if (later)
		lsu->held = walked ? CPI_TLB : lsu->cause;
	else if (at == cycle + lsu->params->load_address)
		lsu->held = CPI_ISSUE;
}

/*
 * Returns whether an access is issued only when those that are ordered before it are done
 * (RocketCore.scala, id_reg_fence). Otherwise a fence waits before it retires, because the
 * instructions after it are fetched again, or can wait in a reorder buffer.
 */
static bool orders_at_issue(const struct inorder_lsu *lsu)
{
	return !lsu->params->issue_window && !lsu->params->fence_flush;
}

struct inorder_room inorder_lsu_room(struct inorder_lsu *lsu, const struct inorder_uop *uop,
				     u64 cycle)
{
	u64 left = inorder_lsu_left(lsu, lsu->params->load_queue) + 1, ordered = lsu->fenced;

	if (uop->releases && orders_at_issue(lsu))
		ordered = MAX(ordered, inorder_lsu_drain(lsu, cycle));
	return ordered > left ? (struct inorder_room){ ordered, CPI_FENCE } :
				(struct inorder_room){ left, lsu->held };
}

/* Returns when an access reaches the cache, in order after the one before it. */
static u64 inorder_lsu_arrive(const struct inorder_lsu *lsu, u64 cycle)
{
	u64 at = cycle + lsu->params->load_address;

	return lsu->accesses ? MAX(at, inorder_lsu_left(lsu, 1) + (lsu->params->issue_width == 1)) :
			       at;
}

static u64 what_of(const struct timing_record *record)
{
	bool guest = record->op >= OP_hlv_b && record->op <= OP_hsv_d;

	return record->size | (guest ? INORDER_ACCESS_GUEST : 0) |
	       (record->flags & TIMING_STORE ? INORDER_ACCESS_STORE : 0) |
	       (record->flags & TIMING_TRAP ? INORDER_ACCESS_TRAPS : 0);
}

static u64 inorder_lsu_act(struct inorder_lsu *lsu, enum inorder_action_kind kind,
			   const struct timing_record *record, u64 cycle)
{
	const struct inorder_action action = {
		.kind = kind, .which = (u8)lsu->actions->memory, .cycle = cycle,
		.a = what_of(record),
	};

	return inorder_do(lsu->actions, &action);
}

/* Performs the action of a load or an atomic. Returns when its result is there. */
static u64 access_result(struct inorder_lsu *lsu, enum inorder_action_kind kind,
			 const struct timing_record *record, u64 cycle)
{
	u64 at = inorder_lsu_arrive(lsu, cycle), answer = inorder_lsu_act(lsu, kind, record, at);
	u64 walk = bits(answer, INORDER_ACCESS_CAUSE_BITS, INORDER_ACCESS_WALK_BITS);
	u64 later = bits(answer, INORDER_ACCESS_LEFT, INORDER_ACCESS_LEFT_BITS);
	bool late = at > cycle + lsu->params->load_address;

	lsu->cause = (u8)bits(answer, 0, INORDER_ACCESS_CAUSE_BITS);
	/* An access that reached the cache late was delayed by what held up the one before it. */
	lsu->walked = walk || (late && lsu->held == CPI_TLB) ? at + walk : 0;
	if (lsu->cause == CPI_LOAD_USE && late && lsu->held != CPI_ISSUE && lsu->held != CPI_TLB)
		lsu->cause = lsu->held;
	inorder_lsu_leave(lsu, cycle, at, later, later == walk);
	return at + (answer >> INORDER_ACCESS_RESULT);
}

u64 inorder_lsu_load(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle)
{
	return access_result(lsu, INORDER_ACTION_LOAD, record, cycle);
}

u64 inorder_lsu_atomic(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle)
{
	return access_result(lsu, INORDER_ACTION_ATOMIC, record, cycle);
}

/*
 * Notes when a store leaves the queue, with the result of its action in `at`. Returns the cycle
 * after that.
 */
static u64 inorder_lsu_leave_store(struct inorder_lsu *lsu, u64 cycle, u64 at, u64 answer)
{
	u64 later = (u32)answer & ~INORDER_STORE_WALKED;
	bool walked = answer & INORDER_STORE_WALKED;

	lsu->cause = CPI_STORES;
	lsu->walked = walked ? at + later : 0;
	inorder_lsu_leave(lsu, cycle, at, later, walked);
	return at + later + 1;
}

u64 inorder_lsu_place(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle)
{
	u64 at = inorder_lsu_arrive(lsu, cycle);
	u64 answer = inorder_lsu_act(lsu, INORDER_ACTION_PLACE, record, at);

	return inorder_lsu_leave_store(lsu, cycle, at, answer);
}

u64 inorder_lsu_store(struct inorder_lsu *lsu, const struct timing_record *record, u64 cycle,
		      u64 retires, u64 *waits)
{
	u64 at = inorder_lsu_arrive(lsu, cycle), answer;
	const struct inorder_action action = {
		.kind = INORDER_ACTION_STORE, .which = (u8)lsu->actions->memory, .cycle = at,
		.a = what_of(record) | (retires - at) << INORDER_STORE_RETIRES,
	};

	answer = inorder_do(lsu->actions, &action);
	*waits = answer >> INORDER_STORE_RETIRES;
	return inorder_lsu_leave_store(lsu, cycle, at, answer);
}

u64 inorder_lsu_in_memory(struct inorder_lsu *lsu, u64 cycle, const struct timing_record *record)
{
	return cycle + inorder_lsu_act(lsu, INORDER_ACTION_IN_MEMORY, record, cycle);
}

u64 inorder_lsu_drain(struct inorder_lsu *lsu, u64 cycle)
{
	const struct inorder_action action = { .kind = INORDER_ACTION_DRAIN, .cycle = cycle };

	return cycle + inorder_do(lsu->actions, &action);
}

u64 inorder_lsu_fence(struct inorder_lsu *lsu, u64 cycle)
{
	u64 done = inorder_lsu_drain(lsu, cycle);

	if (!orders_at_issue(lsu))
		return done;
	lsu->fenced = done;
	return cycle;
}

u64 inorder_lsu_end_atomic(struct inorder_lsu *lsu, const struct inorder_uop *uop, u64 cycle)
{
	return uop->acquires && orders_at_issue(lsu) ? inorder_lsu_fence(lsu, cycle) : cycle;
}
