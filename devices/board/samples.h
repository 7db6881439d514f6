/* SPDX-License-Identifier: MIT */
/*
 * A sampling profiler: takes samples of the code that harts execute, while the machine runs,
 * without changing it. A sample has the mode and the function, but not its callers.
 */
#ifndef DEVICES_BOARD_SAMPLES_H
#define DEVICES_BOARD_SAMPLES_H

#include "bus/base.h"

struct board;
struct board_calls;
struct board_samples;

/*
 * Allocates the table of samples; returns NULL without memory. Must be called before the machine
 * runs. The board must outlive the samples.
 */
struct board_samples *board_samples_create(struct board *board);
void board_samples_free(struct board_samples *samples);

/*
 * Takes a sample that counts as `weight`. A signal handler calls this in the thread that runs the
 * machine; `code` and `stack` are that thread's program counter and stack pointer.
 */
void board_samples_take(struct board_samples *samples, const void *code, const u64 *stack,
			u64 weight);

/*
 * Gets the samples by mode and function. Those taken while no hart ran have the mode "host". Must
 * be called after the last sample. Returns 0, or -ENOMEM with nothing to free.
 */
int board_samples_calls(const struct board_samples *samples, struct board_calls *calls);

#endif
