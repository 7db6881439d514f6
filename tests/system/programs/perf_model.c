/* SPDX-License-Identifier: MIT */
/*
 * The first program of a Linux whose machine runs with a timing model, without a C library:
 * perf_event_open counts in U-mode what the model counts in a piece of work, and the program prints
 * "counted CONFIG VALUE". Its argument is the amount of work, which lies between markers of a
 * region to be timed. No other program runs.
 */
#include "perf_event.h"

enum { SYS_reboot = 142, SYS_prctl = 167 };
enum { PR_EVENTS_DISABLE = 31, PR_EVENTS_ENABLE = 32 };

/* perf's numbers; raw ones, of cpu/counters/event.def with PMU_OWN: what cycles are spent on. */
#define CAUSE(n) { TYPE_RAW, 0x80020200 + (n) }
static const struct event {
	u32 type, config;
} events[] = {
	{ TYPE_HARDWARE, 0 }, { TYPE_HARDWARE, 1 }, { TYPE_HARDWARE, 2 }, { TYPE_HARDWARE, 3 },
	{ TYPE_HARDWARE, 4 }, { TYPE_HARDWARE, 5 }, { TYPE_HARDWARE, 7 }, { TYPE_HARDWARE, 8 },
	{ TYPE_CACHE, 0x00000 }, { TYPE_CACHE, 0x10000 }, { TYPE_CACHE, 0x00003 },
	{ TYPE_CACHE, 0x10003 }, { TYPE_CACHE, 0x00004 }, { TYPE_CACHE, 0x10004 },
	CAUSE(0), CAUSE(1), CAUSE(2), CAUSE(3), CAUSE(4), CAUSE(5), CAUSE(6),
	CAUSE(7), CAUSE(8), CAUSE(9), CAUSE(10), CAUSE(11), CAUSE(12),
};
#define EVENTS (sizeof(events) / sizeof(events[0]))

static u64 words[8 * 1024];

static void print(const char *text)
{
	long length = 0;

	while (text[length])
		length++;
	call(SYS_write, 1, (long)text, length, 0);
}

/* All digits are printed, so that the time does not depend on the value. */
static void print_hex(u64 value)
{
	char text[17];

	for (int n = 0; n < 16; n++)
		text[n] = "0123456789abcdef"[value >> (60 - 4 * n) & 15];
	text[16] = 0;
	print(text);
}

/* cpu/timing/roi.md */
#define MARK(number) asm volatile("slti zero, zero, " #number ::: "memory")

/* Dependent loads, and a branch that no predictor can foresee. */
static void work(long rounds)
{
	u64 seed = 1;

	for (long n = 0; n < rounds; n++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		if (seed >> 63)
			words[(seed >> 40) % (sizeof(words) / sizeof(words[0]))] += seed;
	}
}

static long number(const char *text)
{
	long value = 0;

	while (text && *text >= '0' && *text <= '9')
		value = value * 10 + *text++ - '0';
	return value;
}

__attribute__((used, noreturn)) static void begin(const long *stack)
{
	long rounds = stack[0] > 1 ? number((const char *)stack[2]) : 0;
	int file[EVENTS];
	u64 value;

	for (unsigned n = 0; n < EVENTS; n++)
		file[n] = open_event(events[n].type, events[n].config, 0);
	call(SYS_prctl, PR_EVENTS_ENABLE, 0, 0, 0);
	MARK(1201);
	work(rounds);
	MARK(1202);
	call(SYS_prctl, PR_EVENTS_DISABLE, 0, 0, 0);
	for (unsigned n = 0; n < EVENTS; n++) {
		value = -1ull;
		if (file[n] >= 0)
			call(SYS_read, file[n], (long)&value, sizeof(value), 0);
		print("counted ");
		print_hex((u64)events[n].type << 32 | events[n].config);
		print(" ");
		print_hex(value);
		print("\n");
	}
	call(SYS_reboot, 0xfee1dead, 672274793, 0x4321fedc, 0);
	__builtin_unreachable();
}

asm(".globl _start\n_start:\n.option push\n.option norelax\nla gp, __global_pointer$\n"
    ".option pop\nmv a0, sp\nj begin");
