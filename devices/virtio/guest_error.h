/* SPDX-License-Identifier: MIT */
/* Log lines about drivers that break the rules, for -d guest_errors. */
#ifndef DEVICES_VIRTIO_GUEST_ERROR_H
#define DEVICES_VIRTIO_GUEST_ERROR_H

#include "devices/virtio/virtio.h"

/* Takes a printf format and its arguments. */
#define guest_error(virtio, format, ...)                                                           \
	log_line(&(virtio)->platform->log, LOG_GUEST_ERRORS, "%s: " format, (virtio)->name,        \
		 ##__VA_ARGS__)

#endif
