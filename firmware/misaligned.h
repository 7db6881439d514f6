/* SPDX-License-Identifier: MIT */
/* Loads and stores at addresses that are not naturally aligned, for harts that trap on them. */
#ifndef FIRMWARE_MISALIGNED_H
#define FIRMWARE_MISALIGNED_H

#include "firmware/trap.h"

/*
 * Does the load or store that met the misaligned `trap` in its stead and moves `frame` behind it.
 * False when it is to be passed on to S-mode: `trap` is then what it was, if the instruction is
 * none that we do, or the fault that fetching it or one of its bytes met.
 */
bool misaligned_emulate(struct frame *frame, struct trap *trap);

#endif
