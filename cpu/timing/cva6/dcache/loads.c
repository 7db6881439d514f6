/* SPDX-License-Identifier: MIT */
/* CVA6's load unit (load_unit.sv) and the bypass before it. See lsu.h. */
#include "cpu/timing/cva6/lsu.h"

#define CAUSE_LOAD_MISALIGNED 4
#define CAUSE_STORE_MISALIGNED 6

static bool cva6_load_traps(const struct cva6_entry *entry)
{
	return entry->flags & TIMING_TRAP;
}

static bool cva6_load_misaligned(const struct cva6_entry *entry)
{
	return cva6_load_traps(entry) &&
	       (entry->cause == CAUSE_LOAD_MISALIGNED || entry->cause == CAUSE_STORE_MISALIGNED);
}

static bool is_load(const struct cva6_lsu_cycle *cycle)
{
	return cycle->slot >= 0 && !cycle->is_store;
}

static bool buffer_full(const struct cva6_lsu *lsu)
{
	return lsu->buffer[0].valid && lsu->buffer[1].valid;
}

static void step_request(const struct cva6_lsu *lsu, struct cva6_lsu_cycle *cycle)
{
	bool accepts = is_load(cycle) && !buffer_full(lsu);

	cycle->load_id = lsu->buffer[0].valid;
	switch (lsu->load_state) {
	case CVA6_LOAD_SEND_TAG:
		cycle->tag_valid = true;
		/* fall through */
	case CVA6_LOAD_IDLE:
		cycle->translate |= accepts;
		cycle->load_request = accepts && !cycle->conflict;
		break;
	case CVA6_LOAD_WAIT_GNT:
		cycle->translate = cycle->load_request = is_load(cycle);
		break;
	case CVA6_LOAD_WAIT_TRANSLATION:
		cycle->translate = true;
		break;
	case CVA6_LOAD_ABORT_TRANSACTION:
	case CVA6_LOAD_WAIT_FLUSH:
		cycle->tag_valid = cycle->kill = true;
		break;
	default:
		break;
	}
}

void cva6_lsu_request(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		      struct cva6_lsu_cycle *cycle)
{
	const struct cva6_entry *entry;
	bool amo;

	cycle->slot = lsu->waiting_count ? lsu->waiting[0] : lsu->jammed ? -1 : cycle->entering;
	entry = &sb->entry[cycle->slot < 0 ? 0 : cycle->slot];
	cycle->is_store = cycle->slot >= 0 && entry->uop.unit == CVA6_STORE;
	amo = cva6_is_amo(&entry->uop);
	if (cycle->is_store)
		cycle->translate = lsu->store_state != CVA6_STORE_VALID_STORE || !amo;
	else if (cycle->slot >= 0)
		cycle->conflict = cva6_store_conflicts(lsu, sb, cycle, entry->va);
	step_request(lsu, cycle);
	/* It is known that a load traps in the cycle in which its tag is sent. */
	if (lsu->load_state == CVA6_LOAD_SEND_TAG && cva6_load_traps(&sb->entry[lsu->tag_slot]))
		cycle->kill = true;
}

void cva6_lsu_result(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		     const struct cva6_lsu_cycle *cycle, struct cva6_writeback *writeback)
{
	bool fails = cva6_store_fails(lsu, sb, cycle);

	if (lsu->result) {
		writeback->done |= 1u << lsu->result_slot;
		writeback->exception |= (u32)lsu->result_exception << lsu->result_slot;
	}
	if (lsu->store_state == CVA6_STORE_VALID_STORE || fails) {
		writeback->done |= 1u << lsu->store_slot;
		writeback->exception |= (u32)fails << lsu->store_slot;
	}
}

/* Takes the result of a load that the data cache answers, or whose translation failed. */
static void cva6_load_take_answer(struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
				  const struct cva6_lsu_cycle *cycle, bool failed)
{
	unsigned id = cycle->answered_id;
	bool fails = lsu->load_state == CVA6_LOAD_SEND_TAG &&
		     cva6_load_traps(&sb->entry[lsu->tag_slot]);

	lsu->result = false;
	if (cycle->answered && lsu->buffer[id].valid && !lsu->buffer[id].flushed) {
		lsu->result = lsu->last_id != id || !cycle->kill || fails;
		lsu->result_exception = fails;
		lsu->result_slot = lsu->buffer[id].slot;
	} else if (!cycle->answered && failed) {
		lsu->result = lsu->result_exception = true;
		lsu->result_slot = (u8)cycle->slot;
	}
}

