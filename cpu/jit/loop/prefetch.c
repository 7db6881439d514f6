/* SPDX-License-Identifier: MIT */
/* Fetches streams of strips ahead of their accesses (see prefetch.h). */
#include "cpu/jit/loop/prefetch.h"

#include "cpu/jit/probe.h"

#define HOST_LINE 64

/* So many bytes of a stream are fetched in front of a strip, and so far ahead of it in there. */
#define AHEAD 256

/*
 * A round that moves by so much is that of a memcpy. Shorter ones often come back to what a cache
 * has, and would fetch each line several times: a stencil of doubles takes 1.27 of the time. Lines
 * that are only written need not be there.
 */
#define STEP_LEAST 32

/* Loops with vectors have other accesses (emit/vector_mem.c), and were not tried. */
static bool is_fetched(const struct loop *loop, const struct stream *stream)
{
	return stream->reads && stream->least >= STEP_LEAST && !loop->vectors;
}

void gen_prefetch_first(struct gen *gen, const struct loop *loop, const struct stream *stream)
{
	if (!is_fetched(loop, stream))
		return;
	for (s64 at = 0; at < AHEAD; at += HOST_LINE)
		X86(&gen->x, PREFETCHT0, x86_indexed(1, RCX, RDX, 1, at));
}

void gen_prefetch_ahead(struct gen *gen, unsigned stream, const struct address *address)
{
	struct loops *loops = &gen->loops;

	if (!is_fetched(loops->strip, &loops->strip->stream[stream]) ||
	    loops->fetched >> stream & 1)
		return;
	loops->fetched |= 1u << stream;
	X86(&gen->x, PREFETCHT0,
	    x86_indexed(1, address->base, address->index, 1, (s64)address->disp + AHEAD));
}
