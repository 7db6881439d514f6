/* SPDX-License-Identifier: MIT */
/*
 * The library of guest tests: reports of facts, probes (a few instructions that are run in a chosen
 * mode, and whose result may be a trap), CSR access and memory mapping. Tests run in M-mode on hart
 * 0. After main() the machine ends by sifive_test, with a pass if no fact has failed.
 */
#ifndef GUEST_H
#define GUEST_H

#include "csr.h"
#include "devices/memmap.h"

#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef int s32;
typedef long s64;

#define BIT(n) (1ul << (n))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE 4096ul

#define csr_read(csr)                                                                              \
	({                                                                                         \
		u64 value_;                                                                        \
		asm volatile("csrr %0, " #csr : "=r"(value_)::"memory");                           \
		value_;                                                                            \
	})
#define csr_write(csr, value) asm volatile("csrw " #csr ", %0" ::"rK"((u64)(value)) : "memory")
#define csr_set(csr, value) asm volatile("csrs " #csr ", %0" ::"rK"((u64)(value)) : "memory")
#define csr_clear(csr, value) asm volatile("csrc " #csr ", %0" ::"rK"((u64)(value)) : "memory")

/* Report facts. The text is a sentence about the machine. */
void report(bool good, const char *text);
void report_equal(u64 got, u64 want, const char *text);
void print(const char *text);
void print_hex(u64 value);

/* Ends the machine at once: code 0 is a pass. */
__attribute__((noreturn)) void finish(u32 code);

/*
 * The test itself is main(), on hart 0. Other harts call secondary(), which by default waits for
 * ever.
 */
void main(void);
void secondary(u64 hart);
/* Waits until `count` harts run, which start.S counts. */
void wait_for_harts(u64 count);

/* Returns the number of harts that the machine has according to its device tree. */
u64 count_harts(void);

/* The values of CSRs and registers when hart 0 started, in the order of reset.h's list. */
extern u64 reset_values[];

/*
 * A probe is entered by mret in a mode, with two arguments. It ends when it returns, or when it
 * traps to M-mode, or to S-mode if medeleg and mideleg delegate the trap.
 */
enum mode { MODE_U, MODE_S, MODE_M = 3 };
typedef u64 probe(u64 a0, u64 a1);

struct outcome {
	bool trapped;
	enum mode to; /* the mode that took the trap */
	u64 value; /* the probe's result, or a0 at the trap */
	u64 cause, tval, epc;
	u64 status; /* mstatus or sstatus just after the trap */
	u64 start; /* the address of the probe, which is epc of a trap at its first instruction */
};

struct outcome run(enum mode mode, probe *fn, u64 a0, u64 a1);

/* If this is set, mret enables interrupts of the mode: it is the value of mstatus.MPIE in run(). */
extern bool run_with_interrupts;
/* Added to the addresses of code and stack in U-mode, if they are not mapped to themselves. */
extern u64 user_offset;

/* Report a fact about an outcome: a trap of the probe's first instruction, a value, or no trap. */
void report_trap(struct outcome out, enum mode to, u64 cause, u64 tval, const char *text);
void report_value(struct outcome out, u64 value, const char *text);
void report_runs(struct outcome out, const char *text);

/*
 * Defines a probe that consists of these instructions. Its arguments are in a0 and a1, its result
 * in a0.
 */
#define PROBE(name, text)                                                                          \
	probe name;                                                                                \
	asm(".pushsection .text." #name ", \"ax\"\n"                                               \
	    ".balign 4\n"                                                                          \
	    ".option push\n"                                                                       \
	    ".globl " #name "\n" #name ":\n" text "\nret\n"                                        \
	    ".option pop\n"                                                                        \
	    ".popsection")

extern probe load_byte, load_half, load_word, load_double, store_byte, store_half, store_word,
	store_double, jump_to, make_ecall, make_ebreak, do_nothing, loop_for_ever;

/* Copies code that is made at run time, and makes it visible to fetches. */
void put_code(void *to, const u32 *words, unsigned count);

void *memset(void *to, int value, size_t size);
void *memcpy(void *to, const void *from, size_t size);
int memcmp(const void *a, const void *b, size_t size);

/* Returns the next number of xorshift64*, the same ones in each run. */
u64 random_next(u64 *state);

static inline void mmio_write32(u64 addr, u32 value)
{
	*(volatile u32 *)addr = value;
}

static inline u32 mmio_read32(u64 addr)
{
	return *(volatile u32 *)addr;
}

#define MTIME (CLINT_BASE + 0xbff8)
#define MTIMECMP(hart) (CLINT_BASE + 0x4000 + 8 * (hart))
#define MSIP(hart) (CLINT_BASE + 4 * (hart))

static inline u64 mtime(void)
{
	return *(volatile u64 *)MTIME;
}

static inline void set_mtimecmp(u64 hart, u64 value)
{
	*(volatile u64 *)MTIMECMP(hart) = value;
}

#endif
