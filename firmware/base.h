/* SPDX-License-Identifier: MIT */
/*
 * The parts of standard headers that freestanding code needs: integers, bool, and atomics as far as
 * they are used here. The firmware is guest code and includes nothing of the emulator but the
 * memory map.
 */
#ifndef FIRMWARE_BASE_H
#define FIRMWARE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

/* Defined in base.c; the compiler emits calls to them, too. */
void *memset(void *to, int value, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define atomic_load(ptr) __atomic_load_n(ptr, __ATOMIC_ACQUIRE)
#define atomic_store(ptr, value) __atomic_store_n(ptr, value, __ATOMIC_RELEASE)
#define atomic_or(ptr, bits) __atomic_fetch_or(ptr, bits, __ATOMIC_ACQ_REL)
#define atomic_and(ptr, bits) __atomic_fetch_and(ptr, bits, __ATOMIC_ACQ_REL)
#define atomic_take(ptr) __atomic_exchange_n(ptr, 0, __ATOMIC_ACQ_REL)

/* Changes *ptr to `to` if it is `from`, and returns whether it did. */
static inline bool atomic_change(u32 *ptr, u32 from, u32 to)
{
	return __atomic_compare_exchange_n(ptr, &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
}

/* PAUSE (Zihintpause) is a FENCE hint: harts without it do nothing. */
static inline void pause(void)
{
	__asm__ volatile(".4byte 0x0100000f" : : : "memory");
}

static inline void spin_lock(u32 *lock)
{
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		while (atomic_load(lock))
			pause();
}

static inline void spin_unlock(u32 *lock)
{
	atomic_store(lock, 0);
}

/*
 * Access device registers. The fences order each access with accesses to memory before and after
 * it.
 */
static inline u8 mmio_read8(u64 addr)
{
	u8 value = *(volatile u8 *)addr;

	__asm__ volatile("fence i, iorw" : : : "memory");
	return value;
}

static inline void mmio_write8(u64 addr, u8 value)
{
	__asm__ volatile("fence iorw, o" : : : "memory");
	*(volatile u8 *)addr = value;
}

static inline u32 mmio_read32(u64 addr)
{
	u32 value = *(volatile u32 *)addr;

	__asm__ volatile("fence i, iorw" : : : "memory");
	return value;
}

static inline void mmio_write32(u64 addr, u32 value)
{
	__asm__ volatile("fence iorw, o" : : : "memory");
	*(volatile u32 *)addr = value;
	__asm__ volatile("fence o, iorw" : : : "memory");
}

static inline u64 mmio_read64(u64 addr)
{
	u64 value = *(volatile u64 *)addr;

	__asm__ volatile("fence i, iorw" : : : "memory");
	return value;
}

static inline void mmio_write64(u64 addr, u64 value)
{
	__asm__ volatile("fence iorw, o" : : : "memory");
	*(volatile u64 *)addr = value;
	__asm__ volatile("fence o, iorw" : : : "memory");
}

#endif
