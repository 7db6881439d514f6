/* SPDX-License-Identifier: MIT */
/*
 * Integer work as in everyday programs: a linked list that is sorted and searched, small matrices,
 * a scanner's state machine, checksums, a hash table, and a byte-code machine with many indirect
 * calls. All data fits into a first-level cache.
 */
#include "bench.h"

const u64 bench_expected = 0xf104df557e2c39fd;

#define SEED 0x2545f4914f6cdd1dull

/* A list of records, sorted by merging. */

#define NODES 384

struct node {
	struct node *next;
	u32 key;
	u32 tag;
};

static struct node nodes[NODES];

static struct node *merge(struct node *a, struct node *b)
{
	struct node head, *tail = &head;

	while (a && b) {
		struct node **least = a->key <= b->key ? &a : &b;

		tail->next = *least;
		tail = *least;
		*least = (*least)->next;
	}
	tail->next = a ? a : b;
	return head.next;
}

static struct node *sort(struct node *list, unsigned count)
{
	struct node *half = list, *rest;

	if (count < 2)
		return list;
	for (unsigned n = 1; n < count / 2; n++)
		half = half->next;
	rest = half->next;
	half->next = NULL;
	return merge(sort(list, count / 2), sort(rest, count - count / 2));
}

static struct node *reverse(struct node *list)
{
	struct node *done = NULL;

	while (list) {
		struct node *next = list->next;

		list->next = done;
		done = list;
		list = next;
	}
	return done;
}

static u64 list_work(u64 sum)
{
	u64 random = SEED;
	struct node *list = NULL;

	for (unsigned n = 0; n < NODES; n++) {
		nodes[n] = (struct node){ list, (u32)next_random(&random) & 0xffff, n };
		list = &nodes[n];
	}
	list = reverse(sort(list, NODES));
	for (unsigned n = 0; n < 24; n++) {
		u32 wanted = (u32)next_random(&random) & 0xffff, steps = 0;
		const struct node *at = list;

		while (at && at->key > wanted) {
			at = at->next;
			steps++;
		}
		sum = mix(sum, steps);
	}
	for (const struct node *at = list; at; at = at->next)
		sum = mix(sum, at->tag);
	return sum;
}

/* Matrices of 16-bit numbers with 32-bit sums. */

#define SIDE 20

static int16_t left[SIDE][SIDE], right[SIDE][SIDE];

static u64 matrix_work(u64 sum)
{
	u64 random = SEED ^ sum;

	for (unsigned y = 0; y < SIDE; y++)
		for (unsigned x = 0; x < SIDE; x++) {
			left[y][x] = (int16_t)next_random(&random);
			right[y][x] = (int16_t)(left[y][x] + (int16_t)(x * y));
		}
	for (unsigned y = 0; y < SIDE; y++)
		for (unsigned x = 0; x < SIDE; x++) {
			s32 cell = 0;

			for (unsigned k = 0; k < SIDE; k++)
				cell += (left[y][k] * right[k][x]) >> 4;
			sum += (u64)(s64)(cell > 0 ? cell : -(s64)cell);
		}
	return mix(sum, 1);
}

/* A scanner over text: names, decimal and hexadecimal numbers, operators, comments. */

enum state { BLANK, NAME, ZERO, DECIMAL, HEX, OPERATOR, COMMENT, STATES };

static char text[2048];

static enum state step(enum state state, char c)
{
	int digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'z';

	switch (state) {
	case COMMENT:
		return c == '\n' ? BLANK : COMMENT;
	case NAME:
		if (letter || digit || c == '_')
			return NAME;
		break;
	case ZERO:
		if ((c | 32) == 'x')
			return HEX;
		if (digit)
			return DECIMAL;
		break;
	case DECIMAL:
		if (digit)
			return DECIMAL;
		break;
	case HEX:
		if (digit || ((c | 32) >= 'a' && (c | 32) <= 'f'))
			return HEX;
		break;
	default:
		break;
	}
	if (c == ' ' || c == '\n')
		return BLANK;
	if (c == '#')
		return COMMENT;
	if (letter || c == '_')
		return NAME;
	return c == '0' ? ZERO : digit ? DECIMAL : OPERATOR;
}

