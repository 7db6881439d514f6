/* SPDX-License-Identifier: MIT */
/* The graph of what a model has met before: states, pieces, questions, and its end of room. */
#include "cpu/timing/memo/memo_log.h"
#include "tests/cpu/random.h"
#include "tests/cpu/timing/test_parts.h"

#define WORDS 600
#define ROOM (1u << 20)

enum { ASK_TABLE = MEMO_END + 1, ASK_SET };

/* What is outside of the states: a table that can be read and written. */
struct outside {
	u64 table[8];
	unsigned asked;
	u64 version;
};

static u64 answer(void *ctx, const struct memo_question *question)
{
	struct outside *outside = ctx;

	outside->asked++;
	if (question->kind == ASK_SET)
		outside->table[question->a] = question->b;
	outside->version += question->kind == ASK_SET;
	return question->kind == ASK_SET ? 0 : outside->table[question->a];
}

static u64 ask(struct memo_tape *tape, struct outside *outside, u64 place, u8 how)
{
	const struct memo_question question = {
		.kind = ASK_TABLE, .how = how, .group = (u8)place, .a = place,
	};

	return memo_ask(tape, &question, outside);
}

static void set(struct memo_tape *tape, struct outside *outside, u64 place, u64 value)
{
	const struct memo_question question = {
		.kind = ASK_SET, .how = MEMO_CHANGES, .a = place, .b = value,
	};

	memo_ask(tape, &question, outside);
}

/* A model of a piece: what came of it. */
typedef u32 model(struct memo_tape *tape, struct outside *outside);

/* Goes where table[0] says, and there asks or writes. */
static u32 step(struct memo_tape *tape, struct outside *outside)
{
	u64 way = ask(tape, outside, 0, 0);

	if (way == 1)
		return 10 + (u32)ask(tape, outside, 1, 0);
	set(tape, outside, 2, way);
	return 20 + (u32)ask(tape, outside, 2, 0);
}

static struct memo_leaf *follow(const struct memo_piece *piece, struct memo_tape *tape,
				struct outside *outside)
{
	tape->known_count = 0;
	return piece->first ? memo_follow(piece, tape, answer, outside, &outside->version) : NULL;
}

/* Asks for what lasts, before and behind a change of it; and for what does not. */
static u32 step_lasting(struct memo_tape *tape, struct outside *outside)
{
	u64 first = ask(tape, outside, 0, MEMO_LASTS), other = ask(tape, outside, 1, 0);

	if (other == 9)
		set(tape, outside, 0, 5);
	return (u32)(100 * first + 10 * other + ask(tape, outside, 0, MEMO_LASTS));
}

/* As a model with a memo does it. */
static u32 run(struct memo *memo, struct memo_piece *piece, struct outside *outside, model *stepped,
	       bool *known)
{
	static struct memo_tape tape = { .answer = answer };
	struct memo_leaf *leaf = follow(piece, &tape, outside);

	*known = leaf;
	if (leaf)
		return leaf->cycles;
	leaf = memo_leaf_add(memo, &(struct memo_leaf){ .moves = 0 });
	assert_non_null(leaf);
	memo_tape_begin(&tape, tape.known_count);
	*leaf = (struct memo_leaf){ .cycles = stepped(&tape, outside) };
	assert_true(memo_grow(memo, piece, &tape, leaf));
	return leaf->cycles;
}

static int setup(void **state)
{
	static struct memo memo;

	*state = &memo;
	return memo_init(&memo, WORDS * sizeof(u64), ROOM);
}

static int teardown(void **state)
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

/* Each way of answers is stepped once; what is done on the way is done each time. */
static void answers_lead_to_what_came_of_them(void **state)
{
	static const struct {
		u64 way, other;
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
	struct memo_piece *piece = memo_piece_add(memo, node, 3);
	struct outside outside = { .asked = 0 };
	bool known;

	assert_ptr_equal(node->pieces, piece);
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		outside.table[0] = rows[n].way;
		outside.table[1] = rows[n].other;
		outside.table[2] = 77;
		outside.asked = 0;
		assert_int_equal(run(memo, piece, &outside, step, &known), rows[n].cycles);
		assert_int_equal(known, rows[n].known);
		assert_int_equal(outside.table[2], rows[n].way == 1 ? 77 : rows[n].way);
		/* Nothing is asked, or done, twice. */
		assert_int_equal(outside.asked, rows[n].way == 1 ? 2 : 3);
	}
}

/* Of many answers to a question the latest is the first to be compared; none is lost. */
static void what_was_answered_last_comes_first(void **state)
{
	static const u64 zeros[WORDS];
	struct memo *memo = *state;
	struct memo_piece *piece = memo_piece_add(memo, memo_node(memo, zeros), 3);
	struct outside outside = { .asked = 0 };
	bool known;

	for (u64 way = 2; way < 7; way++) {
		outside.table[0] = way;
		run(memo, piece, &outside, step, &known);
	}
	for (u64 n = 0; n < 20; n++) {
		u64 way = 2 + n * n % 5;

		outside.table[0] = way;
		assert_int_equal(run(memo, piece, &outside, step, &known), 20 + way);
		assert_true(known);
		if (way != 2)
			assert_int_equal(memo_way_other(piece->first->step)->answer, way);
	}
}

