/* SPDX-License-Identifier: MIT */
/*
 * What guest tests are written with: facts reported one by one, probes (a few instructions run in
 * a chosen mode whose trap, if there is one, is the answer), CSR access and memory mapping.
 * Tests run in M-mode on hart 0; the machine ends after main() by sifive_test, with a pass
 * when no fact failed.
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

/* Facts. The text is a sentence about the machine. */
void report(bool good, const char *text);
void report_equal(u64 got, u64 want, const char *text);
void print(const char *text);
void print_hex(u64 value);

/* End the machine at once: code 0 is a pass. */
__attribute__((noreturn)) void finish(u32 code);

/* The test itself, on hart 0. Other harts call secondary(), which by default waits for ever. */
void main(void);
void secondary(u64 hart);
/* Number of harts that run, found by start.S's counting; waits until `count` are there. */
void wait_for_harts(u64 count);

/* Number of harts that the machine has, by its device tree. */
u64 count_harts(void);

/* Values that CSRs and registers had when hart 0 began, in the order of reset.h's list. */
extern u64 reset_values[];

/*
 * A probe is run by mret in a mode, with two arguments, and comes back when it returns or when
 * a trap is taken to M-mode, or to S-mode as medeleg and mideleg say.
 */
enum mode { MODE_U, MODE_S, MODE_M = 3 };
typedef u64 probe(u64 a0, u64 a1);

struct outcome {
	bool trapped;
	enum mode to; /* which mode took the trap */
	u64 value; /* what the probe returned, or a0 at the trap */
	u64 cause, tval, epc;
	u64 status; /* mstatus or sstatus just after the trap */
	u64 start; /* where the probe began: epc of a trap at its first instruction */
};

struct outcome run(enum mode mode, probe *fn, u64 a0, u64 a1);

/* mret enables interrupts of the mode: mstatus.MPIE for run(), off unless set. */
extern bool run_with_interrupts;
/* Added to addresses of code and stack in U-mode, where another mapping than the identity is. */
extern u64 user_offset;

/* The trap is one of the probe's first instruction. */
void report_trap(struct outcome out, enum mode to, u64 cause, u64 tval, const char *text);
void report_value(struct outcome out, u64 value, const char *text);
void report_runs(struct outcome out, const char *text);

/* A function of the given instructions; arguments in a0 and a1, result in a0. */
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

/* Code made at run time: copy words and make them fetchable. */
void put_code(void *to, const u32 *words, unsigned count);

void *memset(void *to, int value, size_t size);
void *memcpy(void *to, const void *from, size_t size);
int memcmp(const void *a, const void *b, size_t size);

/* xorshift64*: the same numbers in each run. */
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
