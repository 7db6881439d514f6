/* SPDX-License-Identifier: MIT */
/* The table of device_types.h. Its order is the order in which virtio-mmio slots are given. */
#include "devices/board/device_types.h"

#include "devices/pci/port.h"
#include "devices/screen/ramfb.h"
#include "devices/virtio/balloon.h"
#include "devices/virtio/blk.h"
#include "devices/virtio/console.h"
#include "devices/virtio/fs.h"
#include "devices/virtio/gpu/gpu.h"
#include "devices/virtio/input.h"
#include "devices/virtio/net.h"
#include "devices/virtio/p9.h"
#include "devices/virtio/rng.h"
#include "devices/virtio/sound.h"
#include "devices/virtio/vsock.h"

/* The transports of virtio devices. */
#define BOTH (BIT(DEVICE_MMIO) | BIT(DEVICE_PCI))

const struct device_type device_types[] = {
	{ "pcie-root-port", "port", false, BIT(DEVICE_PCI), sizeof(struct pci_port),
	  NULL, NULL, false, false, false },
	{ "virtio-blk", "blk", false, BOTH, sizeof(struct virtio_blk),
	  virtio_blk_create, virtio_blk_free, false, true, true },
	{ "virtio-serial", "console", true, BOTH, sizeof(struct virtio_console),
	  virtio_console_create, NULL, false, false, true },
	{ "virtio-net", "net", false, BOTH, sizeof(struct virtio_net),
	  virtio_net_create, NULL, false, false, true },
	{ "virtio-rng", "rng", true, BOTH, sizeof(struct virtio_rng),
	  virtio_rng_create, NULL, false, true, true },
	{ "virtio-gpu", "gpu", true, BOTH, sizeof(struct virtio_gpu),
	  virtio_gpu_create, virtio_gpu_destroy, false, false, false },
	{ "ramfb", "ramfb", true, BIT(DEVICE_ALONE), sizeof(struct ramfb),
	  ramfb_create, ramfb_destroy, false, false, false },
	{ "virtio-keyboard", "keyboard", true, BOTH, sizeof(struct virtio_input),
	  virtio_keyboard_create, NULL, false, false, false },
	{ "virtio-tablet", "tablet", true, BOTH, sizeof(struct virtio_input),
	  virtio_tablet_create, NULL, false, false, false },
	{ "virtio-mouse", "mouse", true, BOTH, sizeof(struct virtio_input),
	  virtio_mouse_create, NULL, false, false, false },
	{ "virtio-9p", "9p", false, BOTH, sizeof(struct virtio_p9),
	  virtio_p9_create, virtio_p9_free, true, false, true },
	{ "virtio-vsock", "vsock", false, BOTH, sizeof(struct virtio_vsock),
	  virtio_vsock_create, NULL, true, false, false },
	{ "virtio-sound", "sound", false, BOTH, sizeof(struct virtio_sound),
	  virtio_sound_create, NULL, false, false, false },
	{ "virtio-fs", "fs", false, BOTH, sizeof(struct virtio_fs),
	  virtio_fs_create, virtio_fs_free, true, false, false },
	{ "virtio-balloon", "balloon", true, BOTH, sizeof(struct virtio_balloon),
	  virtio_balloon_create, NULL, false, false, true },
};
const unsigned device_type_count = ARRAY_SIZE(device_types);
