/* SPDX-License-Identifier: MIT */
/*
 * Tests the graph of what a model has met before: states, traces, actions, and the case that it is
 * full.
 */
#include "cpu/timing/memo/memo_log.h"
#include "tests/cpu/random.h"
#include "tests/cpu/timing/unit.h"

#define WORDS 600
/* A 12th of the room, the share of each of 12 harts, is no multiple of 8 either. */
#define ROOM ((1u << 20) + 5)

enum { ACTION_TABLE = MEMO_END + 1, ACTION_SET };

/* The data outside of the states: a table that actions read and write. */
struct outside {
	u64 table[8];
	unsigned asked;
	u64 version;
};

static u64 memo_perform_unit(void *ctx, const struct memo_action *action)
{
	struct outside *outside = ctx;

	outside->asked++;
	if (action->kind == ACTION_SET)
		outside->table[action->a] = action->b;
	outside->version += action->kind == ACTION_SET;
	return action->kind == ACTION_SET ? 0 : outside->table[action->a];
}

static u64 memo_ask(struct memo_log *log, struct outside *outside, u64 place, u8 how)
{
	const struct memo_action action = {
		.kind = ACTION_TABLE, .how = how, .group = (u8)place, .a = place,
	};

	return memo_log_do(log, &action, outside);
}

static void memo_set(struct memo_log *log, struct outside *outside, u64 place, u64 value)
{
	const struct memo_action action = {
		.kind = ACTION_SET, .how = MEMO_CHANGES, .a = place, .b = value,
	};

	memo_log_do(log, &action, outside);
}

/* A model of a trace, which returns its outcome. */
typedef u32 model(struct memo_log *log, struct outside *outside);

/* Reads or writes the table, depending on table[0]. */
static u32 memo_step(struct memo_log *log, struct outside *outside)
{
	u64 chain = memo_ask(log, outside, 0, 0);

	if (chain == 1)
		return 10 + (u32)memo_ask(log, outside, 1, 0);
	memo_set(log, outside, 2, chain);
	return 20 + (u32)memo_ask(log, outside, 2, 0);
}

static struct memo_outcome *memo_follow_trace(const struct memo_trace *trace, struct memo_log *log,
					      struct outside *outside)
{
	log->known_count = 0;
	return trace->first ?
		       memo_follow(trace, log, memo_perform_unit, outside, &outside->version) :
		       NULL;
}

/* Reads a stable value before and after a change of it, and another value that is not stable. */
static u32 step_lasting(struct memo_log *log, struct outside *outside)
{
	u64 first = memo_ask(log, outside, 0, MEMO_LASTS), other = memo_ask(log, outside, 1, 0);

	if (other == 9)
		memo_set(log, outside, 0, 5);
	return (u32)(100 * first + 10 * other + memo_ask(log, outside, 0, MEMO_LASTS));
}

/* Runs as a model with a memo does. */
static u32 memo_run(struct memo *memo, struct memo_trace *trace, struct outside *outside,
		    model *stepped, bool *known)
{
	static struct memo_log log = { .perform = memo_perform_unit };
	struct memo_outcome *outcome = memo_follow_trace(trace, &log, outside);

	*known = outcome;
	if (outcome)
		return outcome->cycles;
	outcome = memo_outcome_add(memo, &(struct memo_outcome){ 0 });
	assert_non_null(outcome);
	memo_log_begin(&log, log.known_count);
	*outcome = (struct memo_outcome){ .cycles = stepped(&log, outside) };
	assert_true(memo_grow(memo, trace, &log, outcome));
	return outcome->cycles;
}

static int memo_setup(void **state)
{
	static struct memo memo;

	*state = &memo;
	return memo_init(&memo, WORDS * sizeof(u64), ROOM);
}

static int memo_teardown(void **state)
{
	memo_free(*state);
	return 0;
}

static void states_are_what_they_were(void **state)
{
	static u64 words[64][WORDS], found[WORDS];
	struct memo_node *node[64];
	struct memo *memo = *state;
	u64 seed = 1;

	for (unsigned n = 0; n < 64; n++) {
		for (unsigned k = 0; k < WORDS; k++)
			words[n][k] = random_u64(&seed) % 64 < n ? random_u64(&seed) : 0;
		node[n] = memo_node(memo, words[n]);
		assert_non_null(node[n]);
	}
	for (unsigned n = 0; n < 64; n++) {
		assert_ptr_equal(memo_node(memo, words[n]), node[n]);
		memset(found, 0xff, sizeof(found));
		memo_unpack(memo, node[n], found);
		assert_memory_equal(found, words[n], sizeof(found));
		words[n][random_u64(&seed) % WORDS] ^= BIT(random_u64(&seed) % 64);
		assert_ptr_not_equal(memo_node(memo, words[n]), node[n]);
	}
}

