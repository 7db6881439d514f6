/* SPDX-License-Identifier: MIT */
/* Where fetch goes on. See front.h. */
#include "cpu/timing/inorder/front.h"

static ALWAYS_INLINE void learn(struct inorder_front *front, const struct inorder_lesson *lesson)
{
	if (lesson->branch)
		bht_learn_by(&front->bht, lesson->index, lesson->taken, front->bht_step);
	if (lesson->stored)
		inorder_targets_learn(&front->btb, lesson->pc, lesson->target);
}

static ALWAYS_INLINE struct inorder_lesson *lesson_at(struct inorder_front *front, unsigned n)
{
	return &front->lessons[(front->lesson_first + n) % INORDER_LESSONS_MAX];
}

static ALWAYS_INLINE void learn_first(struct inorder_front *front)
{
	learn(front, lesson_at(front, 0));
	front->lesson_first = (front->lesson_first + 1) % INORDER_LESSONS_MAX;
	front->lesson_count--;
}

/* What was known before `cycle`. */
static ALWAYS_INLINE void catch_up(struct inorder_front *front, u64 cycle)
{
	while (front->lesson_count && lesson_at(front, 0)->cycle < cycle)
		learn_first(front);
}

static u64 counter_of(const struct inorder_front *front, u64 pc)
{
	return pc ^ front->history << 1;
}

/* How far a branch or direct jump goes. */
static u64 offset_of(u64 jump)
{
	return (u64)((s64)jump >> INORDER_JUMP_OFFSET) << 1;
}

