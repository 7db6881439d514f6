/* SPDX-License-Identifier: MIT */
/*
 * Software prefetching in strips (loop.h; Callahan et al., "Software Prefetching", ASPLOS 1991) of
 * loops that copy memory. The hardware prefetchers of a host begin only after some accesses to a
 * page have missed its caches, and a strip ends at the end of a page.
 */
#ifndef CPU_JIT_LOOP_PREFETCH_H
#define CPU_JIT_LOOP_PREFETCH_H

struct address;
struct gen;
struct loop;
struct stream;

/*
 * Writes, before a strip, prefetches of the first cache lines of the stream. RDX has the guest
 * address of its first byte, and RCX the addend.
 */
void gen_prefetch_first(struct gen *gen, const struct loop *loop, const struct stream *stream);

/* Writes, in a strip, a prefetch ahead of an access of a stream; only one in each iteration. */
void gen_prefetch_ahead(struct gen *gen, unsigned stream, const struct address *address);

#endif
