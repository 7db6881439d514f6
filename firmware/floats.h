/* SPDX-License-Identifier: MIT */
/* The floating-point registers, which hold what S- or U-mode left there: the firmware has no use. */
#ifndef FIRMWARE_FLOATS_H
#define FIRMWARE_FLOATS_H

#include "firmware/base.h"

/* The lowest `size` bytes (2, 4 or 8) of f[reg]; what is above them is undefined. */
u64 float_get(u64 reg, u64 size);

/* f[reg] = the lowest `size` bytes of `value`, NaN-boxed. */
void float_set(u64 reg, u64 value, u64 size);

#endif
