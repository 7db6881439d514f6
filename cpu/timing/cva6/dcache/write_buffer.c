/* SPDX-License-Identifier: MIT */
/*
 * The write buffer of CVA6's data cache (wt_dcache_wbuffer.sv): words into which stores are merged,
 * and which are sent to memory in parts. A word leaves when its parts are acknowledged and the
 * cache, if it has the line, was written. See dcache.h.
 */
#include "cpu/timing/cva6/dcache/write_buffer.h"

#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/units/arbiter.h"

#include <string.h>

#define WORD 8
#define OF_WORD (~(u64)(WORD - 1))

static unsigned cva6_writes_lowest(u32 mask)
{
	return (unsigned)__builtin_ctz(mask);
}

u32 cva6_writes_unchecked(const struct cva6_write_buffer *writes)
{
	u32 unchecked = 0;

	for (u32 left = writes->used; left; left &= left - 1) {
		unsigned n = cva6_writes_lowest(left);

		unchecked |= (u32)!writes->word[n].checked << n;
	}
	return unchecked;
}

/* Returns the bytes of a word to be sent: none while a part of it is outstanding. */
static u8 to_send(const struct cva6_word *word)
{
	return word->sending ? 0 : word->dirty & word->valid;
}

/*
 * Returns the part to be sent: the whole word, an aligned half or pair if exactly its bytes are
 * dirty, or else the first byte (toSize64).
 */
static u8 cva6_writes_part_of(u8 dirty)
{
	switch (dirty) {
	case 0xff:
	case 0x0f:
	case 0xf0:
	case 0x03:
	case 0x0c:
	case 0x30:
	case 0xc0:
		return dirty;
	default:
		return dirty & (u8)-dirty;
	}
}

static unsigned free_write(const struct cva6_write_buffer *writes, const struct cva6_params *params)
{
	unsigned n = 0;

	while (n < params->wbuffer_writes && writes->write[n].valid)
		n++;
	return n;
}

/* Returns the words of which something can be sent, a bit for each. */
static u32 cva6_writes_wanted(const struct cva6_write_buffer *writes)
{
	u32 wanted = 0;

	for (u32 left = writes->used; left; left &= left - 1) {
		unsigned n = cva6_writes_lowest(left);

		wanted |= (u32)(to_send(&writes->word[n]) != 0) << n;
	}
	return wanted;
}

bool cva6_writes_arbitrate(const struct cva6_write_buffer *writes)
{
	u32 dirty = writes->locked ? writes->lock : cva6_writes_wanted(writes);

	return dirty ? dirty & (dirty - 1) : writes->used;
}

bool cva6_writes_rest(const struct cva6_write_buffer *writes)
{
	if (writes->checking || writes->checked || writes->locked || writes->array_written ||
	    writes->returned_count)
		return false;
	for (u32 left = writes->used; left; left &= left - 1) {
		const struct cva6_word *word = &writes->word[cva6_writes_lowest(left)];

		if (!word->checked || to_send(word))
			return false;
	}
	return true;
}

bool cva6_writes_request(const struct cva6_write_buffer *writes, const struct cva6_params *params,
			 struct cva6_dcache_cycle *cycle)
{
	u32 wanted = cva6_writes_wanted(writes);
	u8 bytes;

	/*
	 * A choice that was not accepted is kept, among the words that were there when it was made.
	 */
	cycle->dirty = writes->locked ? writes->lock : wanted;
	if (!cycle->dirty)
		return false;
	cycle->dirty_word =
		arbiter_choice(cycle->dirty, (unsigned)params->wbuffer_words, writes->rr_dirty);
	cycle->free_write = free_write(writes, params);
	bytes = to_send(&writes->word[cycle->dirty_word]);
	cycle->sent_bytes = cva6_writes_part_of(bytes);
	cycle->sent_address = writes->word[cycle->dirty_word].address;
	if (bytes)
		cycle->sent_address += (unsigned)__builtin_ctz(bytes);
	return wanted && cycle->free_write < params->wbuffer_writes;
}