/* Of a branch or direct jump: where it goes does not depend on anything. */
static ALWAYS_INLINE u64 predict_direct(struct inorder_front *front, u64 jump, u64 pc, u64 index)
{
	u64 offset = offset_of(jump), known;
	enum bht_guess counter = BHT_TAKEN;
	bool taken;

	if ((jump & INORDER_JUMP_FLOW) == INORDER_COND)
		counter = bht_guess(&front->bht, index);
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

/* Of a return the BTB holds that it is one. */
static u64 predict_return(struct inorder_front *front, u64 pc)
{
	u64 target = ras_top(&front->ras), known;
	bool holds;

	if (!target)
		return 0;
	holds = front->params->btb_holds == INORDER_BTB_ALL &&
		inorder_targets_guess(&front->btb, pc, &known);
	ras_pop(&front->ras);
	return (target & ~1ull) << INORDER_GUESS_TARGET | INORDER_GUESS_TAKEN |
	       (holds ? INORDER_GUESS_KNOWN : 0);
}

static u64 predict_indirect(struct inorder_front *front, u64 pc)
{
	u64 target;

	return inorder_targets_guess(&front->btb, pc, &target) ?
		       target << INORDER_GUESS_TARGET | INORDER_GUESS_TAKEN | INORDER_GUESS_KNOWN :
		       INORDER_GUESS_KNOWN;
}

static u64 target_of(u64 answer)
{
	return (u64)((s64)answer >> INORDER_GUESS_TARGET) & ~1ull;
}

u64 inorder_front_predict(struct inorder_front *front, u64 jump, u64 pc, u64 cycle)
{
	u64 guess;

	catch_up(front, cycle);
	switch (jump & INORDER_JUMP_FLOW) {
	case INORDER_INDIRECT:
		guess = predict_indirect(front, pc);
		break;
	case INORDER_RETURN:
		guess = predict_return(front, pc);
		break;
	default:
		guess = predict_direct(front, jump, pc, counter_of(front, pc));
	}
	if (jump & INORDER_JUMP_CALL)
		ras_push(&front->ras, pc + (jump & INORDER_JUMP_LONG ? 4 : 2));
	return guess;
}

/* Does a jump's target go to the BTB? */
static bool is_stored(const struct inorder_front *front, enum inorder_flow flow, u64 guess)
{
	if (front->params->btb_holds == INORDER_BTB_ALL)
		return true;
	return flow == INORDER_INDIRECT && (!(guess & INORDER_GUESS_TAKEN) ||
					    target_of(guess) != front->asker->onward);
}

/* One that will be known in `cycle`; the rest is filled in by the caller. */
static ALWAYS_INLINE struct inorder_lesson *add_lesson(struct inorder_front *front, u64 cycle)
{
	struct inorder_lesson *lesson;
	unsigned n;

	if (unlikely(front->lesson_count == INORDER_LESSONS_MAX))
		learn_first(front);
	for (n = front->lesson_count++; n && lesson_at(front, n - 1)->cycle > cycle; n--)
		*lesson_at(front, n) = *lesson_at(front, n - 1);
	lesson = lesson_at(front, n);
	lesson->cycle = cycle;
	return lesson;
}

u64 inorder_front_branch(struct inorder_front *front, u64 jump, u64 resolved, u64 cycle)
{
	bool taken = jump & INORDER_JUMP_TAKEN;
	struct inorder_lesson *lesson;
	u64 pc, index, guess;

	catch_up(front, cycle);
	pc = front->asker->pc + (u32)resolved;
	index = counter_of(front, pc);
	guess = predict_direct(front, jump, pc, index);
	lesson = add_lesson(front, cycle + (resolved >> INORDER_JUMP_RESOLVED));
	lesson->index = index;
	lesson->pc = pc;
	lesson->target = pc + offset_of(jump);
	lesson->branch = true;
	lesson->taken = taken;
	lesson->stored = taken && front->params->btb_holds == INORDER_BTB_ALL;
	front->history = (front->history << 1 | taken) & front->history_mask;
	return guess;
}

u64 inorder_front_jump(struct inorder_front *front, u64 jump, u64 resolved, u64 cycle)
{
	u64 pc = front->asker->pc + (u32)resolved, onward = front->asker->onward;
	u64 guess = inorder_front_predict(front, jump, pc, cycle);
	struct inorder_lesson *lesson;

	if (!is_stored(front, jump & INORDER_JUMP_FLOW, guess))
		return guess;
	lesson = add_lesson(front, cycle + (resolved >> INORDER_JUMP_RESOLVED));
	lesson->pc = pc;
	lesson->target = onward;
	lesson->branch = false;
	lesson->stored = true;
	return guess;
}

static enum inorder_asked kind_of(const struct inorder_jump *jump)
{
	if (!jump->done)
		return INORDER_ASK_GUESS;
	return jump->uop->flow == INORDER_COND ? INORDER_ASK_BRANCH : INORDER_ASK_JUMP;
}

void inorder_front_guess(struct inorder_front *front, const struct inorder_jump *jump, u64 cycle,
			 struct inorder_guess *guess)
{
	const struct inorder_uop *uop = jump->uop;
	u64 at = jump->pc - front->asker->pc;
	const struct inorder_question question = {
		.kind = kind_of(jump),
		.which = (u8)(uop->flow | (uop->call ? INORDER_JUMP_CALL : 0) |
			      (uop->length == 4 ? INORDER_JUMP_LONG : 0) |
			      (jump->taken ? INORDER_JUMP_TAKEN : 0)),
		.a = jump->done ? at | (jump->known - cycle) << INORDER_JUMP_RESOLVED : jump->pc,
		.cycle = cycle, .more = (u64)uop->offset >> 1,
	};
	u64 answer;

	guess->taken = false;
	if (uop->flow == INORDER_ON)
		return;
	answer = inorder_ask(front->asker, &question);
	guess->taken = answer & INORDER_GUESS_TAKEN;
	guess->target = uop->flow == INORDER_COND || uop->flow == INORDER_JUMP ?
				jump->pc + (u64)uop->offset : target_of(answer);
	guess->bubbles = answer & INORDER_GUESS_KNOWN ? front->params->btb_bubbles :
							front->params->branch_bubbles;
}
