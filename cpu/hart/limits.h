/* SPDX-License-Identifier: MIT */
/*
 * Sizes of what only makes the machine fast. The paranoid build (CMake: BAYA_PARANOID) makes
 * them as small as they can be, cuts links at random, and turns round events of the same time, to
 * give bugs a chance.
 */
#ifndef CPU_HART_LIMITS_H
#define CPU_HART_LIMITS_H

#ifdef BAYA_PARANOID
#define TLB_ENTRIES 1
#define TLB_VIEWS 3
#define TLB_JUMPS 1
#define BLOCK_INSNS 1
#define CODE_ARENA 4096
#define CODE_SPARSE 1024
#define CODE_HASH 16
#define CODE_PAGES 4
#define CODE_LINK_KEPT(steps) ((steps) * 0x9e3779b97f4a7c15ull >> 63)
#define EVENTS_REVERSED true
#else
#define TLB_ENTRIES 2048
#define TLB_VIEWS 16
#define TLB_JUMPS 2048
#define BLOCK_INSNS 64
#define CODE_ARENA (64u << 20)
#define CODE_SPARSE (16u << 20) /* of it, where dropped blocks begin to count */
#define CODE_HASH 32768
#define CODE_PAGES 8192
#define CODE_LINK_KEPT(steps) ((void)(steps), true)
#define EVENTS_REVERSED false
#endif

#endif
