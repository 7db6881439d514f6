/* SPDX-License-Identifier: MIT */
/*
 * The log of a machine: diagnostics, never the output of the guest's console. As in QEMU, `-d
 * items` chooses what is logged, and `-D FILE` the file. Each machine has its own log.
 */
#ifndef BUS_LOG_H
#define BUS_LOG_H

#include "bus/base.h"
#include <stdarg.h>
#include <stdio.h>

enum log_item {
	LOG_GUEST_ERRORS = 1 << 0, /* the guest misused a device or a register */
	LOG_UNIMP = 1 << 1, /* the guest used something that is not implemented */
	LOG_INT = 1 << 2, /* traps and interrupts */
	LOG_IN_ASM = 1 << 3, /* instructions, when a block is decoded; else before each */
	LOG_CPU_RESET = 1 << 4,
	LOG_STRICT = 1 << 5, /* missing fences, for which --strict looks (cpu/debug/stale_tlb.h) */
	LOG_EXEC = 1 << 6, /* each instruction, before it is executed */
	LOG_CPU = 1 << 7, /* the hart's registers, before each instruction */
	LOG_MMU = 1 << 8, /* address translations that miss the TLB */
	LOG_NOCHAIN = 1 << 9, /* accepted for QEMU's sake; LOG_EXEC logs every instruction anyway */
};

/* A range of addresses of code; both ends are included. */
struct log_range {
	u64 first, last;
};
#define LOG_RANGES_MAX 16

struct log_ranges {
	struct log_range range[LOG_RANGES_MAX];
	unsigned count; /* 0: all code */
};

struct log {
	unsigned items;
	struct log_ranges ranges; /* where the code is whose instructions are logged */
	FILE *file; /* owned by its opener */
	u64 lines; /* lines so far; at most LOG_LINES_MAX are written to stderr, all to a file */
	/* warnings written although their item was not chosen: at most LOG_WARNINGS_MAX */
	unsigned warnings;
};

#define LOG_LINES_MAX 1000000
#define LOG_WARNINGS_MAX 16

#define log_on(log, item) unlikely((log)->items &(item))

/* Writes one line and its newline, if the item is chosen. */
void log_line(struct log *log, enum log_item item, const char *format, ...) PRINTF_LIKE(3, 4);

/*
 * Writes one line even if the item is not chosen, because the user needs it to understand what
 * follows. A guest cannot fill the terminal, since at most LOG_WARNINGS_MAX of them are written.
 */
void log_warn(struct log *log, enum log_item item, const char *format, ...) PRINTF_LIKE(3, 4);

/* Counts one line, and returns whether the caller may write it to log->file itself. */
bool log_more(struct log *log, enum log_item item);

/*
 * Returns the items of a comma-separated list such as "int,guest_errors". If a word is unknown, it
 * returns 0 and sets *bad to that word in the list.
 */
unsigned log_parse(const char *list, const char **bad);

/* Returns whether instructions at this pc must be logged. */
bool log_covers(const struct log *log, u64 pc);

/*
 * Sets the ranges from a comma-separated list as QEMU writes it: FIRST+SIZE, LAST-SIZE, or
 * FIRST..LAST, with numbers as in C. Returns NULL, or a pointer to the range in the list that is
 * wrong or exceeds LOG_RANGES_MAX.
 */
const char *log_parse_ranges(const char *list, struct log_ranges *ranges);

/* Prints the known words, one on each line with its meaning. */
void log_help(FILE *out);

#endif
