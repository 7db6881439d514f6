/* SPDX-License-Identifier: MIT */
/* Stores on their way to memory. See wbuffer.h. */
#include "cpu/timing/inorder/wbuffer.h"

#include <string.h>

void inorder_wbuffer_reset(struct inorder_wbuffer *buffer, const struct inorder_params *params)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->params = params;
	for (unsigned n = 0; n < params->wbuffer_words; n++)
		buffer->words[n].word = UINT64_MAX;
}

/*
 * How many writes bytes of a word take: the bus knows aligned powers of two, so one where they are
 * that; else the lowest goes first.
 */
static unsigned writes_of(u8 mask)
{
	static const u8 aligned[] = { 0xff, 0xf0, 0x0f, 0xc0, 0x30, 0x0c, 0x03 };
	unsigned count = 0;

	for (; mask; mask &= (u8)(mask - 1)) {
		count++;
		for (unsigned n = 0; n < ARRAY_SIZE(aligned); n++)
			if (mask == aligned[n])
				return count;
	}
	return count;
}

static u64 time_of_write(const struct inorder_wbuffer *buffer)
{
	return buffer->params->memory_latency + buffer->params->wbuffer_overhead;
}

/* Begin a write of the word in `cycle` or later, in the slot that is free first. */
static void send(struct inorder_wbuffer *buffer, struct inorder_word *word, u64 cycle)
{
	unsigned slot = 0;

	for (unsigned n = 1; n < buffer->params->wbuffer_writes; n++)
		if (buffer->writes[n].gone < buffer->writes[slot].gone)
			slot = n;
	word->sent = MAX(cycle, buffer->writes[slot].gone);
	word->gone = word->sent + time_of_write(buffer);
	word->write = (u8)slot;
	buffer->writes[slot].sent = word->sent;
	buffer->writes[slot].gone = word->gone;
	buffer->drained = MAX(buffer->drained, word->gone);
}

/* More bytes for one that waits: it may take more writes then, or fewer. */
static void merge(struct inorder_wbuffer *buffer, struct inorder_word *word, u8 mask)
{
	unsigned before = writes_of(word->mask);
	u64 more;

	word->mask |= mask;
	more = (u64)((s64)writes_of(word->mask) - before) * time_of_write(buffer);
	word->gone += more;
	buffer->writes[word->write].gone += more;
	buffer->drained = MAX(buffer->drained, word->gone);
}

/* What holds the word in `cycle`, or else the place that is free first. */
static struct inorder_word *place_of(struct inorder_wbuffer *buffer, u64 number, u64 cycle)
{
	struct inorder_word *place = &buffer->words[0];

	for (unsigned n = 0; n < buffer->params->wbuffer_words; n++) {
		struct inorder_word *word = &buffer->words[n];

		if (word->word == number && word->gone > cycle)
			return word;
		if (word->gone < place->gone)
			place = word;
	}
	return place;
}

u64 inorder_wbuffer_put(struct inorder_wbuffer *buffer, u64 pa, unsigned size, u64 cycle)
{
	u64 number = pa / 8;
	u8 mask = (u8)((BIT(MIN(size, 8)) - 1) << (pa & 7));
	struct inorder_word *word = place_of(buffer, number, cycle);

	if (word->word == number && word->gone > cycle) {
		if (word->sent > cycle) {
			merge(buffer, word, mask);
			return cycle;
		}
		/* Not while bytes of it are under way. */
		send(buffer, word, word->gone);
		word->mask = mask;
		return cycle;
	}
	cycle = MAX(cycle, word->gone);
	word->word = number;
	word->mask = mask;
	send(buffer, word, MAX(cycle, buffer->sent) + 1);
	buffer->sent = word->sent;
	return cycle;
}

static bool is_under_way(u64 sent, u64 gone, u64 cycle)
{
	return sent <= cycle && gone > cycle;
}

u64 inorder_wbuffer_read(const struct inorder_wbuffer *buffer, u64 pa, u64 cycle)
{
	const struct inorder_params *params = buffer->params;
	u64 line = pa / params->dcache_line, first = UINT64_MAX;
	unsigned count = 0;

	if (buffer->drained <= cycle)
		return cycle;
	for (unsigned n = 0; n < params->wbuffer_words; n++) {
		const struct inorder_word *word = &buffer->words[n];

		if (word->word * 8 / params->dcache_line == line &&
		    is_under_way(word->sent, word->gone, cycle))
			cycle = word->gone;
	}
	/* Reads and writes pass the same port: all slots taken, it waits for an answer. */
	for (unsigned n = 0; n < params->wbuffer_writes; n++)
		if (is_under_way(buffer->writes[n].sent, buffer->writes[n].gone, cycle)) {
			count++;
			first = MIN(first, buffer->writes[n].gone);
		}
	return count == params->wbuffer_writes && first > cycle + params->wbuffer_overhead ?
		       first - params->wbuffer_overhead + 1 : cycle;
}
