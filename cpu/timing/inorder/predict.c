/* SPDX-License-Identifier: MIT */
/* Where fetch goes on. See front.h. */
#include "cpu/timing/inorder/front.h"

static void learn(struct inorder_front *front, const struct inorder_lesson *lesson)
{
	if (lesson->branch && front->params->bht_bits == 1)
		bht_learn_all(&front->bht, lesson->index, lesson->taken);
	else if (lesson->branch)
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

void inorder_front_teach(struct inorder_front *front, u8 what, u64 target, u64 cycle)
{
	const struct inorder_lesson lesson = {
		.cycle = cycle, .index = front->asked_index, .pc = front->asked_pc,
		.target = target, .branch = what & INORDER_LEARN_BRANCH,
		.taken = what & INORDER_LEARN_TAKEN, .stored = what & INORDER_LEARN_STORED,
	};

	if (lesson.branch && front->params->bht_history)
		front->history = (front->history << 1 | lesson.taken) &
				 (BIT(front->params->bht_history) - 1);
	if (front->lesson_count == INORDER_LESSONS_MAX)
		catch_up(front, UINT64_MAX);
	front->lessons[front->lesson_count++] = lesson;
}

u64 inorder_front_knows(struct inorder_front *front, u64 pc)
{
	u64 known;

	return inorder_targets_guess(&front->btb, pc, &known);
}

/* How far a branch or direct jump goes is in `more`, in halfwords. */
static u64 offset_of(const struct memo_question *op)
{
	return (u64)((s64)op->b >> INORDER_ASK_MORE_SHIFT) << 1;
}

/* Of a branch or direct jump: where it goes does not depend on anything. */
static u64 predict_direct(struct inorder_front *front, const struct memo_question *op)
{
	u64 pc = op->a, offset = offset_of(op), known;
	enum bht_guess counter = BHT_TAKEN;
	bool taken;

	if ((op->which & INORDER_JUMP_FLOW) == INORDER_COND)
		counter = bht_guess(&front->bht, pc ^ front->history << 1);
	taken = counter == BHT_TAKEN ||
		(counter == BHT_UNKNOWN && offset >> 63 &&
		 front->params->bht_unknown == INORDER_BACKWARD);
	if (!taken)
		return 0;
	return INORDER_GUESS_TAKEN |
	       (front->params->btb_holds == INORDER_BTB_ALL &&
		inorder_targets_guess(&front->btb, pc, &known) && known == pc + offset ?
			INORDER_GUESS_KNOWN : 0);
}

static u64 predict_return(struct inorder_front *front)
{
	u64 target = front->ras.address[0];

	if (!front->ras.valid[0])
		return 0;
	ras_pop(&front->ras);
	return target | INORDER_GUESS_TAKEN;
}

void inorder_front_ask_about(struct inorder_front *front, u64 pc)
{
	front->asked_pc = pc;
	front->asked_index = pc ^ front->history << 1;
}

u64 inorder_front_predict(struct inorder_front *front, const struct memo_question *op, u64 cycle)
{
	u64 guess, target;

	if (front->lesson_count)
		catch_up(front, cycle);
	switch (op->which & INORDER_JUMP_FLOW) {
	case INORDER_INDIRECT:
		guess = inorder_targets_guess(&front->btb, op->a, &target) ?
				target | INORDER_GUESS_TAKEN : 0;
		break;
	case INORDER_RETURN:
		guess = predict_return(front);
		break;
	default:
		guess = predict_direct(front, op);
	}
	if (op->which & INORDER_JUMP_CALL)
		ras_push(&front->ras, op->a + (op->which & INORDER_JUMP_LONG ? 4 : 2));
	return guess;
}

/* Of a return the BTB holds that it is one. */
static bool is_known(struct inorder_front *front, const struct inorder_jump *jump, u64 guess)
{
	const struct inorder_question question = { .kind = INORDER_ASK_KNOWN, .a = jump->pc };

	switch (jump->uop->flow) {
	case INORDER_INDIRECT:
		return true;
	case INORDER_RETURN:
		return guess && front->params->btb_holds == INORDER_BTB_ALL &&
		       inorder_ask(front->asker, &question);
	default:
		return guess & INORDER_GUESS_KNOWN;
	}
}

void inorder_front_guess(struct inorder_front *front, const struct inorder_jump *jump, u64 cycle,
			 struct inorder_guess *guess)
{
	const struct inorder_uop *uop = jump->uop;
	const struct inorder_question question = {
		.kind = jump->stray ? INORDER_ASK_STRAY_GUESS : INORDER_ASK_GUESS,
		.which = (u8)(uop->flow | (uop->call ? INORDER_JUMP_CALL : 0) |
			      (uop->length == 4 ? INORDER_JUMP_LONG : 0)),
		.a = jump->pc, .cycle = cycle, .more = (u64)uop->offset >> 1,
	};
	u64 answer;

	guess->taken = false;
	if (uop->flow == INORDER_ON)
		return;
	answer = inorder_ask(front->asker, &question);
	guess->taken = answer & INORDER_GUESS_TAKEN;
	guess->target = uop->flow == INORDER_COND || uop->flow == INORDER_JUMP ?
				jump->pc + (u64)uop->offset :
				answer & ~INORDER_GUESS_TAKEN;
	guess->bubbles = is_known(front, jump, answer) ? front->params->btb_bubbles :
							  front->params->branch_bubbles;
}