/* What lasts is not asked again until the version is another one, or may be. */
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
		{ 1, 2, 1, 121, true, 3 }, /* found to be as they were */
		{ 1, 2, 1, 121, true, 1 },
		{ 1, 2, 7, 121, true, 3 },
		{ 3, 2, 8, 323, false, 3 }, /* it is not: all that is asked is new behind it */
		{ 3, 2, 8, 323, true, 4 },
		{ 3, 9, 8, 395, false, 4 },
		{ 3, 9, 8, 395, true, 4 }, /* in its turn behind the change */
	};
	struct memo *memo = *state;
	struct memo_piece *piece = memo_piece_add(memo, memo_node(memo, zeros), 2);
	struct outside outside = { .asked = 0 };
	bool known;

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		outside.table[0] = rows[n].lasting;
		outside.table[1] = rows[n].other;
		outside.version = rows[n].version;
		outside.asked = 0;
		assert_int_equal(run(memo, piece, &outside, step_lasting, &known), rows[n].came);
		assert_int_equal(known, rows[n].known);
		assert_int_equal(outside.asked, rows[n].asked);
	}
}

/* Where it is known what changed, nothing else is asked again. */
static void of_what_lasts_only_changed_groups_are_asked(void **state)
{
	static const u64 zeros[WORDS];
	static struct memo_tape tape = { .answer = answer };
	static const unsigned asked[] = { 4, 1, 0, 0 };
	u64 changed[MEMO_GROUPS] = { 0 };
	struct memo *memo = *state;
	struct memo_piece *piece = memo_piece_add(memo, memo_node(memo, zeros), 1);
	struct outside outside = { .version = 1 };
	struct memo_leaf *leaf = memo_leaf_add(memo, &(struct memo_leaf){ .moves = 0 });

	tape.changed = changed;
	memo_tape_begin(&tape, 0);
	for (unsigned place = 0; place < 4; place++)
		ask(&tape, &outside, place, MEMO_LASTS);
	assert_true(memo_grow(memo, piece, &tape, leaf));
	for (unsigned round = 0; round < ARRAY_SIZE(asked); round++) {
		outside.asked = 0;
		assert_ptr_equal(follow(piece, &tape, &outside), leaf);
		/* The first time all; then the one that has changed; one that it has not; none. */
		assert_int_equal(outside.asked, asked[round]);
		if (round < 2)
			changed[round ? 9 : 2] = ++outside.version;
	}
	outside.table[1] = changed[1] = ++outside.version;
	assert_null(follow(piece, &tape, &outside));
}

static void what_never_changes_is_asked_once(void **state)
{
	static struct memo_tape tape = { .answer = answer };
	struct outside outside = { .table = { 3 } };

	(void)state;
	memo_tape_begin(&tape, 0);
	assert_int_equal(ask(&tape, &outside, 0, MEMO_ALWAYS), 3);
	assert_int_equal(ask(&tape, &outside, 0, MEMO_ALWAYS), 3);
	assert_int_equal(outside.asked, 1);
	outside.table[0] = 4;
	assert_int_equal(ask(&tape, &outside, 0, 0), 4);
	assert_int_equal(tape.count, 2);
}

/* After the same answers something else is asked: the state was not all that mattered. */
static void other_questions_are_refused(void **state)
{
	static const u64 zeros[WORDS];
	static struct memo_tape tape = { .answer = answer };
	struct memo *memo = *state;
	struct memo_piece *piece = memo_piece_add(memo, memo_node(memo, zeros), 1);
	struct outside outside = { .asked = 0 };
	struct memo_leaf *leaf = memo_leaf_add(memo, &(struct memo_leaf){ .moves = 0 });

	memo_tape_begin(&tape, 0);
	ask(&tape, &outside, 1, 0);
	assert_true(memo_grow(memo, piece, &tape, leaf));
	memo_tape_begin(&tape, 0);
	ask(&tape, &outside, 2, 0);
	assert_false(memo_grow(memo, piece, &tape, leaf));
	memo_tape_begin(&tape, 0);
	ask(&tape, &outside, 1, 0);
	ask(&tape, &outside, 1, 0);
	assert_false(memo_grow(memo, piece, &tape, leaf));
}

static void too_long_tapes_are_refused(void **state)
{
	static struct memo_tape tape = { .answer = answer };
	struct outside outside = { .asked = 0 };

	(void)state;
	memo_tape_begin(&tape, 0);
	for (unsigned n = 0; n < MEMO_TAPE_MAX; n++)
		ask(&tape, &outside, n % 8, 0);
	assert_false(tape.refused);
	outside.table[3] = 9;
	assert_int_equal(ask(&tape, &outside, 3, 0), 9);
	assert_true(tape.refused);
}

/* When there is no more room all is given up, and it begins anew within the same bounds. */
static void room_is_bounded(void **state)
{
	static u64 words[WORDS];
	struct memo *memo = *state;
	u64 states;

	for (unsigned round = 0; round < 3; round++) {
		for (words[1] = 1; memo_node(memo, words); words[1]++) {
			for (unsigned n = 2; n < WORDS; n++)
				words[n] = words[1] * n;
			assert_true(memo->stats.bytes <= ROOM);
		}
		assert_true(memo->full);
		assert_null(memo_leaf_add(memo, &(struct memo_leaf){ .moves = 0 }));
		states = memo->stats.states;
		assert_in_range(states, ROOM / sizeof(words) / 2, ROOM / sizeof(words));
		memo_drop(memo);
		assert_int_equal(memo->stats.dropped, round + 1);
		assert_int_equal(memo->stats.states, 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(states_are_what_they_were),   TEST(answers_lead_to_what_came_of_them),
		TEST(what_lasts_is_asked_when_it_may_have_changed),
		TEST(of_what_lasts_only_changed_groups_are_asked),
		TEST(what_never_changes_is_asked_once), TEST(other_questions_are_refused),
		TEST(too_long_tapes_are_refused),  TEST(room_is_bounded),
		TEST(what_was_answered_last_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
