/* SPDX-License-Identifier: MIT */
/* Where fetch goes on. See front.h. */
#include "cpu/timing/inorder/front.h"

/* A counter of one bit is one of two that goes all the way. */
static void learn(struct inorder_front *front, const struct inorder_lesson *lesson)
{
	unsigned steps = front->params->bht_bits == 1 ? 3 : 1;

	for (unsigned n = 0; lesson->branch && n < steps; n++)
		bht_learn(&front->bht, lesson->index, lesson->taken);
	if (lesson->stored)
		inorder_targets_learn(&front->btb, lesson->pc, lesson->target);
}

/* What was known before `cycle`. */
static void catch_up(struct inorder_front *front, u64 cycle)
{
	unsigned kept = 0;

	for (unsigned n = 0; n < front->lesson_count; n++)
		if (front->lessons[n].cycle < cycle)
			learn(front, &front->lessons[n]);
		else
			front->lessons[kept++] = front->lessons[n];
	front->lesson_count = kept;
}

void inorder_front_learn(struct inorder_front *front, const struct inorder_lesson *lesson)
{
	if (front->lesson_count == INORDER_LESSONS_MAX)
		catch_up(front, UINT64_MAX);
	front->lessons[front->lesson_count++] = *lesson;
}

void inorder_front_outcome(struct inorder_front *front, bool taken)
{
	if (front->params->bht_history)
		front->history = (front->history << 1 | taken) &
				 (BIT(front->params->bht_history) - 1);
}

/* Of a return it holds that it is one. */
static bool is_in_btb(struct inorder_front *front, u64 pc, const struct inorder_uop *uop,
		      u64 target)
{
	u64 known;

	return front->params->btb_holds == INORDER_BTB_ALL &&
	       inorder_targets_guess(&front->btb, pc, &known) &&
	       (uop->flow == INORDER_RETURN || known == target);
}

static void guess_direction(const struct inorder_front *front, const struct inorder_uop *uop,
			    struct inorder_guess *guess)
{
	enum bht_guess known = bht_guess(&front->bht, guess->index);

	bool backward = uop->offset < 0 && front->params->bht_unknown == INORDER_BACKWARD;

	guess->taken = known == BHT_UNKNOWN ? backward : known == BHT_TAKEN;
}

void inorder_front_guess(struct inorder_front *front, u64 pc, const struct inorder_uop *uop,
			 u64 cycle, struct inorder_guess *guess)
{
	const struct inorder_params *params = front->params;

	if (uop->flow == INORDER_ON) {
		guess->taken = false;
		return;
	}
	*guess = (struct inorder_guess){
		.index = pc ^ front->history << 1, .target = pc + (u64)uop->offset,
		.taken = uop->flow == INORDER_JUMP, .bubbles = params->branch_bubbles,
	};
	if (front->lesson_count)
		catch_up(front, cycle);
	if (uop->flow == INORDER_COND)
		guess_direction(front, uop, guess);
	if (uop->flow == INORDER_INDIRECT) {
		guess->taken = inorder_targets_guess(&front->btb, pc, &guess->target);
		guess->bubbles = params->btb_bubbles;
	} else if (uop->flow == INORDER_RETURN) {
		guess->taken = front->ras.valid[0];
		guess->target = front->ras.address[0];
		if (guess->taken)
			ras_pop(&front->ras);
	}
	if (guess->taken && is_in_btb(front, pc, uop, guess->target))
		guess->bubbles = params->btb_bubbles;
	if (uop->call)
		ras_push(&front->ras, pc + uop->length);
}
