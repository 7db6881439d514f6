/* SPDX-License-Identifier: MIT */
/*
 * Sizes of what only makes the machine fast. The paranoid build (CMake: BAYA_PARANOID) makes
 * them as small as they can be, to give bugs in eviction, refill and linking a chance.
 */
#ifndef CPU_LIMITS_H
#define CPU_LIMITS_H

#ifdef BAYA_PARANOID
#define TLB_ENTRIES 1
#define TLB_VIEWS 2
#define TLB_JUMPS 1
#define BLOCK_INSNS 1
#define CODE_ARENA 4096
#define CODE_LINKS 0
#else
#define TLB_ENTRIES 512
#define TLB_VIEWS 16
#define TLB_JUMPS 2048
#define BLOCK_INSNS 64
#define CODE_ARENA (64u << 20)
#define CODE_LINKS 1
#endif

#endif
