/* SPDX-License-Identifier: MIT */
/* The graph of states and pieces; see memo.h. It lies in one arena, which is given up whole. */
#include "cpu/timing/memo/memo_log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BUCKETS (1u << 20)
#define HUGE_PAGE (2u << 20) /* of an x86-64 host */
#define ALIGNED(size) (((size) + 7) & ~(size_t)7)
#define PACKED_HEADER 2 /* words: how many are 0, how many follow */

/*
 * Pages that are never touched are never there. What is followed lies all over it, and with pages
 * of 4 KiB the host spends more on finding those than on what is in them.
 */
static u8 *arena_of(size_t size)
{
	size_t room = align_up(size, HUGE_PAGE);
	u8 *arena = aligned_alloc(HUGE_PAGE, room);

	/* Where it has no such pages it goes on with what it has. */
	if (arena)
		madvise(arena, room, MADV_HUGEPAGE);
	return arena;
}

int memo_init(struct memo *memo, size_t state_size, size_t size)
{
	*memo = (struct memo){ .state_size = ALIGNED(state_size), .size = size, .end = size };
	memo->arena = arena_of(size);
	memo->buckets = calloc(BUCKETS, sizeof(struct memo_node *));
	/* At worst every other word is 0, and each group has its header. */
	memo->scratch = malloc(2 * memo->state_size + 64);
	return memo->arena && memo->buckets && memo->scratch ? 0 : -ENOMEM;
}

void memo_free(struct memo *memo)
{
	free(memo->arena);
	free(memo->buckets);
	free(memo->scratch);
}

void memo_drop(struct memo *memo)
{
	memset(memo->buckets, 0, BUCKETS * sizeof(struct memo_node *));
	memo->stats.dropped += memo->full;
	memo->stats.states = memo->stats.bytes = 0;
	memo->used = 0;
	memo->end = memo->size;
	memo->full = false;
}

/* False: it is full. */
static bool has_room(struct memo *memo, size_t size)
{
	if (memo->full || memo->end - memo->used < size)
		memo->full = true;
	else
		memo->stats.bytes += size;
	return !memo->full;
}

static void *allocate(struct memo *memo, size_t size)
{
	if (!has_room(memo, ALIGNED(size)))
		return NULL;
	memo->used += ALIGNED(size);
	return memo->arena + memo->used - ALIGNED(size);
}

/* Of what is rarely looked at. */
static void *allocate_apart(struct memo *memo, size_t size)
{
	if (!has_room(memo, ALIGNED(size)))
		return NULL;
	memo->end -= ALIGNED(size);
	return memo->arena + memo->end;
}

static u64 word_at(const u8 *state, size_t word)
{
	u64 value;

	memcpy(&value, state + 8 * word, sizeof(value));
	return value;
}

/* The next word that is not 0; most are, so several are looked at at once. */
static size_t skip_zeros(const u8 *state, size_t at, size_t words)
{
	while (at + 4 <= words && !(word_at(state, at) | word_at(state, at + 1) |
				    word_at(state, at + 2) | word_at(state, at + 3)))
		at += 4;
	while (at < words && !word_at(state, at))
		at++;
	return at;
}

/* Words that are 0 are counted, the others kept. */
static u32 pack(struct memo *memo, const u8 *state)
{
	size_t words = memo->state_size / 8, at = 0;
	u8 *out = memo->scratch;

	while (at < words) {
		size_t first = at, begin = skip_zeros(state, at, words);
		u8 *head = out;
		u16 header[PACKED_HEADER];
		u64 value;

		out += sizeof(header);
		for (at = begin; at < words && (value = word_at(state, at)) != 0; at++) {
			memcpy(out, &value, sizeof(value));
			out += sizeof(value);
		}
		header[0] = (u16)(begin - first);
		header[1] = (u16)(at - begin);
		memcpy(head, header, sizeof(header));
	}
	return (u32)(out - memo->scratch);
}

void memo_unpack(const struct memo *memo, const struct memo_node *node, void *state)
{
	const u8 *in = node->packed, *end = in + node->size;
	u8 *out = state;

	/* At once: there are many runs, and most are short. */
	memset(state, 0, memo->state_size);
	while (in < end) {
		u16 header[PACKED_HEADER];

		memcpy(header, in, sizeof(header));
		in += sizeof(header);
		out += 8u * header[0];
		for (unsigned n = 0; n < header[1]; n++, in += 8, out += 8)
			memcpy(out, in, 8);
	}
	assert(out == (u8 *)state + memo->state_size);
}

static u64 hash_on(u64 hash, u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32;
}

