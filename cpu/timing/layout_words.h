/* SPDX-License-Identifier: MIT */
/*
 * Words in which tables of layout.h are written. They speak of the structure that TYPE is defined
 * as where they stand. For files that hold nothing but such tables.
 */
#ifndef CPU_TIMING_LAYOUT_WORDS_H
#define CPU_TIMING_LAYOUT_WORDS_H

#include "cpu/timing/layout.h"

/* Later than any machine's end, with room for sums. */
#define CYCLE_MAX BIT(62)

#define NUMBER(member, max) LAYOUT_NUMBER(struct TYPE, member, max)
#define NUMBERS(member, max) LAYOUT_NUMBERS(struct TYPE, member, max)
#define STRUCT(member, inner) LAYOUT_STRUCT(struct TYPE, member, inner)
#define STRUCTS(member, inner) LAYOUT_STRUCTS(struct TYPE, member, inner)
#define GRID(member, inner) LAYOUT_GRID(struct TYPE, member, inner)
#define ANY(member) LAYOUT_NUMBER(struct TYPE, member, LAYOUT_ANY)
#define FLAG(member) LAYOUT_NUMBER(struct TYPE, member, 1)
#define CYCLE(member) LAYOUT_NUMBER(struct TYPE, member, CYCLE_MAX)
#define CYCLES(member) LAYOUT_NUMBERS(struct TYPE, member, CYCLE_MAX)

#endif
