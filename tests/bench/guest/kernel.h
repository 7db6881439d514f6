/* SPDX-License-Identifier: MIT */
/*
 * A kernel in S-mode with programs in U-mode. kernel.S owns the way in and out, which saves and
 * restores every register as a real kernel's does; the benchmark says what a trap means.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "bench.h"

#define CAUSE_ECALL_U 8
#define CAUSE_LOAD_PAGE 13
#define CAUSE_STORE_PAGE 15

/* Registers of a program while the kernel runs. kernel.S knows the order. */
struct frame {
	u64 x[32]; /* x[0] is not used */
	u64 sepc, sstatus;
	u64 cause, tval; /* of the trap that led here */
};

/* a0 and a7 of the calling convention. */
#define FRAME_A0 10
#define FRAME_A1 11
#define FRAME_A7 17
#define FRAME_SP 2

/* Enter S-mode with this address space, go on in kernel_main; it ends the machine. From M-mode. */
void kernel_enter(u64 satp);
int kernel_main(void);

/* Run a program until the kernel calls kernel_leave; returns what was given to that. */
u64 kernel_run(struct frame *frame);
void kernel_leave(u64 value) __attribute__((noreturn));

/* The benchmark's: handle the trap of this program, return the one to go on with. */
struct frame *kernel_trap(struct frame *frame);

/* A program's registers: pc, stack, argument. */
void frame_init(struct frame *frame, u64 pc, u64 stack, u64 argument);

/* Where a function of the section .user is in user mode's eyes. */
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

/* Let the kernel touch the user's pages: sstatus.SUM. */
static inline void user_access(int on)
{
	if (on)
		__asm__ volatile("csrs sstatus, %0" : : "r"(1ul << 18) : "memory");
	else
		__asm__ volatile("csrc sstatus, %0" : : "r"(1ul << 18) : "memory");
}

#endif
