/* SPDX-License-Identifier: MIT */
/* A C906's actions on its predictors; see actions.h. */
#include "cpu/timing/c906/actions_encoding.h"

#include "cpu/timing/c906/ifu/bht.h"
#include "cpu/timing/c906/ifu/btb.h"
#include "cpu/timing/c906/ifu/ifu.h"

/*
 * Makes the BTB learn a target. Returns the target that the entry for pc has afterwards, because
 * this may be the entry that is replaced.
 */
static u64 learn_in_btb(const struct c906_env *env, u64 word, u64 target, u64 pc)
{
	struct c906_btb *btb = &env->tables->learned.btb;
	int entry = c906_btb_find(btb, pc);

	c906_btb_learn(btb, &env->params, word, target);
	return entry < 0 ? 0 : btb->targets[entry];
}

u64 c906_perform_branch(const struct c906_env *env, const struct memo_action *action)
{
	struct c906_learned *learned = &env->tables->learned;

	switch (action->kind) {
	case C906_ACTION_BTB_LEARN:
		return learn_in_btb(env, action->a, action->b, action->b >> BTB_PC);
	case C906_ACTION_BTB_FORGET:
		c906_btb_forget(&learned->btb, action->a);
		return 0;
	case C906_ACTION_RAS:
		return learned->ras.address[learned->ras.top];
	default:
		c906_ras_change(&learned->ras, action->a, action->b);
		return 0;
	}
}

static u64 c906_do(const struct c906_env *env, struct memo_action action)
{
	if (likely(!env->actions))
		return c906_perform_branch(env, &action);
	return c906_log_action(env->actions, &action);
}

/* A mask of the lowest bit of each change. */
#define CHANGES ((BIT(CHANGES_MAX * C906_BHT_CHANGE_BITS) - 1) / (BIT(C906_BHT_CHANGE_BITS) - 1))
#define RESOLVE_BITS (CHANGES * C906_BHT_RESOLVES << C906_BHT_EVENTS)

/*
 * Performs an action of the branch predictor. Its result does not have the low bit of a counter, so
 * that there are fewer chains.
 */
u64 c906_perform_bht(const struct c906_env *env, struct actions *actions,
		     const struct memo_action *action)
{
	struct c906_bht *bht = &env->tables->learned.bht;
	u64 counters = 0, places = action->b;
	unsigned n = 0;
	u8 counter;

	for (u64 left = action->a & RESOLVE_BITS; left; left &= left - 1, n += 2) {
		counters |= (placed(actions, places) & C906_BHT_COUNTER) << n;
		places >>= PLACE_BITS;
	}
	counter = c906_bht_change(bht, env->tables->bht, action->a, counters);
	if (action->kind == C906_ACTION_BHT_SECOND)
		return c906_bht_takes(c906_bht_guess_second(bht));
	if (!(action->b & GUESSES))
		return 0;
	actions->place[action->which] = counter | C906_BHT_COUNTED;
	return c906_bht_takes(counter);
}

static void add_change(struct c906_later *later, unsigned events)
{
	u64 change = later->rests | (u64)events << C906_BHT_EVENTS;

	later->changes |= change << later->count++ * C906_BHT_CHANGE_BITS;
	later->rests = 0;
	later->known = false;
}

/* Performs an action on the predictor as it is after all changes so far. */
static bool act_on_bht(const struct c906_env *env, unsigned kind, unsigned place, u64 wanted)
{
	struct memo_action action = { .kind = (u8)kind, .which = (u8)place };

	if (env->later->rests)
		add_change(env->later, 0);
	action.a = env->later->changes;
	action.b = env->later->counters | wanted;
	*env->later = (struct c906_later){ .count = 0 };
	return actions_do(env->actions, &action);
}

static struct c906_guess guess_of(u8 counter)
{
	return (struct c906_guess){ counter | C906_BHT_COUNTED, c906_bht_takes(counter) };
}

struct c906_guess c906_action_bht(const struct c906_env *env)
{
	struct c906_guess guess;

	if (!env->actions)
		return guess_of(c906_bht_guess(&env->tables->learned.bht));
	if (env->later->known)
		return env->later->guess;
	guess.counter = c906_reserve_places(env->actions, 1);
	guess.taken = act_on_bht(env, C906_ACTION_BHT, actions_token_place(guess.counter), GUESSES);
	*env->later = (struct c906_later){ .known = true, .guess = guess };
	return guess;
}

bool c906_action_bht_second(const struct c906_env *env)
{
	if (!env->actions)
		return c906_bht_takes(c906_bht_guess_second(&env->tables->learned.bht));
	return act_on_bht(env, C906_ACTION_BHT_SECOND, 0, 0);
}

/*
 * Notes a change. It leaves space for one more, which act_on_bht() adds if cycles without events
 * follow.
 */
void c906_action_bht_change(const struct c906_env *env, unsigned events, u64 counter)
{
	struct c906_later *later = env->later;

	if (!env->actions) {
		c906_bht_change(&env->tables->learned.bht, env->tables->bht,
				events ? events << C906_BHT_EVENTS : 1, counter);
		return;
	}
	if (!events) {
		later->rests++;
		later->known = false;
		return;
	}
	if (later->count == CHANGES_MAX - 1 || later->resolved == RESOLVED_MAX)
		c906_action_later(env);
	if (events & C906_BHT_RESOLVES)
		later->counters |= c906_actions_place_of(counter) << later->resolved++ * PLACE_BITS;
	add_change(later, events);
}

void c906_action_later(const struct c906_env *env)
{
	if (env->later->count || env->later->rests)
		act_on_bht(env, C906_ACTION_BHT, 0, 0);
}

/*
 * Returns the target for a word (btb.h). Actions for words before it are looked through first,
 * because their results have the first target from there on. Entries are for aligned words.
 */
u16 c906_action_btb(const struct c906_env *env, u64 pc)
{
	struct memo_action action = { .kind = C906_ACTION_BTB };
	const struct memo_step *before;
	u64 ahead;

	if (pc % 4)
		return 0;
	if (!env->actions)
		return c906_btb_target(&env->tables->learned.btb, pc);
	for (action.a = align_down(pc, C906_BTB_AROUND); action.a < pc; action.a += 4) {
		before = c906_action_before(&env->actions->log, &action);
		if (!before)
			continue;
		ahead = before->result >> (c906_btb_shift(pc) - c906_btb_shift(action.a));
		if (ahead || !before->result)
			return (u16)ahead;
	}
	return (u16)c906_do(env, action);
}

/* The action has only the low bits of the target and of pc. */
u16 c906_action_btb_learn(const struct c906_env *env, u64 word, u64 target, u64 pc)
{
	return (u16)c906_do(env, ACTION(.kind = C906_ACTION_BTB_LEARN, .a = word,
					.b = (u16)target | (u64)(u16)pc << BTB_PC));
}

void c906_action_btb_forget(const struct c906_env *env, u64 word)
{
	c906_do(env, ACTION(.kind = C906_ACTION_BTB_FORGET, .a = word));
}

u64 c906_action_ras(const struct c906_env *env)
{
	return c906_do(env, ACTION(.kind = C906_ACTION_RAS));
}

void c906_action_ras_change(const struct c906_env *env, u64 address, u64 events)
{
	c906_do(env, ACTION(.kind = C906_ACTION_RAS_CHANGE, .a = address, .b = events));
}
