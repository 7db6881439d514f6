/* SPDX-License-Identifier: MIT */
/* Prefetches the streams of strips (see prefetch.h). */
#include "cpu/jit/loop/prefetch.h"

#include "cpu/jit/probe.h"

#define HOST_LINE 64

/*
 * The bytes of a stream that are prefetched before a strip; in the strip, each iteration prefetches
 * at this distance ahead.
 */
#define AHEAD 256

/*
 * A loop whose iterations move at least this far is probably a memcpy. Loops with shorter steps
 * often access what is in a cache already, and would prefetch each line several times: a stencil of
 * doubles would take 1.27 times as long. Lines that are only written need not be prefetched.
 */
#define STEP_LEAST 32

/*
 * Returns whether a stream is prefetched. Loops with vectors have other accesses
 * (emit/vector/mem.c); prefetching for them has not been tried.
 */
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
