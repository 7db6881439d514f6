/* SPDX-License-Identifier: MIT */
/* What a C906 asks of what predicts where it goes on; see actions.h. */
#include "cpu/timing/c906/actions_parts.h"

#include "cpu/timing/c906/ifu/bht.h"
#include "cpu/timing/c906/ifu/btb.h"
#include "cpu/timing/c906/ifu/ifu.h"

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

/* One for each change, in its lowest bit. */
#define CHANGES ((BIT(CHANGES_MAX * C906_BHT_CHANGE_BITS) - 1) / (BIT(C906_BHT_CHANGE_BITS) - 1))
#define RESOLVE_BITS (CHANGES * C906_BHT_RESOLVES << C906_BHT_EVENTS)

/* Where a counter is kept, its low bit is nothing that the pipeline knows: ways are fewer. */
u64 c906_answer_bht(const struct c906_env *env, struct asker *asker,
		    const struct memo_question *question)
{
	struct c906_bht *bht = &env->tables->learned.bht;
	u64 counters = 0, places = question->b;
	unsigned n = 0;
	u8 counter;

	for (u64 left = question->a & RESOLVE_BITS; left; left &= left - 1, n += 2) {
		counters |= (placed(asker, places) & C906_BHT_COUNTER) << n;
		places >>= PLACE_BITS;
	}
	counter = c906_bht_change(bht, env->tables->bht, question->a, counters);
	if (question->kind == C906_ASK_BHT_SECOND)
		return c906_bht_takes(c906_bht_guess_second(bht));
	if (!(question->b & GUESSES))
		return 0;
	asker->place[question->which] = counter | C906_BHT_COUNTED;
	return c906_bht_takes(counter);
}

static void add_change(struct c906_later *later, unsigned events)
{
	u64 change = later->rests | (u64)events << C906_BHT_EVENTS;

	later->changes |= change << later->count++ * C906_BHT_CHANGE_BITS;
	later->rests = 0;
	later->known = false;
}

/* Asked of the predictor as it is behind all that happened to it. */
static bool ask_bht(const struct c906_env *env, unsigned kind, unsigned place, u64 wanted)
{
	struct memo_question question = { .kind = (u8)kind, .which = (u8)place };

	if (env->later->rests)
		add_change(env->later, 0);
	question.a = env->later->changes;
	question.b = env->later->counters | wanted;
	*env->later = (struct c906_later){ .count = 0 };
	return asker_ask(env->asker, &question);
}

static struct c906_guess guess_of(u8 counter)
{
	return (struct c906_guess){ counter | C906_BHT_COUNTED, c906_bht_takes(counter) };
}

struct c906_guess c906_ask_bht(const struct c906_env *env)
{
	struct c906_guess guess;

	if (!env->asker)
		return guess_of(c906_bht_guess(&env->tables->learned.bht));
	if (env->later->known)
		return env->later->guess;
	guess.counter = c906_take_places(env->asker, 1);
	guess.taken = ask_bht(env, C906_ASK_BHT, asker_token_place(guess.counter), GUESSES);
	*env->later = (struct c906_later){ .known = true, .guess = guess };
	return guess;
}

bool c906_ask_bht_second(const struct c906_env *env)
{
	if (!env->asker)
		return c906_bht_takes(c906_bht_guess_second(&env->tables->learned.bht));
	return ask_bht(env, C906_ASK_BHT_SECOND, 0, 0);
}

/* What is resolved and what rested are told with a change, so there is room for one more. */
void c906_ask_bht_change(const struct c906_env *env, unsigned events, u64 counter)
{
	struct c906_later *later = env->later;

	if (!env->asker) {
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
		c906_ask_later(env);
	if (events & C906_BHT_RESOLVES)
		later->counters |= place_of(counter) << later->resolved++ * PLACE_BITS;
	add_change(later, events);
}

void c906_ask_later(const struct c906_env *env)
{
	if (env->later->count || env->later->rests)
		ask_bht(env, C906_ASK_BHT, 0, 0);
}

/* Up to the first that has a target, words are answered at once. An entry is of an aligned word. */
u16 c906_ask_btb(const struct c906_env *env, u64 pc)
{
	struct memo_question question = { .kind = C906_ASK_BTB };
	const struct memo_op *before;
	u64 ahead;

	if (pc % 4)
		return 0;
	if (!env->asker)
		return c906_btb_target(&env->tables->learned.btb, pc);
	for (question.a = align_down(pc, C906_BTB_AROUND); question.a < pc; question.a += 4) {
		before = c906_asked_before(&env->asker->tape, &question);
		if (!before)
			continue;
		ahead = before->answer >> (c906_btb_shift(pc) - c906_btb_shift(question.a));
		if (ahead || !before->answer)
			return (u16)ahead;
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