bool cva6_writes_to_line(const struct cva6_dcache *dcache, u64 address)
{
	const struct cva6_write_buffer *writes = &dcache->writes;
	u64 addresses[CVA6_WRITES_MAX];
	unsigned count = 0;

	for (unsigned n = 0; n < CVA6_WRITES_MAX; n++)
		if (writes->write[n].valid)
			addresses[count++] = writes->word[writes->write[n].word].address;
	return actions_same(dcache->actions, ~(u64)(dcache->tags.shape.line - 1), address,
			    addresses, count);
}

/*
 * Returns whether the bank of a word is being read in this cycle. Reads of tags alone do not count.
 */
static bool bank_busy(const struct cva6_dcache *dcache, const struct cva6_dcache_cycle *cycle,
		      const struct cva6_word *word)
{
	unsigned choice = cycle->read_choice;

	if (choice >= CVA6_READ_PORTS || !(cycle->read_acks >> choice & 1))
		return false;
	return actions_same(dcache->actions, (dcache->tags.shape.line - 1) & OF_WORD,
			    dcache->port[choice].address, &word->address, 1);
}

/*
 * Returns whether the oldest acknowledged write may leave. Bytes that are dirty again need not be
 * written to the cache.
 */
static bool cva6_writes_can_evict(const struct cva6_dcache *dcache,
				  const struct cva6_dcache_cycle *cycle)
{
	const struct cva6_write_buffer *writes = &dcache->writes;
	const struct cva6_write *write = &writes->write[writes->returned[0]];
	const struct cva6_word *word = &writes->word[write->word];

	if (!writes->returned_count || !word->checked)
		return false;
	if (!(write->bytes & ~word->dirty) || !word->hit)
		return true;
	return !cycle->line_written && !bank_busy(dcache, cycle, word);
}

/*
 * Removes the oldest acknowledged write. Returns whether its word has left, and the cache does not
 * have its line.
 */
static bool cva6_writes_evict(struct cva6_write_buffer *writes)
{
	struct cva6_write *write = &writes->write[writes->returned[0]];
	struct cva6_word *word = &writes->word[write->word];

	word->sending &= (u8)~write->bytes;
	word->valid &= (u8) ~(write->bytes & ~word->dirty);
	if (!word->valid) {
		word->checked = false;
		writes->used &= ~(1u << write->word);
	}
	write->valid = false;
	writes->returned_count--;
	memmove(&writes->returned[0], &writes->returned[1], writes->returned_count);
	return !word->valid && !word->hit;
}

static void cva6_write_buffer_send(struct cva6_write_buffer *writes,
				   const struct cva6_dcache_cycle *cycle)
{
	struct cva6_word *word = &writes->word[cycle->dirty_word];

	word->dirty &= (u8)~cycle->sent_bytes;
	word->sending |= cycle->sent_bytes;
	writes->write[cycle->free_write] = (struct cva6_write){
		.valid = true, .bytes = cycle->sent_bytes, .word = (u8)cycle->dirty_word,
	};
}

static void advance_arbiter(struct cva6_write_buffer *writes, const struct cva6_dcache_cycle *cycle,
			    bool sent)
{
	if (sent)
		writes->rr_dirty = (u8)arbiter_next(cycle->dirty, writes->rr_dirty);
	writes->locked = cycle->dirty && !sent;
	writes->lock = cycle->dirty;
}

/*
 * Steps the lookup. It takes three cycles: tags, comparison, result. Other lines may be written in
 * between.
 */