/* The size is a multiple of 4. */
static u64 hash_of(const u8 *bytes, u32 size)
{
	u64 hash = size, word;
	u32 n = 0, half;

	for (; n + sizeof(word) <= size; n += sizeof(word)) {
		memcpy(&word, bytes + n, sizeof(word));
		hash = hash_on(hash, word);
	}
	if (n == size)
		return hash;
	memcpy(&half, bytes + n, sizeof(half));
	return hash_on(hash, half);
}

struct memo_node *memo_node(struct memo *memo, const void *state)
{
	u32 size = pack(memo, state);
	u64 hash = hash_of(memo->scratch, size);
	struct memo_node **bucket = &memo->buckets[hash % BUCKETS];
	struct memo_node *node;

	for (node = *bucket; node; node = node->next)
		if (node->hash == hash && node->size == size &&
		    !memcmp(node->packed, memo->scratch, size))
			return node;
	node = allocate_apart(memo, sizeof(*node) + size);
	if (!node)
		return NULL;
	*node = (struct memo_node){ .next = *bucket, .hash = hash, .size = size };
	memcpy(node->packed, memo->scratch, size);
	*bucket = node;
	memo->stats.states++;
	return node;
}

struct memo_piece *memo_piece_add(struct memo *memo, struct memo_node *node, unsigned items)
{
	struct memo_piece *piece = allocate(memo, sizeof(*piece) + items * sizeof(piece->item[0]));

	if (!piece)
		return NULL;
	*piece = (struct memo_piece){ .next = node->pieces, .items = (u16)items };
	node->pieces = piece;
	return piece;
}

struct memo_leaf *memo_leaf_add(struct memo *memo, const struct memo_leaf *head)
{
	struct memo_leaf *leaf = allocate(memo, sizeof(*leaf) + head->moves * sizeof(u16));
	u32 *list = allocate_apart(memo, (head->told + head->counts + head->tail) * sizeof(*list));

	if (!leaf || !list)
		return NULL;
	*leaf = *head;
	leaf->list = list;
	return leaf;
}

static unsigned tape_hash(const struct memo_question *question)
{
	u64 mixed = question->kind ^ (u64)question->which << 8 ^ question->a ^
		    question->b << 16;

	return (unsigned)(mixed * 0x9e3779b97f4a7c15ull >> 32) % MEMO_TAPE_HASHES;
}

unsigned memo_tape_same(const struct memo_tape *tape, const struct memo_question *question)
{
	unsigned number = tape->hashed[tape_hash(question)];

	while (number && !memo_same_question(&tape->op[number - 1].question, question))
		number = tape->before[number - 1];
	return number;
}

static void tape_add(struct memo_tape *tape, const struct memo_question *question, u64 got)
{
	u16 *hashed = &tape->hashed[tape_hash(question)];
	unsigned n = tape->count++;

	tape->op[n] = (struct memo_op){ .question = *question, .answer = got };
	tape->before[n] = *hashed;
	*hashed = tape->latest[question->kind] = (u16)(n + 1);
}

u64 memo_ask(struct memo_tape *tape, const struct memo_question *question, void *ctx)
{
	unsigned same = question->how & MEMO_ALWAYS ? memo_tape_same(tape, question) : 0;
	u64 got;

	if (same)
		return tape->op[same - 1].answer;
	if (tape->count < tape->known_count)
		got = tape->known[tape->count];
	else
		got = tape->answer(ctx, question);
	if (tape->count == MEMO_TAPE_MAX)
		tape->refused = true;
	else
		tape_add(tape, question, got);
	return got;
}

/* Through the questions of a way, in order. */
struct walk {
	struct memo_way *way;
	unsigned asked, lasting; /* gone by */
};

static void walk_begin(struct walk *walk, const struct memo_way *way)
{
	*walk = (struct walk){ .way = (struct memo_way *)way };
}

/* NULL: that was the last. */
static struct memo_step *walk_next(struct walk *walk)
{
	struct memo_way *way = walk->way;
	unsigned index = walk->asked + walk->lasting;

	if (index == way->count)
		return NULL;
	if (walk->asked < way->steps && way->step[walk->asked].question.at.index == index)
		return &way->step[walk->asked++];
	return &way->step[way->steps + walk->lasting++];
}

void memo_tape_know(struct memo_tape *tape, unsigned turns)
{
	struct walk walk;

	tape->known_count = 0;
	for (unsigned n = 0; n < turns; n++) {
		const struct memo_turn *turn = &tape->turn[n];

		walk_begin(&walk, turn->way);
		/* A way begins with the answer of the turn to it. */
		if (n)
			walk_next(&walk);
		while (walk.asked + walk.lasting < turn->index)
			tape->known[tape->known_count++] = walk_next(&walk)->answer;
		tape->known[tape->known_count++] = turn->got;
	}
}

