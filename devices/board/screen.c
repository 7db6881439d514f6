/* SPDX-License-Identifier: MIT */
/* Finds displays and input devices among the board's devices. */
#include "devices/board/screen.h"

#include "devices/board/machine.h"
#include "devices/screen/ramfb.h"
#include "devices/virtio/gpu/gpu.h"
#include "devices/virtio/input.h"

#include <string.h>

struct display *board_display(struct board *board, unsigned n)
{
	struct board_device *gpu = board_find_device(board, "virtio-gpu", n);
	struct ramfb *ramfb = board_ramfb(board);

	if (gpu)
		return &((struct virtio_gpu *)gpu->self)->display;
	if (!ramfb || (n && !board_find_device(board, "virtio-gpu", n - 1)))
		return NULL;
	return &ramfb->display;
}

struct ramfb *board_ramfb(struct board *board)
{
	struct board_device *device = board_find_device(board, "ramfb", 0);

	return device ? device->self : NULL;
}

int board_attach_ramfb(struct board *board)
{
	struct ramfb *ramfb = board_ramfb(board);
	int error;

	if (!ramfb)
		return 0;
	assert(ramfb->ram.size <= RAMFB_SIZE);
	board_attached(ramfb_attach(ramfb, RAMFB_BASE));
	error = harts_watch(&board->harts, &ramfb->ram, RAMFB_BASE);
	return error ? board_fail(board, 3, "-device ramfb: %s", strerror(-error)) : 0;
}

struct input *board_input(struct board *board, enum input_kind kind)
{
	static const char *const types[INPUT_KINDS] = {
		[INPUT_KEYBOARD] = "virtio-keyboard",
		[INPUT_TABLET] = "virtio-tablet",
		[INPUT_MOUSE] = "virtio-mouse",
	};
	struct board_device *device = board_find_device(board, types[kind], 0);

	return device ? &((struct virtio_input *)device->self)->input : NULL;
}
