/* SPDX-License-Identifier: MIT */
/*
 * Legacy devices, which are those before virtio 1.0 (virtio 1.2, section 1.3.1 and the sections
 * "Legacy Interface"). They have 32 feature bits, which are not negotiated by FEATURES_OK. On
 * virtio-mmio they have other registers.
 */
#ifndef DEVICES_VIRTIO_LEGACY_H
#define DEVICES_VIRTIO_LEGACY_H

struct virtio;

/*
 * Makes a device a legacy one. To be called right after virtio_init, and only for types that
 * existed before virtio 1.0.
 */
void virtio_make_legacy(struct virtio *virtio);

#endif
