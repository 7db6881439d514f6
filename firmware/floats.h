/* SPDX-License-Identifier: MIT */
/*
 * Access to the floating-point registers, which hold values of S- or U-mode, since the firmware
 * does not compute with them.
 */
#ifndef FIRMWARE_FLOATS_H
#define FIRMWARE_FLOATS_H

#include "firmware/base.h"

/* Returns the lowest `size` bytes (2, 4 or 8) of f[reg]; the bits above them are undefined. */
u64 float_get(u64 reg, u64 size);

/* Sets f[reg] to the lowest `size` bytes of `value`, NaN-boxed. */
void float_set(u64 reg, u64 value, u64 size);

#endif
