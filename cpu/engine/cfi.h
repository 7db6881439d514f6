/* SPDX-License-Identifier: MIT */
/*
 * Control-flow integrity: landing pads (Zicfilp) and shadow stacks (Zicfiss). Which of them is in
 * force depends on the mode; the memory protection of shadow stack pages is walk.c's.
 */
#ifndef CPU_ENGINE_CFI_H
#define CPU_ENGINE_CFI_H

#include "bus/base.h"

struct hart;

/* An indirect jump through register rs1, in force: the next instruction must be a landing pad. */
void cfi_expect(struct hart *hart, unsigned rs1);

/* ELP is set: is a landing pad with the right label at pc? False with the trap filled. */
bool cfi_land(struct hart *hart);

/* SSPUSH, SSPOPCHK, SSAMOSWAP: nothing, true, while they are May-Be-Operations here. */
bool cfi_push(struct hart *hart, u64 value);
bool cfi_pop_check(struct hart *hart, u64 value);
bool cfi_swap(struct hart *hart, u64 va, unsigned size, u64 *value);

/* May SSAMOSWAP run here? As access to ssp. False with the trap filled. */
bool cfi_check_swap(struct hart *hart, u32 raw);

#endif
