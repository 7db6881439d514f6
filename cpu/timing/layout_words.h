/* SPDX-License-Identifier: MIT */
/*
 * Short names for the rows of tables of layout.h. They describe the structure that TYPE is defined
 * as where they are used. Only files that hold nothing but such tables include this.
 */
#ifndef CPU_TIMING_LAYOUT_WORDS_H
#define CPU_TIMING_LAYOUT_WORDS_H

#include "cpu/timing/layout.h"

/* No machine lives until this cycle; sums of such numbers do not overflow. */
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
