/* SPDX-License-Identifier: MIT */
/* Predicts where fetch continues. See front.h. */
#include "cpu/timing/inorder/front.h"

void inorder_front_learn(struct inorder_front *front)
{
	const struct inorder_update update = inorder_updates_take(&front->updates);

	if (update.what & INORDER_UPDATE_BRANCH)
		bht_learn_at(&front->bht, update.counter, update.what & INORDER_UPDATE_TAKEN,
			     front->bht_step);
	if (update.what & INORDER_UPDATE_STORED)
		inorder_btb_learn(&front->btb, update.pc, update.target);
}

/*
 * Moves the update that was added last to its place: after the last one that is not later. Returns
 * `guess`.
 */
static NOINLINE u64 inorder_updates_sort(struct inorder_front *front, u64 guess)
{
	struct inorder_updates *updates = &front->updates;

	if (updates->count > INORDER_UPDATES_MAX)
		inorder_front_learn(front);
	for (unsigned n = updates->count - 1; n; n--) {
		struct inorder_update *update = inorder_update(updates, n), added = *update;
		struct inorder_update *before = inorder_update(updates, n - 1);

		if (before->cycle <= added.cycle)
			break;
		*update = *before;
		*before = added;
	}
	return guess;
}

static ALWAYS_INLINE unsigned counter_of(const struct inorder_front *front, u64 pc)
{
	return bht_entry(&front->bht, pc ^ front->history << 1);
}

/* Returns the target of a branch or direct jump. */
static u64 direct_of(const struct memo_action *op, u64 pc)
{
	return pc + (u64)((s64)op->b >> INORDER_ACTION_MORE_SHIFT) * 2;
}

static ALWAYS_INLINE bool is_backward(const struct memo_action *op)
{
	return (s64)op->b < 0;
}

/* Returns what the counter of a branch predicts. */
static ALWAYS_INLINE bool predict_taken(const struct inorder_front *front,
					const struct memo_action *op, unsigned counter)
{
	enum bht_guess guess = bht_guess_at(&front->bht, counter);

	if (unlikely(guess == BHT_UNKNOWN))
		return is_backward(op) && front->params->bht_unknown == INORDER_BACKWARD;
	return guess == BHT_TAKEN;
}

/*
 * Returns the prediction of a direct jump, or of a branch that is predicted taken. The target is
 * known from its bits; the BTB, if it has it, only makes it known earlier.
 */
static ALWAYS_INLINE u64 predict_direct(struct inorder_front *front, u64 pc, u64 target)
{
	u64 known;

	return front->stores && inorder_btb_guess(&front->btb, pc, &known) && known == target ?
		       INORDER_GUESS_TAKEN | INORDER_GUESS_KNOWN :
		       INORDER_GUESS_TAKEN;
}

/*
 * Returns the prediction of a return. The target is that of the return stack; the BTB, if it has
 * the return, only makes it known earlier that this is one.
 */
static u64 predict_return(struct inorder_front *front, u64 pc)
{
	u64 target = ras_top(&front->ras), known;
	bool holds;

	if (!target)
		return 0;
	holds = front->stores && inorder_btb_guess(&front->btb, pc, &known);
	ras_pop(&front->ras);
	return (target & ~1ull) << INORDER_GUESS_TARGET | INORDER_GUESS_TAKEN |
	       (holds ? INORDER_GUESS_KNOWN : 0);
}

static u64 predict_indirect(struct inorder_front *front, u64 pc)
{
	u64 target;

	return inorder_btb_guess(&front->btb, pc, &target) ?
		       target << INORDER_GUESS_TARGET | INORDER_GUESS_TAKEN | INORDER_GUESS_KNOWN :
		       INORDER_GUESS_KNOWN;
}

static u64 target_of(u64 answer)
{
	return (u64)((s64)answer >> INORDER_GUESS_TARGET) & ~1ull;
}

