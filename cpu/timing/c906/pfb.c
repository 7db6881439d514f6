/* SPDX-License-Identifier: MIT */
/*
 * C906's prefetching into the data cache (aq_lsu_pfb.v, aq_lsu_pfb_entry.v): streams of loads with
 * one stride, one among all of them and four each of one pc. See lsu.h.
 */
#include "cpu/timing/c906/asked.h"
#include "cpu/timing/c906/lsu.h"

#define PAGE_LINES (PAGE_SIZE / C906_LINE)
#define CONFIDENCE 7
#define STRIDE_LIMIT 1024 /* bytes */
#define PC(pc) ((u16)bits(pc, 1, 15))

static bool is_active(const struct c906_stream *stream)
{
	return stream->state >= C906_STREAM_ACTIVE && stream->state <= C906_STREAM_AHEAD;
}

/* Is it far enough ahead? Nine bits, unsigned: a jump back counts as far ahead. */
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

static void create(struct c906_stream *stream, const struct c906_access *load)
{
	stream->state = C906_STREAM_SEEN;
	stream->last = load->pa;
	stream->pc = PC(load->pc);
	stream->hits = stream->others = 0;
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

/* A load of a stream that runs. */
static void run(struct c906_stream *stream, const struct c906_access *load, bool same,
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

static void meet(struct c906_stream *stream, const struct c906_access *load, unsigned needed,
		 bool missed)
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
		run(stream, load, same, missed);
		break;
	}
}

/* A stream of a pc counts the loads of others. */
static void age(struct c906_stream *stream, const struct c906_params *params, bool own)
{
	stream->others = own ? 0 : stream->others + 1;
	if (stream->others != params->dprefetch_timeout)
		return;
	stream->state = is_active(stream) || stream->state == C906_STREAM_EXPIRED ?
				C906_STREAM_EXPIRED : C906_STREAM_IDLE;
}

/* Where a new stream of a pc goes, or -1. */
static int free_stream(const struct c906_prefetcher *prefetcher)
{
	static const u8 states[] = { C906_STREAM_IDLE, C906_STREAM_EXPIRED };

	for (unsigned n = 0; n < ARRAY_SIZE(states); n++)
		for (int i = 1; i < C906_STREAMS; i++)
			if (prefetcher->stream[i].state == states[n])
				return i;
	return -1;
}

static void advance(struct c906_prefetcher *prefetcher, const struct c906_params *params,
		    const struct c906_access *load, bool missed, u32 creates)
{
	for (unsigned n = 0; n < C906_STREAMS; n++) {
		struct c906_stream *stream = &prefetcher->stream[n];
		bool own = n == 0 || stream->pc == PC(load->pc), was_there = stream->state;
		u64 needed = n ? params->dprefetch_pc_hits : params->dprefetch_global_hits;

		if (!was_there && !(creates >> n & 1))
			continue;
		if (n && was_there)
			age(stream, params, own);
		if (was_there && !stream->state)
			continue;
		if (was_there && own)
			meet(stream, load, (unsigned)needed, missed);
		else if (creates >> n & 1 && (!was_there || stream->state == C906_STREAM_EXPIRED))
			create(stream, load);
	}
}

/* Which streams a load that missed creates: one for all, one of its pc. */
static u32 choose(const struct c906_prefetcher *prefetcher, u16 pc, bool all)
{
	bool known = false, runs = false;
	int slot = -1;

	for (unsigned n = 1; n < C906_STREAMS; n++) {
		const struct c906_stream *stream = &prefetcher->stream[n];
		bool same = stream->state && stream->pc == pc;

		known |= same;
		runs |= same && is_active(stream);
	}
	if (!all && !known)
		slot = free_stream(prefetcher);
	return (slot > 0 ? 1u << slot : 0) | !runs;
}

/* Most often none is under way, and nothing happens to them. */
static ALWAYS_INLINE bool has_streams(const struct c906_prefetcher *prefetcher)
{
	u8 states = 0;

	for (unsigned n = 0; n < C906_STREAMS; n++)
		states |= prefetcher->stream[n].state;
	return states;
}

