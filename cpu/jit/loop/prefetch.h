/* SPDX-License-Identifier: MIT */
/*
 * Software prefetching in strips (loop.h; Callahan et al., "Software Prefetching", ASPLOS 1991):
 * a loop that copies memory has what it reads fetched ahead of its accesses. A host does so by
 * itself, but not before some accesses of a page have missed its caches, and a strip ends where
 * the page does.
 */
#ifndef CPU_JIT_LOOP_PREFETCH_H
#define CPU_JIT_LOOP_PREFETCH_H

struct address;
struct gen;
struct loop;
struct stream;

/*
 * In front of a strip: writes what fetches the first lines of the stream. RDX has the guest's
 * address of its first byte, RCX what is to be added to that for the host's.
 */
void gen_prefetch_first(struct gen *gen, const struct loop *loop, const struct stream *stream);

/* In the strip: writes what fetches ahead of an access of a stream, once in a round. */
void gen_prefetch_ahead(struct gen *gen, unsigned stream, const struct address *address);

#endif
