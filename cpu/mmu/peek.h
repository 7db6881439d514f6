/* SPDX-License-Identifier: MIT */
/* Reads memory as a hart sees it, without any effect on the hart. */
#ifndef CPU_MMU_PEEK_H
#define CPU_MMU_PEEK_H

#include "bus/base.h"

struct hart;
struct regime;
struct trap;

/*
 * Read memory as the hart's loads, its fetches, or a regime would, without side effects and without
 * checks of permissions. They return false if the address does not translate or is not RAM.
 */
bool hart_peek(struct hart *hart, u64 va, void *data, size_t size);
bool hart_peek_code(struct hart *hart, u64 va, void *data, size_t size);
bool hart_peek_as(struct hart *hart, const struct regime *regime, u64 va, void *data, size_t size);

/* Finds the physical address in the same way. Returns false if the address does not translate. */
bool hart_peek_place(struct hart *hart, const struct regime *regime, u64 va, u64 *pa);

/*
 * Translates the fetch of the instruction at va, with all checks of permissions and A, but without
 * side effects. Returns false with the fault in *trap if it faults.
 */
bool hart_peek_fetch(struct hart *hart, u64 va, struct trap *trap);

#endif
