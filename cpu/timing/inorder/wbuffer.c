/* SPDX-License-Identifier: MIT */
/* Stores on their way to memory through the write buffer. See wbuffer.h. */
#include "cpu/timing/inorder/wbuffer.h"

#include <emmintrin.h>
#include <string.h>

void inorder_wbuffer_reset(struct inorder_wbuffer *buffer, const struct inorder_params *params)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->params = params;
	inorder_wbuffer_loaded(buffer);
}

/*
 * Returns the bytes that one write sends. The bus accepts aligned powers of two: if the bytes are
 * such a unit, all are sent, else the lowest one.
 */
static u8 part_of(u8 bytes)
{
	switch (bytes) {
	case 0xff:
	case 0xf0:
	case 0x0f:
	case 0xc0:
	case 0x30:
	case 0x0c:
	case 0x03:
		return bytes;
	default:
		return bytes & (u8)-bytes;
	}
}

/* Returns when the write `back` writes ago is acknowledged, or 0 if there were fewer writes. */
static u64 inorder_wbuffer_acknowledged(const struct inorder_wbuffer *buffer, u64 back)
{
	return buffer->writes[(buffer->count - back) % INORDER_WRITES_MAX];
}

/* first_of returns the lowest word of a mask, and without_first the mask without it. */
static unsigned first_of(u32 words)
{
	return (unsigned)__builtin_ctz(words);
}

static u32 without_first(u32 words)
{
	return words & (words - 1);
}

/*
 * Computes when the next word is sent. When a word is found that is ready before the bus is, the
 * search ends, because it cannot be sent any earlier.
 */
static ALWAYS_INLINE void find_due(struct inorder_wbuffer *buffer)
{
	u64 slot = inorder_wbuffer_acknowledged(buffer, buffer->params->wbuffer_writes);
	u64 room = MAX(buffer->sent + 1, slot), ready = UINT64_MAX;

	for (u32 left = buffer->dirty; left && ready > room; left = without_first(left))
		ready = MIN(ready, buffer->words[first_of(left)].ready);
	buffer->ready = ready;
	buffer->room = room;
	buffer->due = MAX(ready, room);
}

void inorder_wbuffer_loaded(struct inorder_wbuffer *buffer)
{
	buffer->dirty = 0;
	for (unsigned n = 0; n < buffer->params->wbuffer_words; n++) {
		const struct inorder_word *word = &buffer->words[n];

		buffer->dirty |= word->bytes ? (u32)BIT(n) : 0;
		buffer->digests[n] = (u8)word->number;
	}
	find_due(buffer);
}

static ALWAYS_INLINE void inorder_wbuffer_send(struct inorder_wbuffer *buffer, unsigned n,
					       u64 cycle)
{
	const struct inorder_params *params = buffer->params;
	struct inorder_word *word = &buffer->words[n];
	u64 gone = cycle + params->memory_latency + params->wbuffer_overhead;

	word->bytes &= (u8)~part_of(word->bytes);
	word->ready = word->gone = gone;
	if (!word->bytes)
		buffer->dirty &= ~(1u << n);
	buffer->writes[buffer->count++ % INORDER_WRITES_MAX] = gone;
	buffer->sent = cycle;
	buffer->next = n + 1 < params->wbuffer_words ? n + 1 : 0;
	find_due(buffer);
}

/*
 * Returns which word is sent in `cycle`: the first one from `next` on, in turn, that is ready.
 * There is at least one.
 */
static ALWAYS_INLINE unsigned inorder_wbuffer_next(const struct inorder_wbuffer *buffer, u64 cycle)
{
	u32 left = buffer->dirty >> buffer->next << buffer->next;

	while (!left || buffer->words[first_of(left)].ready > cycle)
		left = left ? without_first(left) : buffer->dirty;
	return first_of(left);
}

static NOINLINE void send_until(struct inorder_wbuffer *buffer, u64 until)
{
	while (buffer->dirty && buffer->due <= until)
		inorder_wbuffer_send(buffer, inorder_wbuffer_next(buffer, buffer->due),
				     buffer->due);
}

/*
 * Sends all words that are due until that cycle. A word is not sent while a write of it is
 * outstanding.
 */
static ALWAYS_INLINE void inorder_wbuffer_advance(struct inorder_wbuffer *buffer, u64 until)
{
	if (buffer->due <= until)
		send_until(buffer, until);
}

