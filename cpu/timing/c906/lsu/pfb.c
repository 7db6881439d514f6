/* SPDX-License-Identifier: MIT */
/*
 * C906's prefetcher for the data cache (aq_lsu_pfb.v, aq_lsu_pfb_entry.v): streams of loads with
 * one stride. One stream is among all loads, and four are of a single pc each. See lsu.h.
 */
#include "cpu/timing/c906/lsu/actions.h"
#include "cpu/timing/c906/lsu/lsu.h"
#include "cpu/timing/c906/lsu/streams.h"

#define PAGE_LINES (PAGE_SIZE / C906_LINE)
#define CONFIDENCE 7
#define STRIDE_LIMIT 1024 /* bytes */

static bool is_active(const struct c906_stream *stream)
{
	return stream->state >= C906_STREAM_ACTIVE && stream->state <= C906_STREAM_AHEAD;
}

/*
 * Returns whether the stream is far enough ahead. The distance has nine bits, unsigned: a jump back
 * counts as far ahead.
 */
static bool is_ahead(const struct c906_stream *stream, const struct c906_params *params)
{
	unsigned distance = (unsigned)(stream->line - (s32)(bits(stream->last, 6, 6))) & 63;
	unsigned limit = (unsigned)(stream->step * (s32)params->dprefetch_distance) & 511;

	if (distance & 32)
		distance |= 0x1c0;
	return stream->step < 0 ? distance <= limit : distance >= limit;
}

static s32 lines_of(s64 stride)
{
	s64 lines = stride >> 6;

	if (stride < 0)
		return (s32)lines;
	return lines ? (s32)lines : 1;
}

static void begin_requests(struct c906_stream *stream, const struct c906_access *load)
{
	s32 step = lines_of(stream->stride), line = (s32)bits(load->pa, 6, 6) + step;

	if (line < 0 || line >= (s32)PAGE_LINES)
		return;
	stream->state = C906_STREAM_REQUEST;
	stream->step = step;
	stream->line = line;
	stream->page = load->pa >> PAGE_SHIFT;
	stream->page_va = load->va >> PAGE_SHIFT;
}

static bool is_short(s64 stride)
{
	return stride && stride >= -STRIDE_LIMIT && stride < STRIDE_LIMIT;
}

/* Handles a load that belongs to a stream that prefetches. */
static void c906_pfb_run(struct c906_stream *stream, const struct c906_access *load, bool same,
			 bool missed)
{
	bool lost = !stream->confidence;

	if (!lost && !same)
		stream->confidence--;
	else if (!lost && stream->confidence < CONFIDENCE)
		stream->confidence++;
	if (stream->state == C906_STREAM_ACTIVE && same && missed) {
		begin_requests(stream, load);
		if (stream->state == C906_STREAM_REQUEST)
			return;
	}
	if (lost)
		stream->state = C906_STREAM_IDLE;
}

static void c906_pfb_meet(struct c906_stream *stream, const struct c906_access *load,
			  unsigned needed, bool missed)
{
	s64 stride = (s64)(load->pa - stream->last);
	bool same = is_short(stride) && stride == stream->stride;

	stream->last = load->pa;
	switch (stream->state) {
	case C906_STREAM_SEEN:
		stream->state = is_short(stride) ? C906_STREAM_STRIDE : C906_STREAM_IDLE;
		stream->stride = stride;
		break;
	case C906_STREAM_STRIDE:
		if (!same) {
			stream->state = C906_STREAM_IDLE;
		} else if (stream->hits++ == needed) {
			stream->state = C906_STREAM_ACTIVE;
			stream->confidence = CONFIDENCE;
			stream->present = false;
		}
		break;
	case C906_STREAM_EXPIRED:
		stream->state = C906_STREAM_ACTIVE;
		break;
	default:
		c906_pfb_run(stream, load, same, missed);
		break;
	}
}

/* Updates the sets of streams after a stream's state has changed. */
static void c906_pfb_note(struct c906_prefetcher *prefetcher, unsigned n)
{
	u8 state = prefetcher->stream[n].state, others = (u8)~BIT(n);
	bool requests = state == C906_STREAM_REQUEST || state == C906_STREAM_AHEAD;

	prefetcher->live = (u8)((prefetcher->live & others) | (state != C906_STREAM_IDLE) << n);
	prefetcher->requests = (u8)((prefetcher->requests & others) | requests << n);
}

