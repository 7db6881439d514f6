/* SPDX-License-Identifier: MIT */
/*
 * Legacy devices, from before virtio 1.0 (virtio 1.2, section 1.3.1 and the sections "Legacy
 * Interface"): 32 features, which no FEATURES_OK negotiates. On virtio-mmio they have other
 * registers.
 */
#ifndef DEVICES_VIRTIO_LEGACY_H
#define DEVICES_VIRTIO_LEGACY_H

struct virtio;

/* Makes a device legacy, right after virtio_init; only for device types that existed then. */
void virtio_make_legacy(struct virtio *virtio);

#endif
