/* SPDX-License-Identifier: MIT */
/*
 * The definitions that all files of the monitor share: integer types, and the one function that
 * ends it after an error. The monitor is a guest program on the kernel's nolibc, and contains no
 * code of Baya.
 */
#ifndef ROMS_VMM_BASE_H
#define ROMS_VMM_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define MiB (1ull << 20)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Ends the monitor with one line on stderr, which includes `number` (an errno; 0: none). */
void die(const char *what, int number) __attribute__((noreturn));

#endif