u64 inorder_front_predict(struct inorder_front *front, const struct memo_action *op, u64 pc)
{
	u64 guess, target = direct_of(op, pc);

	switch (op->which & INORDER_JUMP_FLOW) {
	case INORDER_INDIRECT:
		guess = predict_indirect(front, pc);
		break;
	case INORDER_RETURN:
		guess = predict_return(front, pc);
		break;
	case INORDER_COND:
		guess = predict_taken(front, op, counter_of(front, pc)) ?
				predict_direct(front, pc, target) :
				0;
		break;
	default:
		guess = predict_direct(front, pc, target);
	}
	if (op->which & INORDER_JUMP_CALL)
		ras_push(&front->ras, pc + (op->which & INORDER_JUMP_LONG ? 4 : 2));
	return guess;
}

/* Returns whether a jump's target is stored in the BTB. */
static bool is_stored(const struct inorder_front *front, enum inorder_flow flow, u64 guess)
{
	if (front->stores)
		return true;
	return flow == INORDER_INDIRECT &&
	       (!(guess & INORDER_GUESS_TAKEN) || target_of(guess) != front->actions->next_pc);
}

static ALWAYS_INLINE u64 inorder_updates_keep_sorted(struct inorder_front *front, u64 guess)
{
	return unlikely(inorder_updates_unsorted(&front->updates)) ?
		       inorder_updates_sort(front, guess) :
		       guess;
}

u64 inorder_front_branch(struct inorder_front *front, const struct memo_action *op, u64 cycle)
{
	u8 taken = op->which >> INORDER_JUMP_TAKEN_SHIFT;
	u64 pc = front->actions->pc + (u32)op->a, target = direct_of(op, pc);
	unsigned counter = counter_of(front, pc);
	struct inorder_update *update;
	u64 guess = 0;

	if (predict_taken(front, op, counter))
		guess = predict_direct(front, pc, target);
	front->history = (front->history << 1 | taken) & front->history_mask;
	update = inorder_updates_add(&front->updates, cycle + (op->a >> INORDER_JUMP_RESOLVED));
	update->counter = (u16)counter;
	update->pc = pc;
	update->target = target;
	update->what = front->taught[taken];
	return inorder_updates_keep_sorted(front, guess);
}

u64 inorder_front_jump(struct inorder_front *front, const struct memo_action *op, u64 cycle)
{
	u64 pc = front->actions->pc + (u32)op->a;
	u64 guess = inorder_front_predict(front, op, pc);
	struct inorder_update *update;

	if (!is_stored(front, op->which & INORDER_JUMP_FLOW, guess))
		return guess;
	update = inorder_updates_add(&front->updates, cycle + (op->a >> INORDER_JUMP_RESOLVED));
	update->pc = pc;
	update->target = front->actions->next_pc;
	update->what = INORDER_UPDATE_STORED;
	return inorder_updates_keep_sorted(front, guess);
}

static enum inorder_action_kind inorder_predict_kind_of(const struct inorder_jump *jump)
{
	if (!jump->done)
		return INORDER_ACTION_GUESS;
	return jump->uop->flow == INORDER_COND ? INORDER_ACTION_BRANCH : INORDER_ACTION_JUMP;
}

void inorder_front_guess(struct inorder_front *front, const struct inorder_jump *jump, u64 cycle,
			 struct inorder_guess *guess)
{
	const struct inorder_uop *uop = jump->uop;
	u64 at = jump->pc - front->actions->pc;
	const struct inorder_action action = {
		.kind = inorder_predict_kind_of(jump),
		.which = (u8)(uop->flow | (uop->call ? INORDER_JUMP_CALL : 0) |
			      (uop->length == 4 ? INORDER_JUMP_LONG : 0) |
			      jump->taken << INORDER_JUMP_TAKEN_SHIFT),
		.a = jump->done ? at | (jump->known - cycle) << INORDER_JUMP_RESOLVED : jump->pc,
		.cycle = cycle, .more = (u64)uop->offset >> 1,
	};
	u64 answer;

	guess->taken = false;
	if (uop->flow == INORDER_ON)
		return;
	answer = inorder_do(front->actions, &action);
	guess->taken = answer & INORDER_GUESS_TAKEN;
	guess->target = uop->flow == INORDER_COND || uop->flow == INORDER_JUMP ?
				jump->pc + (u64)uop->offset :
				target_of(answer);
	guess->bubbles = answer & INORDER_GUESS_KNOWN ? front->params->btb_bubbles :
							front->params->branch_bubbles;
}
