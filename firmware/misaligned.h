/* SPDX-License-Identifier: MIT */
/* Loads and stores at addresses that are not naturally aligned, for harts that trap on them. */
#ifndef FIRMWARE_MISALIGNED_H
#define FIRMWARE_MISALIGNED_H

#include "firmware/trap.h"

/*
 * Performs the load or store that caused the misaligned `trap`, and makes `frame` return to the
 * next instruction. Returns false if `trap` must be passed on to S-mode. It is unchanged if the
 * instruction is not emulated here, or is replaced by the fault of fetching the instruction or of
 * accessing one of the bytes.
 */
bool misaligned_emulate(struct frame *frame, struct trap *trap);

#endif