static u64 scanner_work(u64 sum)
{
	static const char alphabet[] = "abcdefxyz_0123456789 +-*/=<>() \n#  ";
	u32 entered[STATES] = { 0 }, stayed[STATES] = { 0 };
	u64 random = SEED + 1;
	enum state state = BLANK;

	for (unsigned n = 0; n < sizeof(text); n++)
		text[n] = alphabet[next_random(&random) % (sizeof(alphabet) - 1)];
	for (unsigned n = 0; n < sizeof(text); n++) {
		enum state next = step(state, text[n]);

		if (next == state)
			stayed[next]++;
		else
			entered[next]++;
		state = next;
	}
	for (unsigned n = 0; n < STATES; n++)
		sum = mix(mix(sum, entered[n]), stayed[n]);
	return sum;
}

/* Checksums: CRC-32, whose table is computed bit by bit, and Adler-32. */

static u64 checksum_work(u64 sum)
{
	static u32 table[256];
	u32 crc = ~0u, low = 1, high = 0;

	for (u32 n = 0; n < 256; n++) {
		u32 value = n;

		for (unsigned bit = 0; bit < 8; bit++)
			value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
		table[n] = value;
	}
	for (unsigned n = 0; n < sizeof(text); n++) {
		crc = crc >> 8 ^ table[(crc ^ (u8)text[n]) & 255];
		low = (low + (u8)text[n]) % 65521;
		high = (high + low) % 65521;
	}
	return mix(mix(sum, ~crc), high << 16 | low);
}

/* A hash table with open addressing: insert, find, remove by marking. */

#define SLOTS 512
#define REMOVED UINT64_MAX

static struct {
	u64 key, value;
} slots[SLOTS];

static unsigned slot_of(u64 key)
{
	unsigned at = (unsigned)(key * 0xd1342543de82ef95ull >> 55) % SLOTS;

	while (slots[at].key && slots[at].key != key)
		at = (at + 1) % SLOTS;
	return at;
}

static u64 hash_work(u64 sum)
{
	u64 random = SEED + 2;

	for (unsigned n = 0; n < SLOTS; n++)
		slots[n].key = slots[n].value = 0;
	for (unsigned n = 0; n < 1200; n++) {
		u64 key = 1 + next_random(&random) % 300;
		unsigned at = slot_of(key);

		if (slots[at].key && n % 16 == 15 && slots[at].value > 3)
			slots[at].key = REMOVED;
		else
			slots[at].key = key;
		slots[at].value += n;
		sum += slots[at].value;
	}
	return mix(sum, 2);
}

/* A stack machine, whose instructions are functions: it computes the Collatz sequence of a
 * number. */

struct machine {
	s64 stack[8];
	unsigned depth, at;
	u32 steps;
};

static void op_double_add(struct machine *m)
{
	m->stack[m->depth - 1] = 3 * m->stack[m->depth - 1] + 1;
}

static void op_halve(struct machine *m)
{
	m->stack[m->depth - 1] >>= 1;
}

static void op_copy(struct machine *m)
{
	m->stack[m->depth] = m->stack[m->depth - 1];
	m->depth++;
}

static void op_skip_if_even(struct machine *m)
{
	if (!(m->stack[--m->depth] & 1))
		m->at += 2;
}

static void op_skip_if_one(struct machine *m)
{
	if (m->stack[--m->depth] == 1)
		m->at++;
}

static void op_count(struct machine *m)
{
	m->steps++;
}

static void op_again(struct machine *m)
{
	m->at = 0;
}

static u64 machine_work(u64 sum)
{
	static void (*const program[])(struct machine *) = {
		op_copy, op_skip_if_even, op_count, op_double_add,
		op_count, op_halve, op_copy, op_skip_if_one, op_again,
	};

	for (s64 start = 27; start < 33; start++) {
		struct machine m = { .stack = { start }, .depth = 1 };

		while (m.at < ARRAY_SIZE(program))
			program[m.at++](&m);
		sum = mix(sum, m.steps);
	}
	return sum;
}

u64 bench_round(void)
{
	u64 sum = 0;

	sum = list_work(sum);
	sum = matrix_work(sum);
	sum = scanner_work(sum);
	sum = checksum_work(sum);
	sum = hash_work(sum);
	return machine_work(sum);
}
