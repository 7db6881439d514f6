/* SPDX-License-Identifier: MIT */
/* Stores on their way to memory. See wbuffer.h. */
#include "cpu/timing/inorder/wbuffer.h"

#include <string.h>

#define NOWHERE UINT64_MAX /* number of no word */

void inorder_wbuffer_reset(struct inorder_wbuffer *buffer, const struct inorder_params *params)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->params = params;
	for (unsigned n = 0; n < params->wbuffer_words; n++)
		buffer->words[n].number = NOWHERE;
	inorder_wbuffer_loaded(buffer);
}

/* The bus knows aligned powers of two: all bytes where they are that, else the lowest one. */
static u8 part_of(u8 dirty)
{
	static const u8 aligned[] = { 0xff, 0xf0, 0x0f, 0xc0, 0x30, 0x0c, 0x03 };

	for (unsigned n = 0; n < ARRAY_SIZE(aligned); n++)
		if (dirty == aligned[n])
			return dirty;
	return dirty & (u8)-dirty;
}

/* When the write before the last `back` ones is acknowledged. */
static u64 acknowledged(const struct inorder_wbuffer *buffer, u64 back)
{
	return buffer->count >= back ?
		       buffer->writes[(buffer->count - back) % INORDER_WRITES_MAX] : 0;
}

/* When a word may be sent, for itself. */
static u64 ready(const struct inorder_word *word)
{
	return MAX(word->ready, word->gone);
}

static void add_ready(struct inorder_wbuffer *buffer, const struct inorder_word *word)
{
	u64 cycle = ready(word);

	buffer->ready = MIN(buffer->ready, cycle);
}

void inorder_wbuffer_loaded(struct inorder_wbuffer *buffer)
{
	buffer->ready = UINT64_MAX;
	for (unsigned n = 0; n < buffer->params->wbuffer_words; n++)
		if (buffer->words[n].dirty)
			add_ready(buffer, &buffer->words[n]);
}

/* The next cycle in which something is sent; at least one word is dirty. */
static u64 next_send(const struct inorder_wbuffer *buffer)
{
	u64 free_slot = acknowledged(buffer, buffer->params->wbuffer_writes);
	u64 first = MAX(buffer->ready, buffer->sent + 1);

	return MAX(first, free_slot);
}

static void send(struct inorder_wbuffer *buffer, struct inorder_word *word, u64 cycle)
{
	const struct inorder_params *params = buffer->params;

	word->dirty &= (u8)~part_of(word->dirty);
	buffer->dirty -= !word->dirty;
	word->gone = cycle + params->memory_latency + params->wbuffer_overhead;
	buffer->writes[buffer->count++ % INORDER_WRITES_MAX] = word->gone;
	buffer->sent = cycle;
	inorder_wbuffer_loaded(buffer);
}

/* What is sent until then: words in turn, none while bytes of it are under way. */
static void advance(struct inorder_wbuffer *buffer, u64 until)
{
	unsigned words = (unsigned)buffer->params->wbuffer_words;

	while (buffer->dirty) {
		u64 cycle = next_send(buffer);
		struct inorder_word *word;

		if (cycle > until)
			return;
		do {
			word = &buffer->words[buffer->next];
			buffer->next = (buffer->next + 1) % words;
		} while (!word->dirty || ready(word) > cycle);
		send(buffer, word, cycle);
	}
}

/* What holds the word in `cycle`, or a place that is free; NULL: there is none. */
static struct inorder_word *place_of(struct inorder_wbuffer *buffer, u64 number, u64 cycle)
{
	struct inorder_word *place = NULL;

	for (unsigned n = 0; n < buffer->params->wbuffer_words; n++) {
		struct inorder_word *word = &buffer->words[n];
		bool used = word->dirty || word->gone > cycle;

		if (used && word->number == number)
			return word;
		if (!used && !place)
			place = word;
	}
	return place;
}

/* The next cycle in which a word is acknowledged. */
static u64 next_gone(const struct inorder_wbuffer *buffer, u64 cycle)
{
	u64 next = UINT64_MAX;

	for (unsigned n = 0; n < buffer->params->wbuffer_words; n++)
		if (buffer->words[n].gone > cycle)
			next = MIN(next, buffer->words[n].gone);
	return next != UINT64_MAX ? next : next_send(buffer);
}

u64 inorder_wbuffer_put(struct inorder_wbuffer *buffer, u64 pa, unsigned size, u64 cycle)
{
	u64 bytes = MAX(MIN(size, 8), 1); /* a block of a cache counts as one word */
	struct inorder_word *word;

	advance(buffer, cycle);
	while (!(word = place_of(buffer, pa / 8, cycle))) {
		cycle = next_gone(buffer, cycle);
		advance(buffer, cycle);
	}
	if (!word->dirty) {
		buffer->dirty++;
		word->ready = cycle + 1;
		add_ready(buffer, word);
	}
	word->number = pa / 8;
	word->dirty |= (u8)((BIT(bytes) - 1) << (pa & 7));
	return cycle;
}

u64 inorder_wbuffer_read(struct inorder_wbuffer *buffer, u64 pa, u64 cycle)
{
	const struct inorder_params *params = buffer->params;
	u64 first;

	advance(buffer, cycle);
	if (acknowledged(buffer, 1) <= cycle)
		return cycle;
	for (unsigned n = 0; n < params->wbuffer_words; n++) {
		const struct inorder_word *word = &buffer->words[n];

		if (align_down(word->number * 8 ^ pa, params->dcache_line) == 0)
			cycle = MAX(cycle, word->gone);
	}
	/* Reads and writes pass the same port: all writes under way, it waits for an answer. */
	first = acknowledged(buffer, params->wbuffer_writes);
	return first > cycle + params->wbuffer_overhead ? first - params->wbuffer_overhead + 1 :
							  cycle;
}

u64 inorder_wbuffer_drain(struct inorder_wbuffer *buffer)
{
	advance(buffer, UINT64_MAX);
	return acknowledged(buffer, 1);
}
