/* SPDX-License-Identifier: MIT */
/*
 * The programs' measure.h for a process under Linux. It defines the same names as the one for a
 * bare core, with counters as Linux provides them (run.c), and with labels that the process itself
 * can read. The Makefile installs it as measure.h.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define RECORDS 128
struct record {
	uint64_t id, cycles, instret, extra;
};
extern struct record results[RECORDS];
#define RESULTS struct record results[RECORDS] = {{0}}

#define LABEL(id, label)                                                                           \
	asm volatile(".pushsection ids,\"a\",@progbits\n .ascii \"" #id "\\t" label "\\n\"\n"      \
		     " .popsection")

/* Whether user mode may read the counters. If so, reading them is as cheap as on a bare core. */
extern int counters_direct;
uint64_t counter_read(int which);

static inline uint64_t read_cycle(void)
{
	uint64_t value;

	if (!counters_direct)
		return counter_read(0);
	asm volatile("rdcycle %0" : "=r"(value)::"memory");
	return value;
}

static inline uint64_t read_instret(void)
{
	uint64_t value;

	if (!counters_direct)
		return counter_read(1);
	asm volatile("rdinstret %0" : "=r"(value)::"memory");
	return value;
}

#define MEASURE(id_, label_, extra_, call_) do {                                                   \
	LABEL(id_, label_);                                                                        \
	asm volatile("fence" ::: "memory");                                                        \
	uint64_t i0_ = read_instret(), c0_ = read_cycle();                                         \
	call_;                                                                                     \
	uint64_t c1_ = read_cycle(), i1_ = read_instret();                                         \
	results[id_] = (struct record){ (id_), c1_ - c0_, i1_ - i0_, (uint64_t)(extra_) };         \
} while (0)

#define NOINLINE __attribute__((noinline, noclone))
