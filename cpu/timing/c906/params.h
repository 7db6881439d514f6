/* SPDX-License-Identifier: MIT */
/*
 * The sizes and latencies of a core of kind c906, the values that its RTL fixes, and the parts that
 * all of its units use: the cycle, the bus, the host.
 */
#ifndef CPU_TIMING_C906_PARAMS_H
#define CPU_TIMING_C906_PARAMS_H

#include "cpu/timing/c906/biu.h"
#include "cpu/timing/c906/tables.h"
#include "cpu/timing/model.h"
#include "cpu/timing/tally.h"

/* The limits of params.def, as sizes of arrays. */
#define C906_IBUF_MAX 6
#define C906_FILLS_MAX 8
#define C906_STORES_MAX 4

/* The RTL's cpu_cfig.h does not vary these. */
#define C906_BEATS 4 /* beats of a line on the bus */

struct c906_params {
#define PARAM(group, name, value, min, max, unit, source) u64 group##_##name;
#include "cpu/timing/c906/params.def"
#undef PARAM
};

struct actions;
struct c906_later;
struct c906_decoder;

#define UNITS "cpu/timing/c906/state/env.def"
#include "cpu/timing/fields/structs.inc"

#endif
