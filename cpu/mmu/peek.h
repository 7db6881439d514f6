/* SPDX-License-Identifier: MIT */
/* Looking at memory as a hart sees it, without the hart: nothing it could notice happens. */
#ifndef CPU_MMU_PEEK_H
#define CPU_MMU_PEEK_H

#include "bus/base.h"

struct hart;
struct regime;

/*
 * Read memory as the hart's loads, or its fetches, would, with no side effect and no regard to
 * permissions; false when it does not translate or is not RAM.
 */
bool hart_peek(struct hart *hart, u64 va, void *data, size_t size);
bool hart_peek_code(struct hart *hart, u64 va, void *data, size_t size);
bool hart_peek_as(struct hart *hart, const struct regime *regime, u64 va, void *data, size_t size);

#endif
