/* SPDX-License-Identifier: MIT */
/* Logs drivers that violate the specification, for -d guest_errors. */
#ifndef DEVICES_VIRTIO_GUEST_ERROR_H
#define DEVICES_VIRTIO_GUEST_ERROR_H

#include "devices/virtio/virtio.h"

/* Logs a line with the device's name. It is given as for printf. */
#define guest_error(virtio, format, ...)                                                           \
	log_line(&(virtio)->platform->log, LOG_GUEST_ERRORS, "%s: " format, (virtio)->name,        \
		 ##__VA_ARGS__)

#endif
