/* SPDX-License-Identifier: MIT */
/* A hart that executes one vector instruction at a time, on an image (image.h). */
#ifndef TESTS_CPU_VECTOR_UNIT_H
#define TESTS_CPU_VECTOR_UNIT_H

#include "cpu/hart/hart.h"
#include "tests/cpu/vector/image.h"

struct unit;

/* Returns a new hart with all extensions and this vector unit. The caller frees it by unit_free. */
struct unit *unit_create(const struct vector_config *config);
void unit_free(struct unit *unit);

/* Returns the instruction set of the hart. */
const struct isa *unit_isa(const struct unit *unit);

/* Returns the hart, in the state after the last run. */
struct hart *unit_hart(struct unit *unit);

/* Sets mstatus as it is before the code that is run. Initially FS and VS are Dirty. */
void unit_set_status(struct unit *unit, u64 status);

/*
 * The tiers. Each uses the vector loops (cpu/vector/loops.h) for another level of x86-64, if the
 * host has it; UNIT_AVX2 is native code without AVX-512. Some tests also use native code for hosts
 * of x86-64-v3 and v2, which use nothing beyond that level.
 */
enum unit_tier {
	UNIT_INTERP, UNIT_THREADED, UNIT_NATIVE, UNIT_AVX2, UNIT_TIERS,
	UNIT_V3 = UNIT_TIERS, UNIT_V2, UNIT_HOSTS
};

extern const char *const unit_tier_names[UNIT_HOSTS];

/* Executes image->raw in U-mode, and updates the image to the state after it. */
void unit_run(struct unit *unit, enum unit_tier tier, struct vector_image *image);

/* Does the same after another instruction of the same block, `first`. */
void unit_run_behind(struct unit *unit, enum unit_tier tier, u32 first, struct vector_image *image);

/* A program that is run instead of image->raw, and the most instructions that are executed. */
struct unit_code {
	u32 insn[160];
	unsigned steps;
};

/* The jump to itself that follows the code under test: jal x0, 0. */
#define UNIT_STAY 0x0000006f

/* The environment call at which a program ends without a trap. */
#define UNIT_END 0x00000073

/*
 * Runs a program as unit_run runs an instruction. Returns its last pc, as an offset from its start.
 */
u64 unit_run_code(struct unit *unit, enum unit_tier tier, const struct unit_code *code,
		  struct vector_image *image);

/*
 * Does the same with the program that was run last, which has not changed: code that was translated
 * for it is executed again.
 */
u64 unit_run_again(struct unit *unit, enum unit_tier tier, const struct unit_code *code,
		   struct vector_image *image);

/*
 * Returns how many instructions native code has executed so far, itself or by calling their bodies.
 */
u64 unit_native_insns(const struct unit *unit);

#endif
