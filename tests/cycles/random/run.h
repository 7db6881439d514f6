/* SPDX-License-Identifier: MIT */
/*
 * Runs a random program on a hart with a timing model, and records when each instruction retired.
 */
#ifndef TESTS_CYCLES_RANDOM_RUN_H
#define TESTS_CYCLES_RANDOM_RUN_H

#include "cpu/timing/core.h"

struct commits {
	u32 count, size; /* the number of recorded instructions, and the room for them */
	/* One for each instruction in program order, including those that trapped. */
	u64 *cycles, *pcs;
};

void commits_init(struct commits *commits, u32 size);
void commits_free(struct commits *commits);

/*
 * Runs the first commits->size instructions of the program of `seed`, on a hart of the model `cpu`
 * (-cpu), with a timing model of `core`.
 */
void run_program(const struct timing_core *core, const char *cpu, u64 seed,
		 struct commits *commits);

#endif
