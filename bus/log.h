/* SPDX-License-Identifier: MIT */
/*
 * Diagnostics of the machine, never the guest's console: QEMU's `-d items` choose, `-D FILE`
 * directs. A log belongs to one machine.
 */
#ifndef BUS_LOG_H
#define BUS_LOG_H

#include "bus/base.h"
#include <stdarg.h>
#include <stdio.h>

enum log_item {
	LOG_GUEST_ERRORS = 1 << 0, /* the guest misused a device or a register */
	LOG_UNIMP = 1 << 1, /* the guest asked for what is not there */
	LOG_INT = 1 << 2, /* traps and interrupts */
	LOG_IN_ASM = 1 << 3, /* instructions, when they are decoded into a block */
	LOG_CPU_RESET = 1 << 4,
	LOG_STRICT = 1 << 5, /* the machine looks for missing fences: cpu/debug/strict.h */
	LOG_EXEC = 1 << 6, /* each instruction, before it is run */
	LOG_CPU = 1 << 7, /* the hart's registers, likewise */
	LOG_MMU = 1 << 8, /* translations that are no hits */
	LOG_NOCHAIN = 1 << 9, /* of LOG_EXEC, which always tells of all */
};

struct log {
	unsigned items;
	FILE *file; /* owned by who opened it */
	u64 lines; /* written so far; a guest cannot fill the disk: see LOG_LINES_MAX */
};

#define LOG_LINES_MAX 1000000

#define log_on(log, item) unlikely((log)->items &(item))

/* One line, newline added, when the item is chosen. */
void log_line(struct log *log, enum log_item item, const char *format, ...) PRINTF_LIKE(3, 4);

/* For what is written to log->file otherwise: is it to be? It counts as a line. */
bool log_more(struct log *log, enum log_item item);

/*
 * The items of a comma-separated list ("int,guest_errors"); 0 and *bad pointing at the word in the
 * list when one is unknown.
 */
unsigned log_parse(const char *list, const char **bad);

/* Print the known words, one a line with its meaning. */
void log_help(FILE *out);

#endif