static void step_lookup(struct cva6_dcache *dcache, const struct cva6_dcache_cycle *cycle)
{
	struct cva6_write_buffer *writes = &dcache->writes;
	struct cva6_word *word = &writes->word[writes->checked_word];

	if (writes->checked && word->valid) {
		word->checked = true;
		word->hit = writes->checked_hit;
	}
	writes->checked = writes->checking;
	writes->checked_word = writes->checking_word;
	word = &writes->word[writes->checked_word];
	writes->checked_hit = writes->checked && cva6_action_holds(dcache, word->address);
	writes->checking = cycle->read_acks >> CVA6_PORT_WRITES & 1;
	writes->checking_word = (u8)cycle->checked_word;
}

/* Lists the words in use, with their numbers. Returns how many there are. */
static unsigned list_words(const struct cva6_write_buffer *writes, u64 *addresses, u8 *words)
{
	unsigned count = 0;

	for (u32 left = writes->used; left; left &= left - 1) {
		words[count] = (u8)cva6_writes_lowest(left);
		addresses[count] = writes->word[words[count]].address;
		count++;
	}
	return count;
}

static void forget_set(struct cva6_dcache *dcache, u64 line)
{
	const struct tags_shape *shape = &dcache->tags.shape;
	u64 of_set = (u64)(shape->sets - 1) * shape->line, addresses[CVA6_WORDS_MAX];
	u8 words[CVA6_WORDS_MAX];
	unsigned count = list_words(&dcache->writes, addresses, words);
	u32 same = actions_same(dcache->actions, of_set, line, addresses, count);

	for (; same; same &= same - 1)
		dcache->writes.word[words[cva6_writes_lowest(same)]].checked = false;
}

static void forget_lookups(struct cva6_dcache *dcache, const struct cva6_dcache_cycle *cycle)
{
	struct cva6_write_buffer *writes = &dcache->writes;

	if (cycle->array_written)
		forget_set(dcache, cycle->array_line);
	if (writes->array_written)
		forget_set(dcache, writes->array_line);
	writes->array_written = cycle->array_written;
	writes->array_line = cycle->array_line;
}

/*
 * Returns the word that a store goes to: the one of its address, or the first free one; or -1 if
 * there is neither.
 */
static int word_for(const struct cva6_dcache *dcache, const struct cva6_params *params, u64 address)
{
	u64 addresses[CVA6_WORDS_MAX];
	u8 words[CVA6_WORDS_MAX];
	unsigned count = list_words(&dcache->writes, addresses, words);
	u32 free, same = actions_same(dcache->actions, OF_WORD, address, addresses, count);

	if (same)
		return words[cva6_writes_lowest(same)];
	free = ~dcache->writes.used & (u32)(BIT(params->wbuffer_words) - 1);
	return free ? (int)cva6_writes_lowest(free) : -1;
}

static void cva6_writes_merge(struct cva6_word *word, const struct cva6_store *store)
{
	word->checked = false;
	if (!word->valid)
		word->address = align_down(store->address, WORD);
	word->valid |= store->bytes;
	word->dirty |= store->bytes;
}

void cva6_writes_step(struct cva6_dcache *dcache, const struct cva6_params *params,
		      struct cva6_dcache_cycle *cycle)
{
	struct cva6_write_buffer *writes = &dcache->writes;
	bool leaves = cva6_writes_can_evict(dcache, cycle),
	     sent = cycle->miss_acks >> CVA6_PORT_WRITES & 1;
	int goes = cycle->store_request ? word_for(dcache, params, cycle->store.address) : -1;

	step_lookup(dcache, cycle);
	forget_lookups(dcache, cycle);
	if (leaves)
		cycle->write_missed = cva6_writes_evict(writes);
	if (sent)
		cva6_write_buffer_send(writes, cycle);
	advance_arbiter(writes, cycle, sent);
	if (cycle->store_ack && writes->returned_count < CVA6_WRITES_MAX)
		writes->returned[writes->returned_count++] = cycle->returned.write;
	cycle->store_granted = goes >= 0;
	if (goes < 0)
		return;
	cva6_writes_merge(&writes->word[goes], &cycle->store);
	writes->used |= 1u << goes;
}
