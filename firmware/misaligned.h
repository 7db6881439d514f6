/* SPDX-License-Identifier: MIT */
/* Loads and stores at addresses that are not naturally aligned, for harts that trap on them. */
#ifndef FIRMWARE_MISALIGNED_H
#define FIRMWARE_MISALIGNED_H

#include "firmware/trap.h"

/*
 * Does the load or store that met the misaligned `trap`, and moves `frame` behind it. False when
 * `trap` is to be passed on to S-mode. It is then unchanged if the instruction is not emulated
 * here, or replaced by the fault that fetching the instruction or accessing one of the bytes met.
 */
bool misaligned_emulate(struct frame *frame, struct trap *trap);

#endif
