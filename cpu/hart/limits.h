/* SPDX-License-Identifier: MIT */
/*
 * Sizes of what only makes the machine fast. To expose bugs, the paranoid build (CMake:
 * BAYA_PARANOID) makes them as small as possible, cuts links and leaves out emitters at random, and
 * reverses events of the same time.
 */
#ifndef CPU_HART_LIMITS_H
#define CPU_HART_LIMITS_H

#ifdef BAYA_PARANOID
#define TLB_ENTRIES 1
#define TLB_SITES 2
#define TLB_SPANS 2
#define TLB_VIEWS 3
#define TLB_SPACES 8
#define TLB_SPACE_PAGES 1
#define TLB_SPACE_TABLES 1
#define TLB_TABLES 48
#define TLB_JUMPS 1
#define MODE_VIEWS 1
#define BLOCK_INSNS 1
#define BLOCK_CACHE_ARENA 2048
#define BLOCK_CACHE_CHUNKS 2 /* a block goes on while the next one is made */
#define BLOCK_CACHE_SPARSE 2
#define BLOCK_CACHE_HASH 16
#define BLOCK_CACHE_PAGES 4
#define BLOCK_LINK_KEPT(steps) ((steps) * 0x9e3779b97f4a7c15ull >> 63)
#define JIT_COLD 0 /* runs of a block in threaded code */
#define JIT_ARENA (64u << 10)
#define JIT_CHUNKS 1
#define JIT_EXITS 64
#define JIT_CODES 32
#define JIT_EMIT_KEPT(n) ((n) * 0x9e3779b97f4a7c15ull >> 62 != 0)
#define EVENTS_REVERSED true
#else
#define TLB_ENTRIES 1024
#define TLB_SITES 1024
#define TLB_SPANS 128
#define TLB_VIEWS 16
#define TLB_SPACES 40
#define TLB_SPACE_PAGES 32768
#define TLB_SPACE_TABLES 512
#define TLB_TABLES 4096
#define TLB_JUMPS 16384
#define MODE_VIEWS 128
#define BLOCK_INSNS 64
#define BLOCK_CACHE_ARENA (64u << 20)
#define BLOCK_CACHE_CHUNKS 32
#define BLOCK_CACHE_SPARSE 8 /* chunks, from which on dropped blocks count */
#define BLOCK_CACHE_HASH 262144
#define BLOCK_CACHE_PAGES 8192
#define BLOCK_LINK_KEPT(steps) ((void)(steps), true)
#define JIT_COLD 48
#define JIT_ARENA (64u << 20)
#define JIT_CHUNKS 16
#define JIT_EXITS (1u << 20)
#define JIT_CODES (1u << 19)
#define JIT_EMIT_KEPT(n) ((void)(n), true)
#define EVENTS_REVERSED false
#endif

#endif