/* Each sequence of results is stepped once; its effects happen each time. */
static void answers_lead_to_what_came_of_them(void **state)
{
	static const struct {
		u64 chain, other;
		bool known;
		u32 cycles;
	} rows[] = {
		{ 1, 5, false, 15 }, { 1, 5, true, 15 }, { 1, 6, false, 16 }, { 2, 6, false, 22 },
		{ 1, 6, true, 16 }, { 2, 0, true, 22 }, { 3, 0, false, 23 }, { 1, 5, true, 15 },
		{ 3, 9, true, 23 },
	};
	static const u64 zeros[WORDS];
	struct memo *memo = *state;
	struct memo_node *node = memo_node(memo, zeros);
	struct memo_trace *trace = memo_trace_add(memo, node, 3);
	struct outside outside = { .asked = 0 };
	bool known;

	assert_ptr_equal(node->traces, trace);
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		outside.table[0] = rows[n].chain;
		outside.table[1] = rows[n].other;
		outside.table[2] = 77;
		outside.asked = 0;
		assert_int_equal(memo_run(memo, trace, &outside, memo_step, &known),
				 rows[n].cycles);
		assert_int_equal(known, rows[n].known);
		assert_int_equal(outside.table[2], rows[n].chain == 1 ? 77 : rows[n].chain);
		/* No action is performed twice. */
		assert_int_equal(outside.asked, rows[n].chain == 1 ? 2 : 3);
	}
}

/* The latest of many results of an action is compared first; none is lost. */
static void what_was_answered_last_comes_first(void **state)
{
	static const u64 zeros[WORDS];
	struct memo *memo = *state;
	struct memo_trace *trace = memo_trace_add(memo, memo_node(memo, zeros), 3);
	struct outside outside = { .asked = 0 };
	bool known;

	for (u64 chain = 2; chain < 7; chain++) {
		outside.table[0] = chain;
		memo_run(memo, trace, &outside, memo_step, &known);
	}
	for (u64 n = 0; n < 20; n++) {
		u64 chain = 2 + n * n % 5;

		outside.table[0] = chain;
		assert_int_equal(memo_run(memo, trace, &outside, memo_step, &known), 20 + chain);
		assert_true(known);
		if (chain != 2)
			assert_int_equal(memo_chain_other(trace->first->step)->result, chain);
	}
}

/* An action on what is stable is not performed again until the version has changed, or may have. */
static void what_lasts_is_asked_when_it_may_have_changed(void **state)
{
	static const u64 zeros[WORDS];
	static const struct {
		u64 lasting, other, version;
		u32 came;
		bool known;
		unsigned asked;
	} rows[] = {
		{ 1, 2, 1, 121, false, 3 },
		{ 1, 2, 1, 121, true, 3 }, /* the values are found to be unchanged */
		{ 1, 2, 1, 121, true, 1 },
		{ 1, 2, 7, 121, true, 3 },
		{ 3, 2, 8, 323, false, 3 }, /* the value has changed: all that follows is new */
		{ 3, 2, 8, 323, true, 4 },
		{ 3, 9, 8, 395, false, 4 },
		{ 3, 9, 8, 395, true, 4 }, /* read again after the change */
	};
	struct memo *memo = *state;
	struct memo_trace *trace = memo_trace_add(memo, memo_node(memo, zeros), 2);
	struct outside outside = { .asked = 0 };
	bool known;

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		outside.table[0] = rows[n].lasting;
		outside.table[1] = rows[n].other;
		outside.version = rows[n].version;
		outside.asked = 0;
		assert_int_equal(memo_run(memo, trace, &outside, step_lasting, &known),
				 rows[n].came);
		assert_int_equal(known, rows[n].known);
		assert_int_equal(outside.asked, rows[n].asked);
	}
}