/* Returns a mask of the words whose digest is that of the number. */
static ALWAYS_INLINE u32 inorder_wbuffer_alike(const struct inorder_wbuffer *buffer, u64 number)
{
	const __m128i *digests = (const __m128i *)buffer->digests;
	__m128i wanted = _mm_set1_epi8((char)number);
	__m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(digests), wanted);
	__m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(digests + 1), wanted);

	_Static_assert(INORDER_WORDS_MAX == 32, "as many as are compared");
	return (u32)_mm_movemask_epi8(low) | (u32)_mm_movemask_epi8(high) << 16;
}

static u32 all_words(const struct inorder_wbuffer *buffer)
{
	return (u32)(BIT(buffer->params->wbuffer_words) - 1);
}

#define NOWHERE INORDER_WORDS_MAX

/* Returns the entry that holds the word in `cycle`, or NOWHERE. */
static ALWAYS_INLINE unsigned inorder_wbuffer_place_of(const struct inorder_wbuffer *buffer,
						       u64 number, u64 cycle)
{
	u32 left = inorder_wbuffer_alike(buffer, number) & all_words(buffer);

	for (; left; left = without_first(left)) {
		const struct inorder_word *word = &buffer->words[first_of(left)];

		if (word->number == number && (word->bytes || word->gone > cycle))
			return first_of(left);
	}
	return NOWHERE;
}

/* Returns the first free entry, or NOWHERE. */
static ALWAYS_INLINE unsigned free_place(const struct inorder_wbuffer *buffer, u64 cycle)
{
	for (u32 left = all_words(buffer) & ~buffer->dirty; left; left = without_first(left))
		if (buffer->words[first_of(left)].gone <= cycle)
			return first_of(left);
	return NOWHERE;
}

/*
 * Returns the next cycle in which a write is acknowledged or, if none is outstanding, in which a
 * word is sent.
 */
static ALWAYS_INLINE u64 next_gone(const struct inorder_wbuffer *buffer, u64 cycle)
{
	for (u64 back = buffer->params->wbuffer_writes; back; back--)
		if (inorder_wbuffer_acknowledged(buffer, back) > cycle)
			return inorder_wbuffer_acknowledged(buffer, back);
	return buffer->due;
}

/* Notes that word n has bytes to be sent, since `cycle`. */
static ALWAYS_INLINE void inorder_wbuffer_begin(struct inorder_wbuffer *buffer, unsigned n,
						u64 cycle)
{
	struct inorder_word *word = &buffer->words[n];

	word->ready = MAX(cycle + 1, word->gone);
	buffer->ready = MIN(buffer->ready, word->ready);
	buffer->due = MAX(buffer->ready, buffer->room);
	buffer->dirty |= 1u << n;
}

u64 inorder_wbuffer_put(struct inorder_wbuffer *buffer, u64 pa, unsigned size, u64 cycle)
{
	u64 bytes = MAX(MIN(size, 8), 1); /* a cache block counts as one word */
	u64 number = pa / 8;
	unsigned n;

	inorder_wbuffer_advance(buffer, cycle);
	n = inorder_wbuffer_place_of(buffer, number, cycle);
	while (n == NOWHERE && (n = free_place(buffer, cycle)) == NOWHERE) {
		cycle = next_gone(buffer, cycle);
		inorder_wbuffer_advance(buffer, cycle);
	}
	if (!buffer->words[n].bytes)
		inorder_wbuffer_begin(buffer, n, cycle);
	buffer->words[n].number = number;
	buffer->words[n].bytes |= (u8)((BIT(bytes) - 1) << (pa & 7));
	buffer->digests[n] = (u8)number;
	return cycle;
}

u64 inorder_wbuffer_read(struct inorder_wbuffer *buffer, u64 pa, u64 cycle)
{
	const struct inorder_params *params = buffer->params;
	u64 first;

	inorder_wbuffer_advance(buffer, cycle);
	if (inorder_wbuffer_acknowledged(buffer, 1) <= cycle)
		return cycle;
	for (unsigned n = 0; n < params->wbuffer_words; n++) {
		const struct inorder_word *word = &buffer->words[n];

		if (align_down(word->number * 8 ^ pa, params->dcache_line) == 0)
			cycle = MAX(cycle, word->gone);
	}
	/*
	 * Reads and writes share a port: if all writes are outstanding, the read waits for a
	 * response.
	 */
	first = inorder_wbuffer_acknowledged(buffer, params->wbuffer_writes);
	return first > cycle + params->wbuffer_overhead ? first - params->wbuffer_overhead + 1 :
							  cycle;
}

u64 inorder_wbuffer_drain(struct inorder_wbuffer *buffer)
{
	inorder_wbuffer_advance(buffer, UINT64_MAX);
	return inorder_wbuffer_acknowledged(buffer, 1);
}
