/* SPDX-License-Identifier: MIT */
/*
 * Runs one of the programs as a process under Linux, on the CPU that it is on, and prints its rows
 * of a table: program, id, label, cycles, instret and extra. Cycles are those of perf, in user
 * mode; where Linux lets the counters be read there, they are read without it.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EMPTY_CALL 2 /* the warm one */

int measured_main(void); /* the program's main */
int counters_direct;

extern const char __start_ids[], __stop_ids[];
static int events[2];

static int event_open(uint64_t config, int leader)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = PERF_TYPE_HARDWARE;
	attr.config = config;
	attr.exclude_kernel = attr.exclude_hv = 1;
	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, 0);
}

uint64_t counter_read(int which)
{
	uint64_t value = 0;

	if (read(events[which], &value, sizeof(value)) != sizeof(value))
		abort();
	return value;
}

/*
 * Returns whether the event is in this counter, and may be read. Index 1 is `cycle`, 3 is
 * `instret`.
 */
static int is_direct(int event, unsigned index)
{
	struct perf_event_mmap_page *page =
		mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, event, 0);

	return page != MAP_FAILED && page->cap_user_rdpmc && page->index == index;
}

static void stay_here(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
	mlockall(MCL_CURRENT | MCL_FUTURE);
}

/* Prints the label of an id, from lines of id, tab and label. */
static void print_label(unsigned id)
{
	const char *line = __start_ids, *end;

	for (; line < __stop_ids; line = end + 1) {
		end = memchr(line, '\n', (size_t)(__stop_ids - line));
		if ((unsigned)atoi(line) == id) {
			line = (const char *)memchr(line, '\t', (size_t)(end - line)) + 1;
			printf("%.*s", (int)(end - line), line);
			return;
		}
	}
}

int main(void)
{
	uint64_t overhead;

	events[0] = event_open(PERF_COUNT_HW_CPU_CYCLES, -1);
	events[1] = event_open(PERF_COUNT_HW_INSTRUCTIONS, events[0]);
	if (events[0] < 0 || events[1] < 0) {
		perror("perf_event_open: cycles and instructions");
		return 3;
	}
	stay_here();
	counters_direct = is_direct(events[0], 1) && is_direct(events[1], 3);
	measured_main();
	/* Each record contains the time of reading through the kernel. */
	overhead = counters_direct ? 0 : results[EMPTY_CALL].cycles;
	for (unsigned n = 1; n < RECORDS; n++) {
		const struct record *record = &results[n];

		if (!record->id || (overhead && record->cycles <= overhead))
			continue;
		printf("%s\t%u\t", PROGRAM, n);
		print_label(n);
		printf("\t%lu\t%lu\t%lu\n", record->cycles - overhead, record->instret,
		       record->extra);
	}
	return 0;
}