void c906_prefetch_renew(struct c906_prefetcher *prefetcher)
{
	prefetcher->expires = 0;
	for (unsigned n = 0; n < C906_STREAMS; n++)
		c906_pfb_note(prefetcher, n);
}

static void c906_pfb_end(struct c906_prefetcher *prefetcher, unsigned n)
{
	prefetcher->stream[n].state = C906_STREAM_IDLE;
	c906_pfb_note(prefetcher, n);
}

/* Returns the entry for a new stream of a pc; or 0 if there is none. */
static unsigned free_stream(const struct c906_prefetcher *prefetcher)
{
	u32 idle = C906_OF_PCS & ~(u32)prefetcher->live;

	if (idle)
		return (unsigned)__builtin_ctz(idle);
	for (unsigned n = 1; n < C906_STREAMS; n++)
		if (prefetcher->stream[n].state == C906_STREAM_EXPIRED)
			return n;
	return 0;
}

/*
 * Returns the streams that a load that missed creates: one among all loads, and one of its pc.
 * `own` has the existing streams of its pc.
 */
static u32 c906_pfb_choose(const struct c906_prefetcher *prefetcher, u32 own)
{
	/* the stream among all loads exists, or is not needed */
	bool first = prefetcher->live & BIT(0);
	unsigned slot = 0;

	if (!own && !is_active(&prefetcher->stream[0]))
		slot = free_stream(prefetcher);
	while (own)
		first |= is_active(&prefetcher->stream[c906_stream_next(&own)]);
	return (slot ? 1u << slot : 0) | !first;
}

static void c906_pfb_create(struct c906_prefetcher *prefetcher, const struct c906_access *load,
			    unsigned n)
{
	struct c906_stream *stream = &prefetcher->stream[n];

	stream->state = C906_STREAM_SEEN;
	stream->last = load->pa;
	stream->hits = 0;
	stream->since = prefetcher->loads;
	if (n)
		prefetcher->pc[n - 1] = c906_stream_pc(load->pc);
	c906_pfb_note(prefetcher, n);
}

/* Handles a load that belongs to a stream in use. */
static void c906_pfb_advance(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			     const struct c906_access *load, bool missed, unsigned n)
{
	struct c906_stream *stream = &prefetcher->stream[n];
	u64 needed = n ? params->dprefetch_pc_hits : params->dprefetch_global_hits;
	u8 before = stream->state;

	stream->since = prefetcher->loads;
	c906_pfb_meet(stream, load, (unsigned)needed, missed);
	if (stream->state != before)
		c906_pfb_note(prefetcher, n);
}

/*
 * Lets those streams of other pcs expire whose last load was long enough ago. Finds out when the
 * next one may.
 */
static void c906_pfb_expire(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			    u32 own)
{
	prefetcher->expires = UINT64_MAX;
	for (u32 left = prefetcher->live & C906_OF_PCS & ~own; left;) {
		unsigned n = c906_stream_next(&left);
		struct c906_stream *stream = &prefetcher->stream[n];
		u64 at = stream->since + params->dprefetch_timeout;

		if (prefetcher->loads == at) {
			stream->state = is_active(stream) ? C906_STREAM_EXPIRED : C906_STREAM_IDLE;
			c906_pfb_note(prefetcher, n);
		} else if (stream->state != C906_STREAM_EXPIRED) {
			prefetcher->expires = MIN(prefetcher->expires, at);
		}
	}
}

void c906_prefetch_advance(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			   const struct c906_access *load, bool missed)
{
	u32 own = c906_streams_of(prefetcher, load->pc), left;
	u32 creates = missed ? c906_pfb_choose(prefetcher, own) : 0;

	if (is_active(&prefetcher->stream[0]))
		for (left = prefetcher->live & C906_OF_PCS; left;)
			c906_pfb_end(prefetcher, c906_stream_next(&left));
	if (prefetcher->loads >= prefetcher->expires)
		c906_pfb_expire(prefetcher, params, own);
	for (left = (own | BIT(0)) & prefetcher->live; left;)
		c906_pfb_advance(prefetcher, params, load, missed, c906_stream_next(&left));
	while (creates)
		c906_pfb_create(prefetcher, load, c906_stream_next(&creates));
	prefetcher->expires =
		MIN(prefetcher->expires, prefetcher->loads + params->dprefetch_timeout);
}

