/* SPDX-License-Identifier: MIT */
/*
 * The parts of Linux' interface for perf events that the guest programs perf*.c use. They have no C
 * library.
 */
#ifndef TESTS_SYSTEM_PROGRAMS_PERF_EVENT_H
#define TESTS_SYSTEM_PROGRAMS_PERF_EVENT_H

typedef unsigned long long u64;
typedef unsigned int u32;

enum { SYS_read = 63, SYS_write = 64, SYS_perf_event_open = 241 };

/* The kernel's struct perf_event_attr, in its first version. */
struct attr {
	u32 type, size;
	u64 config, sample_period, sample_type, read_format, flags;
	u32 wakeup_events, bp_type;
	u64 bp_addr;
};

enum { TYPE_HARDWARE = 0, TYPE_CACHE = 3, TYPE_RAW = 4 };
enum { DISABLED = 1 << 0, NO_KERNEL = 1 << 5, NO_HYPERVISOR = 1 << 6 };

static long call(long number, long a, long b, long c, long d)
{
	register long a0 asm("a0") = a;
	register long a1 asm("a1") = b;
	register long a2 asm("a2") = c;
	register long a3 asm("a3") = d;
	register long a4 asm("a4") = 0;
	register long a7 asm("a7") = number;

	asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a7) : "memory");
	return a0;
}

/*
 * Opens an event that counts in the program's own modes, disabled. Returns its descriptor or a
 * negative errno. `period` is the number of events between interrupts; 0: there are none.
 */
static int open_event(u32 type, u64 config, u64 period)
{
	struct attr attr = {
		.type = type,
		.size = sizeof(attr),
		.config = config,
		.sample_period = period,
		.flags = DISABLED | NO_KERNEL | NO_HYPERVISOR,
	};

	return (int)call(SYS_perf_event_open, (long)&attr, 0, -1, -1);
}

#endif
