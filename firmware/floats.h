/* SPDX-License-Identifier: MIT */
/* The floating-point registers: S- and U-mode's, which the firmware has no other use for. */
#ifndef FIRMWARE_FLOATS_H
#define FIRMWARE_FLOATS_H

#include "firmware/base.h"

/* The lowest `size` bytes (2, 4 or 8) of f[reg]; what is above them is undefined. */
u64 float_get(u64 reg, u64 size);

/* f[reg] = the lowest `size` bytes of `value`, NaN-boxed. */
void float_set(u64 reg, u64 value, u64 size);

#endif