/* Returns whether a line with this index is being filled or written back. */
static bool c906_pfb_is_blocked(const struct c906_lsu *lsu, const struct c906_env *env,
				const struct c906_lsu_cycle *cycle, u64 pa)
{
	u64 others[C906_IN_FLIGHT_MAX];
	unsigned count = c906_lsu_fills(lsu, others);

	count += c906_lsu_stores(lsu, others + count);
	if (lsu->merge.state)
		others[count++] = lsu->merge.pa;
	if (lsu->victim.state)
		others[count++] = lsu->victim.pa;
	if (cycle->compares && c906_access_stores(&cycle->dc))
		others[count++] = cycle->dc.pa;
	return c906_action_same(env, C906_SAME_INDEX, pa, others, count);
}

u64 c906_prefetch_address(const struct c906_stream *stream, u64 page)
{
	return (page << PAGE_SHIFT) | (u64)(stream->line & 63) * C906_LINE;
}

void c906_prefetch_flush(struct c906_prefetcher *prefetcher)
{
	for (unsigned n = 0; n < C906_STREAMS; n++)
		c906_pfb_end(prefetcher, n);
	prefetcher->missed = false;
}

int c906_prefetch_first(const struct c906_prefetcher *prefetcher)
{
	for (u32 left = prefetcher->requests; left;) {
		unsigned n = c906_stream_next(&left);

		if (prefetcher->stream[n].state == C906_STREAM_REQUEST)
			return (int)n;
	}
	return -1;
}

int c906_prefetch_wants(const struct c906_lsu *lsu, const struct c906_env *env,
			const struct c906_lsu_cycle *cycle, struct c906_fill *fill)
{
	int n = c906_action_stream(env, &fill->va, &fill->pa);

	return n >= 0 && !c906_pfb_is_blocked(lsu, env, cycle, fill->pa) ? n : -1;
}

/* Returns whether the loads of the stream have left the page of its requests. */
static bool is_elsewhere(const struct c906_stream *stream)
{
	return stream->page != stream->last >> PAGE_SHIFT;
}

/* Returns whether the stream will request more without a load. */
static bool requests_more(const struct c906_stream *stream, const struct c906_params *params)
{
	return stream->state == C906_STREAM_REQUEST ||
	       (stream->state == C906_STREAM_AHEAD &&
		(!is_ahead(stream, params) || is_elsewhere(stream)));
}

bool c906_prefetch_requests_more(const struct c906_prefetcher *prefetcher,
				 const struct c906_params *params)
{
	for (u32 left = prefetcher->requests; left;)
		if (requests_more(&prefetcher->stream[c906_stream_next(&left)], params))
			return true;
	return false;
}

static void c906_pfb_step(struct c906_stream *stream, const struct c906_params *params,
			  bool granted)
{
	bool ahead = is_ahead(stream, params);

	if (stream->state == C906_STREAM_AHEAD) {
		if (!ahead)
			stream->state = C906_STREAM_REQUEST;
		else if (is_elsewhere(stream))
			stream->state = C906_STREAM_IDLE;
		return;
	}
	if (granted) {
		stream->line += stream->step;
		if (stream->line < 0 || stream->line >= (s32)PAGE_LINES) {
			stream->state = C906_STREAM_ACTIVE;
			stream->line &= 63;
			return;
		}
	}
	if (ahead)
		stream->state = C906_STREAM_AHEAD;
}

bool c906_prefetch_step(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			int granted)
{
	bool runs = false;

	for (u32 left = prefetcher->requests; left;) {
		unsigned n = c906_stream_next(&left);
		struct c906_stream *stream = &prefetcher->stream[n];

		c906_pfb_step(stream, params, (int)n == granted);
		c906_pfb_note(prefetcher, n);
		runs |= requests_more(stream, params);
	}
	return runs;
}

/* Notes whether a requested line was there. Two such requests in a row end a stream. */
void c906_prefetch_checked(struct c906_prefetcher *prefetcher, unsigned n, bool present)
{
	struct c906_stream *stream = &prefetcher->stream[n];

	if (!present || !stream->present)
		stream->present = present;
	else if (is_active(stream))
		c906_pfb_end(prefetcher, n);
}
