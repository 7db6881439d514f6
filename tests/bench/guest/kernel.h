/* SPDX-License-Identifier: MIT */
/*
 * A kernel in S-mode, with programs in U-mode. kernel.S contains the entry from a trap and the
 * return, which save and restore all registers, as those of a real kernel do; the benchmark defines
 * how a trap is handled.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "bench.h"

#define CAUSE_ECALL_U 8
#define CAUSE_LOAD_PAGE 13
#define CAUSE_STORE_PAGE 15

/* The registers of a program while the kernel runs. kernel.S depends on their order. */
struct frame {
	u64 x[32]; /* x[0] is not used */
	u64 sepc, sstatus;
	u64 cause, tval; /* those of the trap that entered the kernel */
};

/* The indices of registers, by their names in the calling convention. */
#define FRAME_A0 10
#define FRAME_A1 11
#define FRAME_A7 17
#define FRAME_SP 2

/*
 * Enters S-mode with this address space and continues in kernel_main, whose result ends the
 * machine. Called in M-mode.
 */
void kernel_enter(u64 satp);
int kernel_main(void);

/*
 * kernel_run runs a program until the kernel calls kernel_leave; it returns the argument of that
 * call.
 */
u64 kernel_run(struct frame *frame);
void kernel_leave(u64 value) __attribute__((noreturn));

/* Handles the trap of a program. Returns the program to continue with. The benchmark defines it. */
struct frame *kernel_trap(struct frame *frame);

/* Sets a program's registers for its start: pc, stack pointer, and a0 to the argument. */
void frame_init(struct frame *frame, u64 pc, u64 stack, u64 argument);

/* USER puts a function into the section .user; USER_PC is its address in user mode. */
#define USER __attribute__((section(".user"), noinline))
#define USER_PC(function) (USER_CODE + (u64)((u8 *)(function) - _user))

static inline u64 call_kernel(u64 number, u64 argument, u64 second)
{
	register u64 a0 __asm__("a0") = argument;
	register u64 a1 __asm__("a1") = second;
	register u64 a7 __asm__("a7") = number;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
	return a0;
}

/* Allows or forbids the kernel to access user pages (sstatus.SUM). */
static inline void user_access(int on)
{
	if (on)
		__asm__ volatile("csrs sstatus, %0" : : "r"(1ul << 18) : "memory");
	else
		__asm__ volatile("csrc sstatus, %0" : : "r"(1ul << 18) : "memory");
}

#endif
