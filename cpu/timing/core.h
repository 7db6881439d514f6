/* SPDX-License-Identifier: MIT */
/*
 * A core as data: its kind, and a value for each parameter of the kind. It is read from a text file
 * that names every parameter with its unit. The kind's table defines the parameters.
 */
#ifndef CPU_TIMING_CORE_H
#define CPU_TIMING_CORE_H

#include "bus/base.h"

struct timing_kind;

#define TIMING_PARAMS_MAX 144

/*
 * A parameter of a kind, with the name "group.name". `value` is its value in the core files that
 * come with Baya, `min` and `max` are its limits. If the unit is a list of words with bars between
 * them, the value is the index of one of these words.
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
	bool stepped; /* every trace is stepped, and nothing is replayed from a memo */
	bool checked; /* the core is timed twice, the second time stepped (check.h) */
};

/* Convert cycles of the core to nanoseconds, and nanoseconds to whole cycles. */
u64 timing_core_ns(const struct timing_core *core, u64 cycles);
u64 timing_core_cycles(const struct timing_core *core, u64 ns);

/* Returns VLEN of the core's vector unit, TIMING_VLEN_ANY, or 0 if it has none. */
u64 timing_vlen(const struct timing_core *core);

/*
 * An error is one line with the place of the mistake, the mistake itself, and the allowed values.
 */
struct timing_error {
	char where[320]; /* the beginning of the line: file and line, or what the caller has set */
	char text[832];
	bool usage; /* true: a mistake of the user; false: the file could not be read */
};

/* Reads a core file. Returns 0, or -1 with `error` filled in. */
int timing_core_read(struct timing_core *core, const char *path, struct timing_error *error);

/*
 * Sets a parameter by "group.name=value", with its unit or without. Returns 0, or -1 with `error`
 * filled in.
 */
int timing_core_set(struct timing_core *core, const char *assignment, struct timing_error *error);

/*
 * Checks that the values do not contradict each other; must be called after all were set. Returns
 * 0, or -1 with `error` filled in.
 */
int timing_core_check(const struct timing_core *core, struct timing_error *error);

#endif
