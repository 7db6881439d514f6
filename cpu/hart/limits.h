/* SPDX-License-Identifier: MIT */
/*
 * Sizes of caches that only make the machine fast. They are constants in programs without
 * sanitizers. A program with sanitizers (CMake: BAYA_SANITIZE), run with BAYA_PARANOID=1 in its
 * environment, exposes bugs: the sizes are so small that boots and random programs fill the caches
 * all the time, links are cut and emitters left out at random, and events of the same time are
 * reversed. Arrays have the usual sizes, which are the largest.
 */
#ifndef CPU_HART_LIMITS_H
#define CPU_HART_LIMITS_H

#include "bus/base.h"

#ifdef BAYA_SANITIZE
/* Returns whether the environment had BAYA_PARANOID=1 when the program began. */
bool limits_paranoid(void) __attribute__((const));
#else
#define limits_paranoid() false
#endif

#define LIMIT(usual, paranoid) (limits_paranoid() ? (paranoid) : (usual))

#define TLB_ENTRIES_MAX 32768
#define TLB_ENTRIES LIMIT(TLB_ENTRIES_MAX, 1)
#define TLB_WRITTEN_PAGES 4096
#define TLB_SITES_MAX 1024
#define TLB_SITES LIMIT(TLB_SITES_MAX, 2)
#define TLB_SPANS_MAX 128
#define TLB_SPANS LIMIT(TLB_SPANS_MAX, 2)
#define TLB_VIEWS_MAX 16
#define TLB_VIEWS_MIN 3
#define TLB_VIEWS LIMIT(TLB_VIEWS_MAX, TLB_VIEWS_MIN)
#define TLB_SPACES_MAX 40
#define TLB_SPACES_MIN 8
#define TLB_SPACES LIMIT(TLB_SPACES_MAX, TLB_SPACES_MIN)
#define TLB_SPACE_PAGES_MAX 65536
#define TLB_SPACE_PAGES LIMIT(TLB_SPACE_PAGES_MAX, 1)
#define TLB_SPACE_TABLES_MAX 512
#define TLB_SPACE_TABLES LIMIT(TLB_SPACE_TABLES_MAX, 1)
#define TLB_TABLES_MAX 4096
#define TLB_TABLES_MIN 48
#define TLB_TABLES LIMIT(TLB_TABLES_MAX, TLB_TABLES_MIN)
#define TLB_JUMPS_MAX 16384
#define TLB_JUMPS LIMIT(TLB_JUMPS_MAX, 1)

#define MODE_VIEWS_MAX 128
#define MODE_VIEWS LIMIT(MODE_VIEWS_MAX, 1)

#define BLOCK_INSNS_MAX 64
#define BLOCK_INSNS LIMIT(BLOCK_INSNS_MAX, 1)
#define BLOCK_LINK_KEPT(steps) (!limits_paranoid() || (steps) * 0x9e3779b97f4a7c15ull >> 63)
#define BLOCK_CACHE_ARENA LIMIT(64u << 20, 65536) /* some loops */
#define BLOCK_CACHE_CHUNKS_MAX 32
#define BLOCK_CACHE_CHUNKS_MIN 2 /* a block still runs while the next one is made */
#define BLOCK_CACHE_CHUNKS LIMIT(BLOCK_CACHE_CHUNKS_MAX, BLOCK_CACHE_CHUNKS_MIN)
/* if more chunks than these are in use, dropped blocks count */
#define BLOCK_CACHE_SPARSE LIMIT(8, 2)
#define BLOCK_CACHE_HASH_MAX 262144
#define BLOCK_CACHE_HASH LIMIT(BLOCK_CACHE_HASH_MAX, 256)
#define BLOCK_CACHE_PAGES_MAX 8192
#define BLOCK_CACHE_PAGES LIMIT(BLOCK_CACHE_PAGES_MAX, 4)

#define JIT_THRESHOLD LIMIT(80, 0) /* runs of a block in threaded code */
#define JIT_ARENA LIMIT(64u << 20, 64u << 10)
#define JIT_CHUNKS_MAX 16
#define JIT_CHUNKS LIMIT(JIT_CHUNKS_MAX, 1)
#define JIT_EXITS LIMIT(1u << 20, 512u)
#define JIT_CODES LIMIT(1u << 19, 256u)
#define JIT_KEPT_MOST 64
/* Emitters are used for this number of JIT_KEPT_MOST instructions, chosen at random. */
#define JIT_KEPT LIMIT(JIT_KEPT_MOST, 48)

#define EVENTS_REVERSED limits_paranoid()

#endif
