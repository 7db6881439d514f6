/* SPDX-License-Identifier: MIT */
/* Explains devices that do nothing because their drivers violated the specification. */
#include "devices/board/explain/explanation.h"

void explain_devices(const struct board *board, FILE *out)
{
	for (unsigned n = 0; n < board->device_count; n++) {
		const struct board_device *device = board->devices[n];
		const struct virtio *virtio = device->virtio;

		if (!virtio || !(virtio->status & VIRTIO_STATUS_DEVICE_NEEDS_RESET))
			continue;
		fprintf(out, "device %s (%s): it does nothing until its driver resets it",
			device->name, device->type->name);
		if (*virtio->fault)
			fprintf(out, ": %s", virtio->fault);
		fputc('\n', out);
	}
}
