/* SPDX-License-Identifier: MIT */
/* The board's displays, keyboards and pointers, if it has any. */
#ifndef DEVICES_BOARD_SCREEN_H
#define DEVICES_BOARD_SCREEN_H

#include "devices/input.h"
#include "devices/screen/display.h"

struct board;

/* Returns the n-th display (GPUs first, then the ramfb), or NULL if there are fewer. */
struct display *board_display(struct board *board, unsigned n);

/* Returns the first input device of this kind, or NULL if there is none. */
struct input *board_input(struct board *board, enum input_kind kind);

#endif