/* If the changed groups are known, nothing else is read again. */
static void of_what_lasts_only_changed_groups_are_asked(void **state)
{
	static const u64 zeros[WORDS];
	static struct memo_log log = { .perform = memo_perform_unit };
	static const unsigned asked[] = { 4, 1, 0, 0 };
	u64 changed[MEMO_GROUPS] = { 0 };
	struct memo *memo = *state;
	struct memo_trace *trace = memo_trace_add(memo, memo_node(memo, zeros), 1);
	struct outside outside = { .version = 1 };
	struct memo_outcome *outcome = memo_outcome_add(memo, &(struct memo_outcome){ 0 });

	log.changed = changed;
	memo_log_begin(&log, 0);
	for (unsigned place = 0; place < 4; place++)
		memo_ask(&log, &outside, place, MEMO_LASTS);
	assert_true(memo_grow(memo, trace, &log, outcome));
	for (unsigned round = 0; round < ARRAY_SIZE(asked); round++) {
		outside.asked = 0;
		assert_ptr_equal(memo_follow_trace(trace, &log, &outside), outcome);
		/*
		 * All values are read the first time; then only the changed one; then none, as only
		 * a group without values has changed; then none.
		 */
		assert_int_equal(outside.asked, asked[round]);
		if (round < 2)
			changed[round ? 9 : 2] = ++outside.version;
	}
	outside.table[1] = changed[1] = ++outside.version;
	assert_null(memo_follow_trace(trace, &log, &outside));
}

/*
 * A trace whose actions are performed as by a model that records which group has changed; each
 * change affects one group.
 */
struct noting {
	u64 version;
	u64 changed[MEMO_GROUPS];
	unsigned asked_in[MEMO_GROUPS];
	struct memo_log log;
	struct memo_trace *trace;
	struct memo_outcome *outcome;
};

static void note_change(struct noting *noting, unsigned group)
{
	noting->changed[group] = ++noting->version;
}

static u64 perform_noting(void *ctx, const struct memo_action *action)
{
	struct noting *noting = ctx;

	if (action->kind == ACTION_SET) {
		note_change(noting, (unsigned)action->a);
		return 0;
	}
	noting->asked_in[action->a % MEMO_GROUPS]++;
	return action->a;
}

static void begin_noting(struct noting *noting, struct memo *memo)
{
	static const u64 zeros[WORDS];

	*noting = (struct noting){
		.version = 1,
		.log = { .perform = perform_noting, .changed = noting->changed },
		.trace = memo_trace_add(memo, memo_node(memo, zeros), 1),
		.outcome = memo_outcome_add(memo, &(struct memo_outcome){ .places = 0 }),
	};
	memo_log_begin(&noting->log, 0);
}

/* The place is one of several in its group. */
static void ask_noting(struct noting *noting, u64 place)
{
	const struct memo_action action = {
		.kind = ACTION_TABLE, .how = MEMO_LASTS, .group = (u8)(place % MEMO_GROUPS),
		.a = place,
	};

	assert_int_equal(memo_log_do(&noting->log, &action, noting), place);
}

static void change_noting(struct noting *noting, unsigned group)
{
	const struct memo_action action = {
		.kind = ACTION_SET, .how = MEMO_CHANGES, .group = (u8)group, .a = group,
	};

	memo_log_do(&noting->log, &action, noting);
}

static void follow_noting(struct noting *noting)
{
	memset(noting->asked_in, 0, sizeof(noting->asked_in));
	assert_ptr_equal(memo_follow(noting->trace, &noting->log, perform_noting, noting,
				     &noting->version),
			 noting->outcome);
}

#define PLACES_ASKED 200
#define CHANGES_MOST 5
#define ROUNDS 500

/* Each result of the groups that have changed is asked again, and none of the others. */
static void any_groups_can_change_at_once(void **state)
{
	static struct noting noting;
	struct memo *memo = *state;
	unsigned asked[MEMO_GROUPS] = { 0 }, has[MEMO_GROUPS] = { 0 };
	u64 seed = 7;

	begin_noting(&noting, memo);
	for (u64 n = 0; n < PLACES_ASKED; n++) {
		/* Some groups have none, among them neither the first nor the last. */
		u64 place = n < 2 ? n * (MEMO_GROUPS - 1) : n * n + MEMO_GROUPS;

		ask_noting(&noting, place);
		has[place % MEMO_GROUPS]++;
	}
	assert_true(memo_grow(memo, noting.trace, &noting.log, noting.outcome));
	follow_noting(&noting);
	for (unsigned round = 0; round < ROUNDS; round++) {
		memset(asked, 0, sizeof(asked));
		for (u64 left = random_u64(&seed) % CHANGES_MOST; left; left--) {
			unsigned group = (unsigned)(random_u64(&seed) % MEMO_GROUPS);

			note_change(&noting, group);
			asked[group] = has[group];
		}
		follow_noting(&noting);
		assert_memory_equal(noting.asked_in, asked, sizeof(asked));
	}
}

/*
 * If a trace itself changes a group, then values of this group and of those above it are asked in
 * their order each time.
 */
