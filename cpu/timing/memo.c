/* SPDX-License-Identifier: MIT */
/* The graph of states and pieces; see memo.h. It lies in one arena, which is given up whole. */
#include "cpu/timing/memo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS (1u << 14)
#define ALIGNED(size) (((size) + 7) & ~(size_t)7)
#define PACKED_HEADER 2 /* words: how many are 0, how many follow */

int memo_init(struct memo *memo, size_t state_size, size_t size)
{
	*memo = (struct memo){ .state_size = ALIGNED(state_size), .size = size };
	/* Pages that are never touched are never there. */
	memo->arena = malloc(size);
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
	memo->full = false;
}

static void *allocate(struct memo *memo, size_t size)
{
	void *room = memo->arena + memo->used;

	if (memo->full || memo->size - memo->used < ALIGNED(size)) {
		memo->full = true;
		return NULL;
	}
	memo->used += ALIGNED(size);
	memo->stats.bytes = memo->used;
	return room;
}

static u64 word_at(const u8 *state, size_t word)
{
	u64 value;

	memcpy(&value, state + 8 * word, sizeof(value));
	return value;
}

/* Words that are 0 are counted, the others kept. */
static u32 pack(struct memo *memo, const u8 *state)
{
	size_t words = memo->state_size / 8, at = 0;
	u8 *out = memo->scratch;

	while (at < words) {
		u16 header[PACKED_HEADER];
		size_t first = at, begin;

		while (at < words && !word_at(state, at))
			at++;
		begin = at;
		while (at < words && word_at(state, at))
			at++;
		header[0] = (u16)(begin - first);
		header[1] = (u16)(at - begin);
		memcpy(out, header, sizeof(header));
		memcpy(out + sizeof(header), state + 8 * begin, 8 * (at - begin));
		out += sizeof(header) + 8 * (at - begin);
	}
	return (u32)(out - memo->scratch);
}

void memo_unpack(const struct memo *memo, const struct memo_node *node, void *state)
{
	const u8 *in = node->packed, *end = in + node->size;
	u8 *out = state;

	while (in < end) {
		u16 header[PACKED_HEADER];

		memcpy(header, in, sizeof(header));
		in += sizeof(header);
		memset(out, 0, 8u * header[0]);
		out += 8u * header[0];
		memcpy(out, in, 8u * header[1]);
		out += 8u * header[1];
		in += 8u * header[1];
	}
	assert(out == (u8 *)state + memo->state_size);
}

static u64 hash_of(const u8 *bytes, u32 size)
{
	u64 hash = size;

	for (u32 n = 0; n + 4 <= size; n += 4) {
		u32 word;

		memcpy(&word, bytes + n, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 32;
	}
	return hash;
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
	node = allocate(memo, sizeof(*node) + size);
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
	*piece = (struct memo_piece){ .next = node->pieces, .items = items };
	node->pieces = piece;
	return piece;
}

struct memo_leaf *memo_leaf_add(struct memo *memo, unsigned numbers)
{
	return allocate(memo, sizeof(struct memo_leaf) + numbers * sizeof(u32));
}

static bool same_question(const struct memo_question *one, const struct memo_question *other)
{
	return one->kind == other->kind && one->which == other->which && one->a == other->a &&
	       one->b == other->b;
}

u64 memo_ask(struct memo_tape *tape, const struct memo_question *question, memo_answer *answer,
	     void *ctx)
{
	u64 got;

	for (unsigned n = 0; question->how & MEMO_ALWAYS && n < tape->count; n++)
		if (same_question(&tape->op[n].question, question))
			return tape->op[n].answer;
	if (tape->count < tape->known_count)
		got = tape->known[tape->count];
	else
		got = answer(ctx, question);
	if (tape->count == MEMO_TAPE_MAX)
		tape->refused = true;
	else
		tape->op[tape->count++] = (struct memo_op){ .question = *question, .answer = got };
	return got;
}

/* A run of questions from the tape's n-th on, with its leaf. */
static struct memo_op *add_run(struct memo *memo, const struct memo_tape *tape, unsigned n,
			       struct memo_leaf *leaf)
{
	unsigned count = tape->count - n;
	struct memo_op *run = allocate(memo, (count + 1) * sizeof(*run));

	if (!run)
		return NULL;
	memcpy(run, &tape->op[n], count * sizeof(*run));
	run[count] = (struct memo_op){ .question.kind = MEMO_END, .leaf = leaf };
	return run;
}

bool memo_grow(struct memo *memo, struct memo_piece *piece, const struct memo_tape *tape,
	       struct memo_leaf *leaf)
{
	struct memo_op *op = piece->first;

	if (!op) {
		piece->first = add_run(memo, tape, 0, leaf);
		return piece->first;
	}
	for (unsigned n = 0; n < tape->count; n++, op++) {
		/* What is asked next follows from the answers so far. */
		if (!same_question(&op->question, &tape->op[n].question))
			return false;
		while (op->answer != tape->op[n].answer && op->other)
			op = op->other;
		if (op->answer != tape->op[n].answer) {
			op->other = add_run(memo, tape, n, leaf);
			return op->other;
		}
	}
	return false;
}
