/* SPDX-License-Identifier: MIT */
/*
 * A program for Linux on the machine, without a C library: counts its own work by
 * perf_event_open, which uses the hart's counters, and has it sampled. Exit status: 0, or the
 * number of what did not hold.
 */
#include "perf_event.h"

enum { SYS_ioctl = 29, SYS_exit = 93, SYS_getppid = 173 };
enum { IOC_ENABLE = 0x2400, IOC_DISABLE = 0x2401 };

/* Events: Linux's own, and raw ones of cpu/hart/pmu.def. */
enum { CYCLES = 0, INSTRUCTIONS = 1, CALLS = 0x20005, NO_EVENT = 0x2ffff };

#define ROUNDS 1000000
#define CALLS_MADE 100

/* Each round has two instructions, and there are calls. */
static void work(void)
{
	long rounds = ROUNDS;

	asm volatile("1: addi %0, %0, -1\nbnez %0, 1b" : "+r"(rounds));
	for (int n = 0; n < CALLS_MADE; n++)
		call(SYS_getppid, 0, 0, 0, 0);
}

/* Returns a counter's value after the work; all ones when it could not be opened. */
static u64 count(u32 type, u64 config, u64 period)
{
	int event = open_event(type, config, period);
	u64 value = -1ull;

	if (event < 0)
		return value;
	call(SYS_ioctl, event, IOC_ENABLE, 0, 0);
	work();
	call(SYS_ioctl, event, IOC_DISABLE, 0, 0);
	call(SYS_read, event, (long)&value, sizeof(value), 0);
	return value;
}

/* Whether the count is that of the work, and of some instructions around it and between calls, in
 * the program's own modes. */
static int is_work(u64 counted)
{
	return counted >= 2 * ROUNDS && counted < 2 * ROUNDS + 20 * CALLS_MADE;
}

static int check(void)
{
	u64 instructions = count(TYPE_HARDWARE, INSTRUCTIONS, 0), calls;

	if (!is_work(instructions))
		return 1;
	if (count(TYPE_HARDWARE, INSTRUCTIONS, 0) != instructions)
		return 2;
	if (!is_work(count(TYPE_HARDWARE, CYCLES, 0)))
		return 3;
	calls = count(TYPE_RAW, CALLS, 0);
	if (calls < CALLS_MADE || calls > CALLS_MADE + 2)
		return 4;
	/* The event is refused, or counts nothing. */
	if (count(TYPE_RAW, NO_EVENT, 0) + 1 > 1)
		return 5;
	/* After twenty interrupts the value is what it was. */
	return count(TYPE_HARDWARE, INSTRUCTIONS, 100000) == instructions ? 0 : 6;
}

__attribute__((noreturn)) void _start(void)
{
	call(SYS_exit, check(), 0, 0, 0);
	__builtin_unreachable();
}
