/* SPDX-License-Identifier: MIT */
/* Displays and input devices among the board's devices. */
#include "devices/board_screen.h"

#include "devices/board_parts.h"
#include "devices/virtio/gpu.h"
#include "devices/virtio/input.h"

struct display *board_display(struct board *board, unsigned n)
{
	struct board_device *device = board_find_device(board, "virtio-gpu", n);

	return device ? &((struct virtio_gpu *)device->self)->display : NULL;
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