/* Of the groups that a way's answers are of, those that have changed since they were asked. */
static u64 changed_groups(const struct memo_way *way, const u64 *changed)
{
	u64 found = 0;

	if (!changed || !way->version)
		return way->groups;
	for (u64 left = way->groups; left; left &= left - 1) {
		unsigned group = (unsigned)__builtin_ctzll(left);

		found |= (u64)(changed[group] > way->version) << group;
	}
	return found;
}

/*
 * Are the answers that last as they are on this way? turn->index is that of the first one that is
 * not, or as it was.
 */
static void check(struct memo_way *way, const struct memo_tape *tape, void *ctx, u64 version,
		  struct memo_turn *turn)
{
	const struct memo_step *end = way->step + way->count;
	const u64 groups = changed_groups(way, tape->changed);

	for (struct memo_step *step = way->step + way->steps; groups && step < end; step++) {
		if (!(groups >> step->question.at.group & 1))
			continue;
		turn->got = tape->answer(ctx, &step->question);
		if (turn->got != step->answer) {
			turn->step = step;
			turn->index = step->question.at.index;
			return;
		}
	}
	way->version = version;
}

struct memo_step *memo_way_end(struct memo_way *way, const struct memo_tape *tape, void *ctx,
			       u64 version, struct memo_turn *turn)
{
	struct memo_step *end = way->step + way->steps;

	turn->index = way->count;
	check(way, tape, ctx, version, turn);
	while (end != way->step && end[-1].question.at.index >= turn->index)
		end--;
	return end;
}

/* Has it to be asked when its turn comes; and is that so of those that last, from a group on? */
static bool is_step(const struct memo_question *question, unsigned *changed)
{
	if (question->how & MEMO_CHANGES)
		*changed = MIN(*changed, question->group);
	return !(question->how & MEMO_LASTS) || question->group >= *changed;
}

static u16 count_steps(const struct memo_op *op, unsigned count)
{
	unsigned changed = MEMO_GROUPS;
	u16 steps = 0;

	for (unsigned n = 0; n < count; n++)
		steps += is_step(&op[n].question, &changed);
	return steps;
}

/* First those that are asked each time. */
static void fill_way(struct memo_way *way, const struct memo_op *op)
{
	struct memo_step *step = way->step, *lasting = step + way->steps;
	unsigned changed = MEMO_GROUPS;

	for (u16 n = 0; n < way->count; n++) {
		const struct memo_question *question = &op[n].question;
		bool steps = is_step(question, &changed);

		*(steps ? step++ : lasting++) = (struct memo_step){
			.question = {
				.kind = question->kind, .which = question->which,
				.at = { .index = n, .group = question->group },
				.a = question->a, .b = question->b,
			},
			.answer = op[n].answer,
		};
		way->groups |= steps ? 0 : BIT(question->group);
	}
}

/* What the tape has from the n-th question on. */
static struct memo_way *add_way(struct memo *memo, const struct memo_tape *tape, unsigned n,
				struct memo_leaf *leaf)
{
	unsigned count = tape->count - n;
	struct memo_way *way = allocate(memo, sizeof(*way) + count * sizeof(way->step[0]));

	if (!way)
		return NULL;
	*way = (struct memo_way){
		.leaf = leaf, .answer = count ? tape->op[n].answer : 0, .count = (u16)count,
		.steps = count_steps(&tape->op[n], count),
	};
	fill_way(way, &tape->op[n]);
	return way;
}

/* Another answer to a question, and what follows then. */
static bool add_beside(struct memo *memo, struct memo_step *step, const struct memo_tape *tape,
		       unsigned n, struct memo_leaf *leaf)
{
	struct memo_way *way = add_way(memo, tape, n, leaf);

	if (!way)
		return false;
	way->beside = memo_way_other(step);
	memo_way_begin_with(step, way);
	return true;
}

bool memo_grow(struct memo *memo, struct memo_piece *piece, const struct memo_tape *tape,
	       struct memo_leaf *leaf)
{
	struct walk walk;

	if (!piece->first) {
		piece->first = add_way(memo, tape, 0, leaf);
		return piece->first;
	}
	walk_begin(&walk, piece->first);
	for (unsigned n = 0; n < tape->count; n++) {
		const struct memo_op *op = &tape->op[n];
		struct memo_step *step = walk_next(&walk);
		const struct memo_way *way;

		/* What is asked next follows from the answers so far. */
		if (!step || !memo_same_question(&step->question, &op->question))
			return false;
		if (step->answer == op->answer)
			continue;
		way = memo_way_behind(step, op->answer);
		if (!way)
			return add_beside(memo, step, tape, n, leaf);
		walk_begin(&walk, way);
		walk_next(&walk);
	}
	return false;
}
