/* SPDX-License-Identifier: MIT */
/*
 * A core as data: its kind, and a value for each of the kind's parameters. Read from a text file
 * that names every one of them with its unit; what a kind has, its own table says.
 */
#ifndef CPU_TIMING_CORE_H
#define CPU_TIMING_CORE_H

#include "bus/base.h"

struct timing_kind;

#define TIMING_PARAMS_MAX 112

/*
 * A parameter of a kind: "group.name", what the files that come with Baya say, and its limits. A
 * unit of words with bars between them is a choice of those: the value is a word's number.
 */
struct timing_param {
	const char *name;
	u64 value, min, max;
	const char *unit, *source;
};

struct timing_core {
	const struct timing_kind *kind;
	u64 values[TIMING_PARAMS_MAX]; /* in the order of the kind's table */
	bool stepped; /* also what a model has met before */
	bool checked; /* it is timed twice, also stepped (check.h) */
};

/* Nanoseconds that some cycles of the core take, and the whole cycles in some nanoseconds. */
u64 timing_core_ns(const struct timing_core *core, u64 cycles);
u64 timing_core_cycles(const struct timing_core *core, u64 ns);

/* One line that says where, what is wrong and what is allowed. */
struct timing_error {
	char where[320]; /* what the line begins with: file and line, or as the caller has set it */
	char text[832];
	bool usage; /* the user's mistake; else the file could not be read */
};

/* Read a core file. 0, or -1 with `error` filled in. */
int timing_core_read(struct timing_core *core, const char *path, struct timing_error *error);

/* Give a parameter another value: "group.name=value", with its unit or without. */
int timing_core_set(struct timing_core *core, const char *assignment, struct timing_error *error);

/* Do the values go together? To be asked after all were set. */
int timing_core_check(const struct timing_core *core, struct timing_error *error);

#endif
