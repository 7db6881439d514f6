/* SPDX-License-Identifier: MIT */
/*
 * The definitions that every file uses: integer types, sizes, compiler attributes, and bit fields.
 * It holds no state and declares no function of another file.
 */
#ifndef BUS_BASE_H
#define BUS_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The 64-bit types are (unsigned) long long, so that printf accepts them with %llu without a cast.
 */
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef unsigned __int128 u128;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;
typedef __int128 s128;

#define KiB (1ull << 10)
#define MiB (1ull << 20)
#define GiB (1ull << 30)

#define NS_PER_S 1000000000ull

#define PAGE_SHIFT 12
#define PAGE_SIZE (1ull << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#define BIT(n) (1ull << (n))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#define ALWAYS_INLINE inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Returns bits [lo, lo + count) of value, shifted down to bit 0; 1 <= count <= 63. */
static inline u64 bits(u64 value, unsigned lo, unsigned count)
{
	return (value >> lo) & (BIT(count) - 1);
}

/* Returns the low `count` bits of value as a signed number; 1 <= count <= 64. */
static inline s64 sext(u64 value, unsigned count)
{
	return (s64)(value << (64 - count)) >> (64 - count);
}

/* Return the field that a contiguous mask selects, and the word with that field replaced. */
static inline u64 field_get(u64 word, u64 mask)
{
	return (word & mask) >> __builtin_ctzll(mask);
}

static inline u64 field_set(u64 word, u64 mask, u64 value)
{
	return (word & ~mask) | ((value << __builtin_ctzll(mask)) & mask);
}

static inline u64 align_down(u64 value, u64 power_of_two)
{
	return value & ~(power_of_two - 1);
}

static inline u64 align_up(u64 value, u64 power_of_two)
{
	return (value + power_of_two - 1) & ~(power_of_two - 1);
}

/*
 * Returns whether [addr, addr + len) lies in [base, base + size); the check computes no sum that
 * could wrap.
 */
static inline bool range_within(u64 addr, u64 len, u64 base, u64 size)
{
	return addr >= base && len <= size && addr - base <= size - len;
}

#endif
