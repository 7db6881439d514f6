/* SPDX-License-Identifier: MIT */
/* Reads memory as a hart sees it, with no effect that the hart could notice. */
#ifndef CPU_MMU_PEEK_H
#define CPU_MMU_PEEK_H

#include "bus/base.h"

struct hart;
struct regime;

/*
 * Read memory as the hart's loads, or its fetches, would, without side effects and without checking
 * permissions; false if the address does not translate or is not RAM.
 */
bool hart_peek(struct hart *hart, u64 va, void *data, size_t size);
bool hart_peek_code(struct hart *hart, u64 va, void *data, size_t size);
bool hart_peek_as(struct hart *hart, const struct regime *regime, u64 va, void *data, size_t size);

#endif
