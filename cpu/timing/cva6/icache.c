/* SPDX-License-Identifier: MIT */
/* CVA6's instruction cache. See icache.h. */
#include "cpu/timing/cva6/actions.h"

#include "cpu/hart/exception.h"
#include "cpu/timing/pmp_csr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD 4

static size_t cva6_icache_bytes_of(const struct cva6_icache *icache)
{
	const struct tags_shape *shape = &icache->tags.shape;

	return (size_t)shape->sets * shape->ways * shape->line;
}

int cva6_icache_init(struct cva6_icache *icache, const struct cva6_params *params)
{
	const struct tags_shape shape = {
		(unsigned)params->icache_sets, (unsigned)params->icache_ways,
		(unsigned)params->icache_line,
	};
	int error = tags_init(&icache->tags, &shape);

	icache->bytes = calloc(1, cva6_icache_bytes_of(icache));
	icache->changed = calloc(MEMO_GROUPS, sizeof(*icache->changed));
	return error ? error : icache->bytes && icache->changed ? 0 : -ENOMEM;
}

void cva6_icache_free(struct cva6_icache *icache)
{
	tags_free(&icache->tags);
	free(icache->bytes);
	free(icache->changed);
}

void cva6_icache_reset(struct cva6_icache *icache)
{
	struct tags tags = icache->tags;
	u8 *bytes = icache->bytes;
	u64 *changed = icache->changed;

	*icache = (struct cva6_icache){
		.state = CVA6_ICACHE_FLUSH, .tags = tags, .bytes = bytes, .changed = changed,
	};
	tags_reset(&icache->tags);
	cva6_icache_changed(icache);
	lfsr_reset(&icache->lfsr);
}

void cva6_icache_copy(struct cva6_icache *to, const struct cva6_icache *from)
{
	struct tags tags = to->tags;
	u8 *bytes = to->bytes;
	u64 *changed = to->changed;

	*to = *from;
	to->tags = tags;
	to->bytes = bytes;
	to->changed = changed;
	if (tags_copy(&to->tags, &from->tags))
		memcpy(to->bytes, from->bytes, cva6_icache_bytes_of(from));
}

/*
 * Returns the bytes of a line. The index of a set is within the offset in a page, so it is the same
 * for virtual and physical addresses.
 */
static u8 *cva6_icache_line_of(const struct cva6_icache *icache, u64 paddr, unsigned way)
{
	const struct tags_shape *shape = &icache->tags.shape;
	size_t set = tags_set(&icache->tags, paddr);

	return icache->bytes + (set * shape->ways + way) * shape->line;
}

static u32 word_of(const struct cva6_icache *icache, u64 paddr, const u8 *line)
{
	u32 word;

	memcpy(&word, line + align_down(paddr & (icache->tags.shape.line - 1), WORD), WORD);
	return word;
}

/*
 * Returns whether PMP permits to execute a word. No region ends within a word, and most words are
 * in the same window as the one before.
 */
static bool is_allowed(struct cva6_icache *icache, u64 word, u8 mode)
{
	struct pmp_window *window = &icache->allowed;

	if (word < window->base || word + WORD - 1 > window->last)
		pmp_around(&icache->pmp, word, window);
	return (mode == PRIV_M ? window->machine : window->other) & PMP_X;
}

u64 cva6_icache_word(struct cva6_icache *icache, u64 paddr, u8 mode)
{
	int way = tags_find(&icache->tags, paddr);

	if (!is_allowed(icache, align_down(paddr, WORD), mode))
		return CVA6_DENIED;
	if (way < 0)
		return 0;
	return CVA6_FOUND |
	       word_of(icache, paddr, cva6_icache_line_of(icache, paddr, (unsigned)way));
}

/* After a write to PMP, results about words last no longer, as if lines had changed. */
void cva6_icache_protect(struct cva6_icache *icache, u32 csr, u64 value)
{
	pmp_csr_take(&icache->pmp, csr, value);
	cva6_icache_forget_rights(icache);
	icache->tags.changes++;
	cva6_icache_changed(icache);
}

void cva6_icache_choose(struct cva6_icache *icache, u64 paddr)
{
	u16 valid = tags_valid(&icache->tags, tags_set(&icache->tags, paddr));
	int way = tags_free_way(&icache->tags, valid);

	icache->all_valid = way < 0;
	icache->way =
		(u8)(way < 0 ? lfsr_choice(&icache->lfsr, icache->tags.shape.ways) : (unsigned)way);
}

