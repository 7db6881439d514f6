/* SPDX-License-Identifier: MIT */
/* The part of a block that still belongs to a slice. */
#ifndef CPU_ENGINE_PARTIAL_H
#define CPU_ENGINE_PARTIAL_H

#include "cpu/hart/hart.h"

struct block;

/*
 * Executes the block at hart->pc, which has more instructions than the slice has left, exactly up
 * to hart->limit, or until it jumps, traps or hart->stop is set. Returns after one instruction if a
 * hook looks at the hart between two.
 */
enum hart_exit block_run_part(struct hart *hart, const struct block *block);

#endif