static void groups_that_a_trace_changes_are_asked_in_turn(void **state)
{
	enum { BELOW = 5, CHANGED = 40, ABOVE = MEMO_GROUPS - 1 };
	static struct noting noting;
	struct memo *memo = *state;

	begin_noting(&noting, memo);
	for (unsigned before = 0; before < 2; before++) {
		ask_noting(&noting, BELOW);
		ask_noting(&noting, CHANGED);
		ask_noting(&noting, ABOVE);
		if (!before)
			change_noting(&noting, CHANGED);
	}
	assert_true(memo_grow(memo, noting.trace, &noting.log, noting.outcome));
	for (unsigned round = 0; round < 4; round++) {
		if (round == 3)
			note_change(&noting, ABOVE);
		follow_noting(&noting);
		assert_int_equal(noting.asked_in[BELOW], round ? 0 : 2);
		/* The result before the change is checked again, as this is a change as well. */
		assert_int_equal(noting.asked_in[CHANGED], 2);
		assert_int_equal(noting.asked_in[ABOVE], round == 0 || round == 3 ? 2 : 1);
	}
}

static void what_never_changes_is_asked_once(void **state)
{
	static struct memo_log log = { .perform = memo_perform_unit };
	struct outside outside = { .table = { 3 } };

	memo_log_begin(&log, 0);
	assert_int_equal(memo_ask(&log, &outside, 0, MEMO_ALWAYS), 3);
	assert_int_equal(memo_ask(&log, &outside, 0, MEMO_ALWAYS), 3);
	assert_int_equal(outside.asked, 1);
	outside.table[0] = 4;
	assert_int_equal(memo_ask(&log, &outside, 0, 0), 4);
	assert_int_equal(log.count, 2);
}

/*
 * If another action follows the same results, the trace is refused: the outcome depended on more
 * than the state.
 */
static void other_questions_are_refused(void **state)
{
	static const u64 zeros[WORDS];
	static struct memo_log log = { .perform = memo_perform_unit };
	struct memo *memo = *state;
	struct memo_trace *trace = memo_trace_add(memo, memo_node(memo, zeros), 1);
	struct outside outside = { .asked = 0 };
	struct memo_outcome *outcome = memo_outcome_add(memo, &(struct memo_outcome){ 0 });

	memo_log_begin(&log, 0);
	memo_ask(&log, &outside, 1, 0);
	assert_true(memo_grow(memo, trace, &log, outcome));
	memo_log_begin(&log, 0);
	memo_ask(&log, &outside, 2, 0);
	assert_false(memo_grow(memo, trace, &log, outcome));
	memo_log_begin(&log, 0);
	memo_ask(&log, &outside, 1, 0);
	memo_ask(&log, &outside, 1, 0);
	assert_false(memo_grow(memo, trace, &log, outcome));
}

static void too_long_tapes_are_refused(void **state)
{
	static struct memo_log log = { .perform = memo_perform_unit };
	struct outside outside = { .asked = 0 };

	memo_log_begin(&log, 0);
	for (unsigned n = 0; n < MEMO_LOG_MAX; n++)
		memo_ask(&log, &outside, n % 8, 0);
	assert_false(log.refused);
	outside.table[3] = 9;
	assert_int_equal(memo_ask(&log, &outside, 3, 0), 9);
	assert_true(log.refused);
}

/* When the memo is full, everything is dropped, and it starts again within the same bounds. */
static void room_is_bounded(void **state)
{
	static u64 words[WORDS];
	struct memo *memo = *state;
	u64 states;

	for (unsigned round = 0; round < 3; round++) {
		for (words[1] = 1; memo_node(memo, words); words[1]++) {
			for (unsigned n = 2; n < WORDS; n++)
				words[n] = ~(words[1] * n);
			assert_true(memo->stats.bytes <= ROOM);
		}
		assert_true(memo->full);
		assert_null(memo_outcome_add(memo, &(struct memo_outcome){ .places = 0 }));
		states = memo->stats.states;
		assert_in_range(states, ROOM / sizeof(words) / 2, ROOM / sizeof(words));
		memo_drop(memo);
		assert_int_equal(memo->stats.dropped, round + 1);
		assert_int_equal(memo->stats.states, 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, memo_setup, memo_teardown)

const struct CMUnitTest unit_tests[] = {
	TEST(states_are_what_they_were),   TEST(answers_lead_to_what_came_of_them),
	TEST(what_lasts_is_asked_when_it_may_have_changed),
	TEST(of_what_lasts_only_changed_groups_are_asked),
	TEST(any_groups_can_change_at_once),
	TEST(groups_that_a_trace_changes_are_asked_in_turn),
	TEST(what_never_changes_is_asked_once), TEST(other_questions_are_refused),
	TEST(too_long_tapes_are_refused),  TEST(room_is_bounded),
	TEST(what_was_answered_last_comes_first),
	{ 0 },
};
