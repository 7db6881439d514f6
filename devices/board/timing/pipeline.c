/* SPDX-License-Identifier: MIT */
/* Reports the steps of instructions through the harts' pipelines to a viewer. */
#include "cpu/mmu/peek.h"
#include "devices/board/inspect/space.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timed.h"
#include "devices/board/timing/timing.h"

#include <errno.h>

/* Both enumerations have the same values, in the same order. */
_Static_assert((int)TIMING_BEGINS == (int)BOARD_BEGINS, "the first");
_Static_assert((int)TIMING_FLUSHED == (int)BOARD_FLUSHED, "the last");

/* Returns the instruction that the hart would fetch at pc now, or 0 if it could fetch none. */
static u32 peek(struct hart *hart, u64 pc)
{
	u32 raw = 0;

	if (!hart_peek_code(hart, pc, &raw, 2) ||
	    (insn_length(raw) == 4 && !hart_peek_code(hart, pc, &raw, 4)))
		return 0;
	return raw;
}

/*
 * Returns whether the step is reported. Instructions that only warm up a model are not, nor are
 * those that were in flight when the warm-up ended.
 */
static bool is_reported(struct board_hart_ctx *self, const struct timing_step *step)
{
	const struct timed *timed = self->board->harts.hart[self->hart]->timed;
	bool counts = timed_counts(timed) && timed->first != UINT64_MAX;

	if (step->stage == TIMING_BEGINS) {
		self->reports = false;
		self->first = self->cycle = 0;
		return true;
	}
	if (!self->reports && counts && step->stage == TIMING_FETCHED) {
		self->reports = true;
		self->first = step->id;
		self->cycle = step->id ? step->cycle : 0;
	}
	return self->reports && step->id >= self->first;
}

static void on_step(void *ctx, const struct timing_step *step)
{
	struct board_hart_ctx *self = ctx;
	struct board *board = self->board;
	struct hart *hart = board->harts.hart[self->hart];
	const struct board_code_addr now = { hart, step->pc, hart->priv, hart->virt };
	const struct timing_in_flight *in_flight =
		&board->accounts[self->hart]->in_flight[step->record % TIMING_IN_FLIGHT];
	struct board_step report = {
		.board = board, .hart = self->hart, .stage = (enum board_stage)step->stage,
		.pc = step->pc, .known = step->record != TIMING_NO_RECORD,
	};

	if (!is_reported(self, step))
		return;
	report.id = step->id - self->first;
	report.cycle = step->cycle - self->cycle;

	if (report.known)
		report.raw = in_flight->raw;
	else if (step->stage == TIMING_FLUSHED)
		report.raw = peek(hart, step->pc);
	report.named = report.known ? in_flight->place : board_code_addr_named(board, &now);
	board->step(board->step_ctx, &report);
}

static int watch(struct board *board, struct hart *hart)
{
	struct board_hart_ctx *self = &board->hart_ctx[hart->id];
	const struct timing_viewer viewer = { on_step, self };

	*self = (struct board_hart_ctx){ .board = board, .hart = hart->id };
	board->accounts[hart->id]->watched = true;
	return timing_watch(hart->timed->model, &viewer);
}

/*
 * Connects the hart's samples, account and viewer to its new model. Clears the account, because
 * cycles of the previous core are not added to those of the new one.
 */
int board_listen_again(struct board *board, struct hart *hart)
{
	struct timing_account *account = board->accounts[hart->id];

	if (account && account->samples)
		timing_samples_move(account->samples, hart->timed->model);
	if (account) {
		timing_account_clear(account);
		timed_account(hart->timed, account);
	}
	return board->step && watch(board, hart) == -ENOMEM ? -ENOMEM : 0;
}

int board_watch_pipeline(struct board *board, board_step_fn *step, void *ctx)
{
	int error = board_count_cycles(board, false);

	board->step = step;
	board->step_ctx = ctx;
	for (unsigned n = 0; n < board->harts.count && !error; n++) {
		struct hart *hart = board->harts.hart[n];

		error = hart->timed ? watch(board, hart) : -ENOTSUP;
	}
	return error;
}
