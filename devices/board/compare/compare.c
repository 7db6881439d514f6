/* SPDX-License-Identifier: MIT */
/*
 * Runs two machines in lockstep, compares them and saves their common state. board/compare/differ.c
 * handles a difference. See board/compare/compare.h.
 */
#include "devices/board/compare/compare.h"

#include "cpu/mmu/tlb.h"
#include "devices/block/disk_copy.h"
#include "devices/board/compare/differ.h"
#include "devices/board/machine.h"

#include <stdlib.h>
#include <string.h>

/*
 * The most steps of a slice. States are compared after each slice. With several harts, slices are
 * about as long anyway.
 */
#define SLICE 5000
/* Instructions between two comparisons of all memory. */
#define STRIDE 20000000
/*
 * The guest's writes to disks since the common state are kept in memory. When they exceed this many
 * bytes, a new common state is saved.
 */
#define PENDING_MAX (64 * MiB)

static u64 compare_instructions(const struct board *board)
{
	return harts_retired(&board->harts);
}

static u64 pending(const struct board *board)
{
	u64 sum = 0;

	for (unsigned n = 0; n < board->node_count; n++)
		if (board->nodes[n]->disk.copy)
			sum += disk_copy_pending(board->nodes[n]->disk.copy);
	return sum;
}

static void mark_disks(struct board *board)
{
	for (unsigned n = 0; n < board->node_count; n++)
		if (board->nodes[n]->disk.copy)
			disk_copy_mark(board->nodes[n]->disk.copy);
}

static void limit_slices(struct board *board)
{
	board->harts.step_cap = SLICE;
}

/* Saves the common state, and records input from now on. */
static int save_common(struct compare *compare)
{
	struct platform *tested = &compare->tested->platform;

	compare->common.size = 0;
	compare->at = compare->agreed = compare_instructions(compare->tested);
	compare_mark(compare);
	journal_record_start(&tested->journal);
	journal_follow(&compare->reference->platform.journal, &tested->journal);
	mark_disks(compare->tested);
	mark_disks(compare->reference);
	return state_save(&compare->reference->platform.state, &compare->common);
}

static int compare_begin(struct compare *compare)
{
	limit_slices(compare->tested);
	limit_slices(compare->reference);
	if (save_common(compare) == 0)
		return 0;
	return board_no_memory(compare->tested, "not enough host memory to save the machine");
}

struct compare *compare_create(struct board *board)
{
	struct board_config config = board->config;
	struct compare *compare = calloc(1, sizeof(*compare));

	if (!compare) {
		board_error_memory(board->error);
		return NULL;
	}
	config.engine = config.reference;
	config.jit_dump = config.perf_map = NULL;
	config.log_items = 0;
	config.log_file = NULL;
	compare->tested = board;
	compare->limit = UINT64_MAX;
	compare->reference = board_make(&config, board->error);
	if (!compare->reference || compare_begin(compare) < 0) {
		compare_free(compare);
		return NULL;
	}
	return compare;
}

void compare_free(struct compare *compare)
{
	if (!compare)
		return;
	board_free(compare->reference);
	free(compare->common.data);
	free(compare);
}

int compare_reset(struct compare *compare)
{
	int error = board_reset(compare->reference, compare->tested->error);

	return error ? error : compare_begin(compare);
}

/* The last trap is not part of the state, but shows whether both harts took the same one. */
static bool trap_differs(const struct hart *a, const struct hart *b)
{
	return a->traps != b->traps ||
	       (a->traps && (a->trap.cause != b->trap.cause || a->trap.tval != b->trap.tval ||
			     a->trap.from != b->trap.from));
}

static void forget_written(struct board *board)
{
	const struct state *state = &board->platform.state;

	for (unsigned n = 0; n < state->count; n++)
		if (state->parts[n].ram)
			ram_clean(state->parts[n].ram);
	for (unsigned n = 0; n < board->harts.count; n++)
		tlb_forget_writes(board->harts.hart[n]->tlb);
}

void compare_mark(struct compare *compare)
{
	forget_written(compare->tested);
	forget_written(compare->reference);
}

bool compare_differ(const struct compare *compare)
{
	const struct board *a = compare->tested, *b = compare->reference;
	const struct state *left = &a->platform.state, *right = &b->platform.state;

	if (a->platform.end != b->platform.end)
		return true;
	for (unsigned n = 0; n < a->harts.count; n++)
		if (trap_differs(a->harts.hart[n], b->harts.hart[n]))
			return true;
	return !state_same_written(left, right);
}

/*
 * Returns whether the memories differ in the extents that `extents`, one of the two, has allocated.
 * Memory that neither has allocated is zero in both.
 */
static bool ram_differs(const struct ram *a, const struct ram *b, const struct ram *extents)
{
	u64 len;

	for (u64 at = 0; ram_next_data(extents, &at, &len); at += len)
		if (memcmp(a->host + at, b->host + at, len))
			return true;
	return false;
}

bool compare_memory_differs(const struct compare *compare)
{
	const struct state *state = &compare->tested->platform.state;

	for (unsigned n = 0; n < state->count; n++) {
		const struct ram *a = state->parts[n].ram;
		const struct ram *b = compare->reference->platform.state.parts[n].ram;

		if (a && (ram_differs(a, b, a) || ram_differs(a, b, b)))
			return true;
	}
	return false;
}

/*
 * Returns whether memory has to be compared as well. It always has to when the frontend may end the
 * run now.
 */
static bool memory_due(const struct compare *compare, enum board_exit exit)
{
	return (exit != BOARD_SLICE && exit != BOARD_IDLE) ||
	       compare_instructions(compare->tested) - compare->at >= STRIDE ||
	       pending(compare->tested) > PENDING_MAX;
}

enum board_exit compare_run(struct compare *compare)
{
	struct board *tested = compare->tested, *reference = compare->reference;
	enum board_exit exit;
	bool deep;

	if (compare->differ)
		return BOARD_DIFFER;
	tested->harts.limit = reference->harts.limit = compare->limit;
	exit = board_run_alone(tested);
	journal_replay_due(&reference->platform.journal);
	compare->differ = board_run_alone(reference) != exit || compare_differ(compare);
	deep = !compare->differ && memory_due(compare, exit);
	if (deep && compare_memory_differs(compare)) {
		/*
		 * The last agreement cannot be relied on: a page was written without being marked
		 * as written, and that may have happened several slices ago.
		 */
		compare->agreed = compare->at;
		compare->differ = true;
	}
	if (compare->differ) {
		differ_explain(compare);
		return BOARD_DIFFER;
	}
	compare->agreed = compare_instructions(tested);
	compare_mark(compare);
	if (deep && save_common(compare) < 0)
		compare->common.size = 0;
	return exit;
}

void compare_limit(struct compare *compare, u64 limit)
{
	compare->limit = limit;
}
