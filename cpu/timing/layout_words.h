/* SPDX-License-Identifier: MIT */
/*
 * Short names for the rows of tables of layout.h. They describe the structure that TYPE is defined
 * as where they are used. Only files that hold nothing but such tables include this.
 */
#ifndef CPU_TIMING_LAYOUT_WORDS_H
#define CPU_TIMING_LAYOUT_WORDS_H

#include "cpu/timing/layout.h"

#define NUMBER(member, max) LAYOUT_NUMBER(struct TYPE, member, max)
#define NUMBERS(member, max) LAYOUT_NUMBERS(struct TYPE, member, max)
#define STRUCT(member, inner)                                                                      \
	{ #member, offsetof(struct TYPE, member), sizeof(((struct TYPE *)0)->member), 1, false, 0, \
	  NULL, &inner }
#define STRUCTS(member, inner)                                                                     \
	{ #member, offsetof(struct TYPE, member), sizeof(((struct TYPE *)0)->member[0]),           \
	  ARRAY_SIZE(((struct TYPE *)0)->member), false, 0, NULL, &inner }
#define GRID(member, inner)                                                                        \
	{ #member, offsetof(struct TYPE, member), sizeof(((struct TYPE *)0)->member[0][0]),        \
	  sizeof(((struct TYPE *)0)->member) / sizeof(((struct TYPE *)0)->member[0][0]), false, 0, \
	  NULL, &inner }
/* A structure that a description makes (fields/README.md). */
#define DESCRIBED(unit, member) LAYOUT_STRUCT(struct TYPE, member, unit##_layout)
#define ANY(member) LAYOUT_NUMBER(struct TYPE, member, LAYOUT_ANY)
#define FLAG(member) LAYOUT_NUMBER(struct TYPE, member, 1)
#define CYCLE(member) LAYOUT_NUMBER(struct TYPE, member, CYCLE_MAX)
#define CYCLES(member) LAYOUT_NUMBERS(struct TYPE, member, CYCLE_MAX)

#endif
