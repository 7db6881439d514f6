/* SPDX-License-Identifier: MIT */
/* What a C906 asks of what predicts where it goes on; see asked.h. */
#include "cpu/timing/c906/asked_parts.h"

#include "cpu/timing/c906/bht.h"
#include "cpu/timing/c906/btb.h"
#include "cpu/timing/c906/ifu.h"

/* What the entry for pc says behind it: it may be the one that is replaced. */
static u64 learn_in_btb(const struct c906_env *env, u64 word, u64 target, u64 pc)
{
	struct c906_btb *btb = &env->tables->learned.btb;
	int entry = c906_btb_find(btb, pc);

	c906_btb_learn(btb, &env->params, word, target);
	return entry < 0 ? 0 : btb->targets[entry];
}

u64 c906_answer_branch(const struct c906_env *env, const struct memo_question *question)
{
	struct c906_learned *learned = &env->tables->learned;

	switch (question->kind) {
	case C906_ASK_BHT_SECOND:
		c906_bht_change(&learned->bht, env->tables->bht, question->a);
		return c906_bht_guess_second(&learned->bht);
	case C906_ASK_BTB_LEARN:
		return learn_in_btb(env, question->a, question->b,
				    question->b >> BTB_PC);
	case C906_ASK_BTB_FORGET:
		c906_btb_forget(&learned->btb, question->a);
		return 0;
	case C906_ASK_RAS:
		return learned->ras.address[learned->ras.top];
	default:
		c906_ras_change(&learned->ras, question->a, question->b);
		return 0;
	}
}

static u64 ask(const struct c906_env *env, struct memo_question question)
{
	if (likely(!env->asker))
		return c906_answer_branch(env, &question);
	return c906_write_down(env->asker, &question);
}

/* Asked of the predictor as it is behind all that happened to it. */
static u8 ask_bht(const struct c906_env *env, unsigned kind, u64 wanted)
{
	const struct memo_question question = {
		.kind = (u8)kind, .a = env->later->changes, .b = wanted,
	};

	*env->later = (struct c906_later){ .count = 0 };
	return (u8)asker_ask(env->asker, &question);
}

u8 c906_ask_bht(const struct c906_env *env)
{
	u8 guess;

	if (!env->asker)
		return c906_bht_guess(&env->tables->learned.bht);
	if (env->later->known)
		return env->later->guess;
	guess = ask_bht(env, C906_ASK_BHT, C906_BHT_GUESS);
	*env->later = (struct c906_later){ .known = true, .guess = guess };
	return guess;
}

u8 c906_ask_bht_second(const struct c906_env *env)
{
	if (!env->asker)
		return c906_bht_guess_second(&env->tables->learned.bht);
	return ask_bht(env, C906_ASK_BHT_SECOND, C906_BHT_GUESS);
}

void c906_ask_bht_change(const struct c906_env *env, unsigned state, u64 events)
{
	struct c906_later *later = env->later;
	u64 change = events << C906_BHT_EVENTS | state;

	if (!env->asker) {
		c906_bht_change(&env->tables->learned.bht, env->tables->bht, change);
		return;
	}
	if (later->count == CHANGES_MAX)
		c906_ask_later(env);
	later->changes |= change << later->count++ * C906_BHT_CHANGE_BITS;
	later->known = false;
}

void c906_ask_later(const struct c906_env *env)
{
	if (env->later->count)
		ask_bht(env, C906_ASK_BHT, 0);
}

/* Words behind the first one are answered with it. An entry is one of an aligned word. */
u16 c906_ask_btb(const struct c906_env *env, u64 pc)
{
	struct memo_question question = { .kind = C906_ASK_BTB };
	const struct memo_op *before;

	if (pc % 4)
		return 0;
	if (!env->asker)
		return c906_btb_target(&env->tables->learned.btb, pc);
	for (question.a = align_down(pc, C906_BTB_AROUND); question.a < pc; question.a += 4) {
		before = c906_asked_before(&env->asker->tape, &question);
		if (before)
			return (u16)(before->answer >> (c906_btb_shift(pc) -
							c906_btb_shift(question.a)));
	}
	return (u16)ask(env, question);
}

/* Only low bits are looked at. */
u16 c906_ask_btb_learn(const struct c906_env *env, u64 word, u64 target, u64 pc)
{
	return (u16)ask(env, QUESTION(.kind = C906_ASK_BTB_LEARN, .a = word,
				      .b = (u16)target | (u64)(u16)pc << BTB_PC));
}

void c906_ask_btb_forget(const struct c906_env *env, u64 word)
{
	ask(env, QUESTION(.kind = C906_ASK_BTB_FORGET, .a = word));
}

u64 c906_ask_ras(const struct c906_env *env)
{
	return ask(env, QUESTION(.kind = C906_ASK_RAS));
}

void c906_ask_ras_change(const struct c906_env *env, u64 address, u64 events)
{
	ask(env, QUESTION(.kind = C906_ASK_RAS_CHANGE, .a = address, .b = events));
}
