/* SPDX-License-Identifier: MIT */
/*
 * Samples of where harts are, which are taken while the machine runs and change nothing in it. A
 * sample tells the mode and the function that was executed, but not who had called it.
 */
#ifndef DEVICES_BOARD_SAMPLES_H
#define DEVICES_BOARD_SAMPLES_H

#include "bus/base.h"

struct board;
struct board_calls;
struct board_samples;

/* Call it before the machine runs; the board outlives the samples. NULL: no memory. */
struct board_samples *board_samples_create(struct board *board);
void board_samples_free(struct board_samples *samples);

/*
 * Takes a sample that counts as `weight`. `code` and `stack` are the program counter and the stack
 * pointer of the thread that runs the machine, which a signal handler interrupts to call this.
 */
void board_samples_take(struct board_samples *samples, const void *code, const u64 *stack,
			u64 weight);

/*
 * Takes the samples by mode and function; those taken while no hart ran are of the mode "host". 0,
 * or -ENOMEM with nothing to free. Call it when no more samples are taken.
 */
int board_samples_calls(const struct board_samples *samples, struct board_calls *calls);

#endif