u32 cva6_icache_fill(struct cva6_icache *icache, const struct timing_host *host, u64 paddr,
		     bool cached)
{
	u64 line = align_down(paddr, icache->tags.shape.line);
	u8 bytes[CVA6_LINE_MAX] = { 0 };

	if (!host->read(host->ctx, line, bytes, icache->tags.shape.line))
		memset(bytes, 0, sizeof(bytes));
	if (cached) {
		tags_fill(&icache->tags, paddr, icache->way);
		icache->changed[cva6_icache_group(icache, paddr)] = icache->tags.changes;
		memcpy(cva6_icache_line_of(icache, paddr, icache->way), bytes,
		       icache->tags.shape.line);
		if (icache->all_valid)
			lfsr_step(&icache->lfsr);
	}
	return word_of(icache, paddr, bytes);
}

/* Accepts the next request, unless a refill comes back in this cycle. */
static void cva6_icache_accept(struct cva6_icache *icache, const struct cva6_icache_in *in,
			       struct cva6_icache_out *out)
{
	icache->state = CVA6_ICACHE_IDLE;
	out->ready = !in->returned;
	if (out->ready && in->request) {
		icache->state = CVA6_ICACHE_READ;
		icache->vaddr = in->vaddr;
	}
	if (in->kill_s1)
		icache->state = CVA6_ICACHE_IDLE;
}

/* Requests the line from memory, and chooses its way. */
static void cva6_icache_miss(struct cva6_icache *icache, const struct cva6_params *params,
			     const struct cva6_icache_in *in, struct cva6_icache_out *out)
{
	if (!in->accepts)
		return;
	out->miss = true;
	icache->state = CVA6_ICACHE_MISS;
	icache->paddr = in->paddr;
	icache->cached = cva6_is_cached(params, in->paddr);
	cva6_action_way(icache);
}

static void cva6_icache_lookup(struct cva6_icache *icache, const struct cva6_params *params,
			       const struct cva6_icache_in *in, struct cva6_icache_out *out)
{
	u64 word;

	if (!in->translated) {
		if (in->kill_s2 || icache->flush_pending)
			icache->state = CVA6_ICACHE_KILL_ATRANS;
		return;
	}
	if (icache->flush_pending) {
		icache->state = CVA6_ICACHE_IDLE;
		return;
	}
	word = in->fault ? CVA6_DENIED : cva6_action_word(icache, in->paddr, in->mode);
	if (word) {
		out->valid = !in->kill_s2;
		out->fault = word & CVA6_DENIED;
		out->word = (u32)word;
		cva6_icache_accept(icache, in, out);
	} else if (in->kill_s2) {
		icache->state = CVA6_ICACHE_IDLE;
	} else {
		cva6_icache_miss(icache, params, in, out);
	}
}

/* Delivers the word of a line that has arrived. A line is kept only if its word is still wanted. */
static void cva6_icache_refill(struct cva6_icache *icache, const struct timing_host *host,
			       struct cva6_icache_out *out)
{
	out->valid = true;
	out->word = cva6_action_line(icache, host);
}

static void flush_set(struct cva6_icache *icache)
{
	if (++icache->flush_count < icache->tags.shape.sets)
		return;
	cva6_action_flush(icache);
	icache->flush_count = 0;
	icache->flush_pending = false;
	icache->state = CVA6_ICACHE_IDLE;
}

void cva6_icache_step(struct cva6_icache *icache, const struct cva6_params *params,
		      const struct timing_host *host, const struct cva6_icache_in *in,
		      struct cva6_icache_out *out)
{
	bool killed;

	*out = (struct cva6_icache_out){ .vaddr = icache->vaddr };
	icache->flush_pending |= in->flush;
	killed = in->kill_s2 || icache->flush_pending;
	switch (icache->state) {
	case CVA6_ICACHE_FLUSH:
		flush_set(icache);
		break;
	case CVA6_ICACHE_IDLE:
		if (icache->flush_pending)
			icache->state = CVA6_ICACHE_FLUSH;
		else
			cva6_icache_accept(icache, in, out);
		break;
	case CVA6_ICACHE_READ:
		cva6_icache_lookup(icache, params, in, out);
		break;
	case CVA6_ICACHE_MISS:
		if (in->returned) {
			icache->state = CVA6_ICACHE_IDLE;
			if (!killed)
				cva6_icache_refill(icache, host, out);
		} else if (killed) {
			icache->state = CVA6_ICACHE_KILL_MISS;
		}
		break;
	case CVA6_ICACHE_KILL_ATRANS:
		if (in->translated)
			icache->state = CVA6_ICACHE_IDLE;
		break;
	default:
		if (in->returned)
			icache->state = CVA6_ICACHE_IDLE;
		break;
	}
}
