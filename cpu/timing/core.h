/* SPDX-License-Identifier: MIT */
/*
 * A core as data: its kind, and a value for each of the kind's parameters. It is read from a text
 * file that names every parameter with its unit; the kind's table says which parameters there are.
 */
#ifndef CPU_TIMING_CORE_H
#define CPU_TIMING_CORE_H

#include "bus/base.h"

struct timing_kind;

#define TIMING_PARAMS_MAX 144

/*
 * A parameter of a kind: its name is "group.name", `value` is what the core files that come with
 * Baya have, min and max are its limits. Where the unit is a list of words with bars between them,
 * the value is the number of one of these words.
 */
struct timing_param {
	const char *name;
	u64 value, min, max;
	const char *unit, *source;
};

/* The value that timing_vlen() returns for a core that takes vectors of any length. */
#define TIMING_VLEN_ANY UINT64_MAX

struct timing_core {
	const struct timing_kind *kind;
	u64 values[TIMING_PARAMS_MAX]; /* in the order of the kind's table */
	bool stepped; /* all is stepped, and nothing is replayed from a memo */
	bool checked; /* the core is timed twice, the second time stepped (check.h) */
};

/*
 * Return the nanoseconds that some cycles of the core take, and the whole cycles in some
 * nanoseconds.
 */
u64 timing_core_ns(const struct timing_core *core, u64 cycles);
u64 timing_core_cycles(const struct timing_core *core, u64 ns);

/* Returns VLEN of the core's vector unit, TIMING_VLEN_ANY, or 0 where it has none. */
u64 timing_vlen(const struct timing_core *core);

/* An error is one line that says where the mistake is, what is wrong, and what is allowed. */
struct timing_error {
	char where[320]; /* the line begins with this: file and line, or as the caller has set it */
	char text[832];
	bool usage; /* it is the user's mistake; else the file could not be read */
};

/* Read a core file. Return 0, or -1 with `error` filled in. */
int timing_core_read(struct timing_core *core, const char *path, struct timing_error *error);

/* Give a parameter another value: "group.name=value", with its unit or without. */
int timing_core_set(struct timing_core *core, const char *assignment, struct timing_error *error);

/* Check that the values do not contradict each other. It has to be called after all were set. */
int timing_core_check(const struct timing_core *core, struct timing_error *error);

#endif
