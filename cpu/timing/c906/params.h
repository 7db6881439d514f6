/* SPDX-License-Identifier: MIT */
/*
 * The sizes and latencies that make a core of kind c906, what is fixed in its RTL, and what all of
 * its parts look at: the cycle, the bus, the host.
 */
#ifndef CPU_TIMING_C906_PARAMS_H
#define CPU_TIMING_C906_PARAMS_H

#include "cpu/timing/c906/biu.h"
#include "cpu/timing/c906/tables.h"
#include "cpu/timing/model.h"
#include "cpu/timing/tally.h"

/* The most that params.def allows, for arrays. */
#define C906_BTB_MAX 16
#define C906_IBUF_MAX 6
#define C906_FILLS_MAX 8
#define C906_STORES_MAX 4
#define C906_UTLB_MAX 10

/* cpu_cfig.h does not vary these. */
#define C906_BEATS 4 /* of a line on the bus */
#define C906_RAS_DEPTH 4

/* "Same index" is asked by address bits 11:6, whatever the size of the cache. */
#define C906_INDEX(address) bits(address, 6, 6)

struct c906_params {
#define PARAM(group, name, value, min, max, unit, source) u64 group##_##name;
#include "cpu/timing/c906/params.def"
#undef PARAM
};

struct c906_decoder;

struct c906_env {
	struct c906_params params;
	struct timing_host host;
	struct c906_decoder *decoder;
	struct c906_tables *tables;
	struct timing_tally *tally, *seen; /* seen: as it was when the last record left */
	u64 now; /* cycles since reset */
	struct c906_biu biu;
};

#endif