static void update_buffer(struct cva6_lsu *lsu, const struct cva6_lsu_cycle *cycle)
{
	for (unsigned id = 0; cycle->flush && id < CVA6_LOAD_BUFFER; id++)
		lsu->buffer[id].flushed = true;
	if (cycle->answered)
		lsu->buffer[cycle->answered_id].valid = false;
	if (!cycle->granted)
		return;
	lsu->buffer[cycle->load_id].valid = true;
	lsu->buffer[cycle->load_id].flushed = false;
	lsu->buffer[cycle->load_id].slot = (u8)cycle->slot;
	lsu->last_id = cycle->load_id;
}

/* Requests a load from the data cache, for the first time or again. */
static void cva6_loads_request(struct cva6_lsu *lsu, struct cva6_lsu_cycle *cycle)
{
	if (!cycle->granted) {
		lsu->load_state = CVA6_LOAD_WAIT_GNT;
	} else if (!cycle->hit) {
		lsu->load_state = CVA6_LOAD_ABORT_TRANSACTION;
	} else {
		lsu->load_state = CVA6_LOAD_SEND_TAG;
		lsu->tag_slot = (u8)cycle->slot;
		cycle->pop = true;
	}
}

static void load_step(struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		      struct cva6_lsu_cycle *cycle)
{
	bool accepts = is_load(cycle) && !buffer_full(lsu);
	bool failed = is_load(cycle) && lsu->load_state == CVA6_LOAD_WAIT_TRANSLATION &&
		      (cycle->walk_failed ||
		       (lsu->requested && cva6_load_misaligned(&sb->entry[cycle->slot])));

	cva6_load_take_answer(lsu, sb, cycle, failed);
	switch (lsu->load_state) {
	case CVA6_LOAD_IDLE:
	case CVA6_LOAD_SEND_TAG:
		lsu->load_state = CVA6_LOAD_IDLE;
		if (accepts && cycle->conflict)
			lsu->load_state = CVA6_LOAD_WAIT_PAGE_OFFSET;
		else if (accepts)
			cva6_loads_request(lsu, cycle);
		break;
	case CVA6_LOAD_WAIT_PAGE_OFFSET:
		if (!cycle->conflict)
			lsu->load_state = CVA6_LOAD_WAIT_GNT;
		break;
	case CVA6_LOAD_WAIT_GNT:
		cva6_loads_request(lsu, cycle);
		break;
	case CVA6_LOAD_ABORT_TRANSACTION:
		lsu->load_state = CVA6_LOAD_WAIT_TRANSLATION;
		break;
	case CVA6_LOAD_WAIT_TRANSLATION:
		if (failed) {
			lsu->load_state = CVA6_LOAD_IDLE;
			cycle->pop = !cycle->answered;
		} else if (cycle->hit) {
			lsu->load_state = CVA6_LOAD_WAIT_GNT;
		}
		break;
	default:
		lsu->load_state = CVA6_LOAD_IDLE;
		break;
	}
	update_buffer(lsu, cycle);
}

static void step_bypass(struct cva6_lsu *lsu, const struct cva6_lsu_cycle *cycle)
{
	if (cycle->entering >= 0 && !lsu->jammed && lsu->waiting_count < CVA6_BYPASS)
		lsu->waiting[lsu->waiting_count++] = (u8)cycle->entering;
	if (cycle->pop && lsu->waiting_count) {
		lsu->waiting[0] = lsu->waiting[1];
		lsu->waiting_count--;
	} else if (cycle->pop) {
		lsu->jammed = true;
	}
}

void cva6_lsu_step(struct cva6_lsu *lsu, const struct cva6_params *params,
		   const struct cva6_scoreboard *sb, struct cva6_lsu_cycle *cycle)
{
	load_step(lsu, sb, cycle);
	cva6_store_step(lsu, params, sb, cycle);
	step_bypass(lsu, cycle);
	lsu->requested = cycle->translate;
	lsu->hit = cycle->hit;
	if (!cycle->flush)
		return;
	lsu->load_state = CVA6_LOAD_WAIT_FLUSH;
	lsu->result = false;
	lsu->waiting_count = 0;
	lsu->jammed = false;
}
