/* SPDX-License-Identifier: MIT */
/* What of the board a person sees and touches, if it was given any of it. */
#ifndef DEVICES_BOARD_SCREEN_H
#define DEVICES_BOARD_SCREEN_H

#include "devices/input.h"
#include "devices/screen/display.h"

struct board;

/* The n-th device (GPUs first) that shows something; NULL: there are fewer. */
struct display *board_display(struct board *board, unsigned n);

/* The first of its kind; NULL: there is none. */
struct input *board_input(struct board *board, enum input_kind kind);

#endif
