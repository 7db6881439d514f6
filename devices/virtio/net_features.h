/* SPDX-License-Identifier: MIT */
/* The feature bits (5.1.3) that the network card offers. */
#ifndef DEVICES_VIRTIO_NET_FEATURES_H
#define DEVICES_VIRTIO_NET_FEATURES_H

#include "bus/base.h"

/*
 * Sending: the emulator computes checksums itself, and divides segments unless what the card is
 * connected to accepts large ones; so the features that a guest sees do not depend on that.
 */
#define VIRTIO_NET_F_CSUM BIT(0)
#define VIRTIO_NET_F_HOST_TSO4 BIT(11)
#define VIRTIO_NET_F_HOST_TSO6 BIT(12)
#define VIRTIO_NET_F_HOST_ECN BIT(13)
/* Receiving: the emulator checks checksums, and merges consecutive frames. */
#define VIRTIO_NET_F_GUEST_CSUM BIT(1)
#define VIRTIO_NET_F_GUEST_TSO4 BIT(7)
#define VIRTIO_NET_F_GUEST_TSO6 BIT(8)
#define VIRTIO_NET_F_MRG_RXBUF BIT(15)
/* Configuration space */
#define VIRTIO_NET_F_MTU BIT(3)
#define VIRTIO_NET_F_MAC BIT(5)
#define VIRTIO_NET_F_STATUS BIT(16)
/* Commands; filtering VLANs is left to the guest. */
#define VIRTIO_NET_F_CTRL_VQ BIT(17)
#define VIRTIO_NET_F_CTRL_RX BIT(18)
#define VIRTIO_NET_F_CTRL_RX_EXTRA BIT(20)
#define VIRTIO_NET_F_MQ BIT(22)
#define VIRTIO_NET_F_CTRL_MAC_ADDR BIT(23)

#endif