void c906_prefetch_load(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			const struct c906_access *load, bool missed)
{
	bool all = is_active(&prefetcher->stream[0]);
	u32 creates;

	if (!params->dprefetch_enabled)
		return;
	if (load->half == C906_FIRST) {
		prefetcher->missed |= missed;
		return;
	}
	missed |= prefetcher->missed;
	prefetcher->missed = false;
	if (!missed && !has_streams(prefetcher))
		return;
	creates = missed ? choose(prefetcher, PC(load->pc), all) : 0;
	for (unsigned n = 1; n < C906_STREAMS && all; n++)
		prefetcher->stream[n].state = C906_STREAM_IDLE;
	advance(prefetcher, params, load, missed, creates);
}

/* Is something on its way in or out with the line's index? */
static bool is_blocked(const struct c906_lsu *lsu, const struct c906_env *env,
		       const struct c906_lsu_cycle *cycle, u64 pa)
{
	u64 others[C906_UNDER_WAY_MAX];
	unsigned count = c906_lsu_fills(lsu, others);

	count += c906_lsu_stores(lsu, others + count);
	if (lsu->merge.state)
		others[count++] = lsu->merge.pa;
	if (lsu->victim.state)
		others[count++] = lsu->victim.pa;
	if (cycle->compares && c906_access_stores(&cycle->dc))
		others[count++] = cycle->dc.pa;
	return c906_ask_same(env, C906_SAME_INDEX, pa, others, count);
}

u64 c906_prefetch_address(const struct c906_stream *stream, u64 page)
{
	return (page << PAGE_SHIFT) | (u64)(stream->line & 63) * C906_LINE;
}

void c906_prefetch_flush(struct c906_prefetcher *prefetcher)
{
	for (unsigned n = 0; n < C906_STREAMS; n++)
		prefetcher->stream[n].state = C906_STREAM_IDLE;
	prefetcher->missed = false;
}

int c906_prefetch_first(const struct c906_prefetcher *prefetcher)
{
	for (int n = 0; n < C906_STREAMS; n++)
		if (prefetcher->stream[n].state == C906_STREAM_REQUEST)
			return n;
	return -1;
}

int c906_prefetch_wants(const struct c906_lsu *lsu, const struct c906_env *env,
			const struct c906_lsu_cycle *cycle, struct c906_fill *fill)
{
	int n = c906_ask_stream(env, &fill->va, &fill->pa);

	return n >= 0 && !is_blocked(lsu, env, cycle, fill->pa) ? n : -1;
}

bool c906_prefetch_runs(const struct c906_prefetcher *prefetcher, const struct c906_params *params)
{
	if (!has_streams(prefetcher))
		return false;
	for (unsigned n = 0; n < C906_STREAMS; n++) {
		const struct c906_stream *stream = &prefetcher->stream[n];

		if (stream->state == C906_STREAM_REQUEST)
			return true;
		if (stream->state == C906_STREAM_AHEAD &&
		    (!is_ahead(stream, params) || stream->page != stream->last >> PAGE_SHIFT))
			return true;
	}
	return false;
}

static void step(struct c906_stream *stream, const struct c906_params *params, bool granted)
{
	bool ahead = is_ahead(stream, params);

	if (stream->state == C906_STREAM_AHEAD) {
		if (!ahead)
			stream->state = C906_STREAM_REQUEST;
		else if (stream->page != stream->last >> PAGE_SHIFT)
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

void c906_prefetch_step(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			int granted)
{
	for (int n = 0; n < C906_STREAMS; n++) {
		struct c906_stream *stream = &prefetcher->stream[n];

		if (stream->state == C906_STREAM_REQUEST || stream->state == C906_STREAM_AHEAD)
			step(stream, params, n == granted);
	}
}

/* Two in a row that need not have been asked for end a stream. */
void c906_prefetch_checked(struct c906_stream *stream, bool present)
{
	if (!present || !stream->present)
		stream->present = present;
	else if (is_active(stream))
		stream->state = C906_STREAM_IDLE;
}
