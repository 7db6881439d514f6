/* SPDX-License-Identifier: MIT */
/* A hart that executes one vector instruction at a time, from an image to another (image.h). */
#ifndef TESTS_CPU_VECTOR_UNIT_H
#define TESTS_CPU_VECTOR_UNIT_H

#include "cpu/hart/hart.h"
#include "tests/cpu/vector/image.h"

struct unit;

/* Makes a hart with all extensions and such a vector unit; unit_free frees it. */
struct unit *unit_create(const struct vector_config *config);
void unit_free(struct unit *unit);

/* Returns its instruction set. */
const struct isa *unit_isa(const struct unit *unit);

/* Returns it, as the last run left it. */
struct hart *unit_hart(struct unit *unit);

/* Sets mstatus as it is in front of what is run; until then FS and VS are Dirty. */
void unit_set_status(struct unit *unit, u64 status);

/*
 * Each has the loops of another level of hosts; the last one is native code without AVX-512. Some
 * tests go on with that for hosts of x86-64-v3 and v2, which have nothing beyond their level.
 */
enum unit_tier {
	UNIT_INTERP, UNIT_THREADED, UNIT_NATIVE, UNIT_AVX2, UNIT_TIERS,
	UNIT_V3 = UNIT_TIERS, UNIT_V2, UNIT_HOSTS
};

extern const char *const unit_tier_names[UNIT_HOSTS];

/* Executes image->raw in U-mode and makes the image what is there behind it. */
void unit_run(struct unit *unit, enum unit_tier tier, struct vector_image *image);

/* Does what unit_run does, behind another instruction, `first`, of its block. */
void unit_run_behind(struct unit *unit, enum unit_tier tier, u32 first, struct vector_image *image);

/* A program that has the place of image->raw, and for how many instructions it is run at most. */
struct unit_code {
	u32 insn[160];
	unsigned steps;
};

/* The environment call at which a program ends without a trap. */
#define UNIT_END 0x00000073

/* Runs a program as unit_run does; returns where it got to, as an offset from its start. */
u64 unit_run_code(struct unit *unit, enum unit_tier tier, const struct unit_code *code,
		  struct vector_image *image);

/* Returns how many instructions native code has executed, or called their bodies, until now. */
u64 unit_native_insns(const struct unit *unit);

#endif
