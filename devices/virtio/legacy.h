/* SPDX-License-Identifier: MIT */
/*
 * Devices as they were before virtio 1.0 (virtio 1.2, 1.3.1 and the sections "Legacy Interface"):
 * 32 features, none of them negotiated by FEATURES_OK. On virtio-mmio they have other registers.
 */
#ifndef DEVICES_VIRTIO_LEGACY_H
#define DEVICES_VIRTIO_LEGACY_H

struct virtio;

/* Be one, right after virtio_init; only for types that there were then. */
void virtio_make_legacy(struct virtio *virtio);

#endif
