/* SPDX-License-Identifier: MIT */
/* An access in C906's LSU. */
#ifndef CPU_TIMING_C906_LSU_ACCESS_H
#define CPU_TIMING_C906_LSU_ACCESS_H

#include "cpu/timing/c906/decode.h"
#include "cpu/timing/c906/params.h"

#define C906_NO_REG 0xff

/* An access across an aligned eight bytes is done in two halves. */
enum c906_half { C906_WHOLE, C906_FIRST, C906_SECOND };

#define UNITS "cpu/timing/c906/state/access.def"
#include "cpu/timing/fields/structs.inc"

static inline bool c906_access_stores(const struct c906_access *access)
{
	return access->kind == C906_STORE || access->kind == C906_SC || access->kind == C906_AMO;
}

static inline bool c906_access_loads(const struct c906_access *access)
{
	return access->kind == C906_LOAD || access->kind == C906_LR || access->kind == C906_AMO;
}

/*
 * Returns the access's bytes among the eight in which it begins, with the low bits of its address.
 */
static inline u8 c906_access_bytes(const struct c906_access *access, u64 offset)
{
	return (u8)((BIT(access->size) - 1) << offset);
}

#endif
