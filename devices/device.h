/* SPDX-License-Identifier: MIT */
/*
 * The devices that a machine is given besides those it always has, as data: what -device asks for.
 * Frontends fill these, device_types.h makes devices of them; how one is added is said there.
 */
#ifndef DEVICES_DEVICE_H
#define DEVICES_DEVICE_H

#include "bus/base.h"
#include "devices/audio.h"

/* How the guest reaches a device: by itself, in a virtio-mmio slot, on the PCIe bus. */
enum device_transport { DEVICE_ALONE, DEVICE_MMIO, DEVICE_PCI, DEVICE_TRANSPORTS };

/* All is borrowed and must outlive the board. */
struct device_config {
	const char *type; /* the name of a row of device_types */
	enum device_transport transport;
	unsigned slot; /* 0: any; else virtio-mmio-bus.(slot - 1), or a PCI device number */
	bool packed; /* virtio: offer packed virtqueues */
	const char *id; /* NULL: none */
	const char *bus; /* of PCIe: the id of a root port; NULL: the bus of the host bridge */
	const void *properties; /* the type's struct below; NULL when it has none */
};

struct pcie_root_port_properties {
	u64 chassis, slot; /* numbers by which people know it */
};

struct virtio_blk_properties {
	const char *drive; /* the id or the node's name of an open image */
	const char *serial; /* NULL: none */
	u64 queues; /* 0: one per hart */
	unsigned on_read, on_write; /* enum block_on_error */
	const char *iothread; /* of the command line, which looks whether there is one */
};

/* What becomes of a disk's operation that fails; AUTO is as QEMU's default (board/errors.h). */
enum block_on_error {
	BLOCK_ERROR_AUTO,
	BLOCK_ERROR_REPORT,
	BLOCK_ERROR_IGNORE,
	BLOCK_ERROR_STOP,
	BLOCK_ERROR_ENOSPC,
};

/* As many as virtio-serial's max_ports may say. */
#define VIRTIO_SERIAL_PORTS_MAX 31

struct virtio_serial_port {
	const char *name; /* as the guest finds it; NULL: none */
	unsigned number; /* below max_ports, each once */
	bool console;
};

struct virtio_serial_properties {
	u64 max_ports; /* 1..VIRTIO_SERIAL_PORTS_MAX */
	const struct virtio_serial_port *ports;
	unsigned port_count;
};

struct virtio_balloon_properties {
	bool deflate_on_oom; /* the guest may take memory out of it when it has no other */
	bool reporting; /* of free pages */
};

/* For how long a guest may rely on what virtio-fs told it. */
enum fuse_cache {
	FUSE_CACHE_AUTO, /* a second; what is in a file, until it is opened again */
	FUSE_CACHE_NONE, /* not at all */
	FUSE_CACHE_ALWAYS, /* forever: nobody else writes */
};

/* A folder of the host; see devices/share/share.h. */
struct share_properties {
	const char *fsdev; /* the frontend's name for what follows; NULL: given here */
	const char *path, *tag;
	bool mapped, readonly;
	unsigned cache; /* of virtio-fs: enum fuse_cache */
};

struct virtio_gpu_properties {
	u64 outputs, width, height; /* width and height: of each output's preferred mode */
	u64 dpi; /* of its monitors, as the guest is told: 48 to 1000 */
	u64 memory; /* bytes for all resources */
};

struct ramfb_properties {
	u64 width, height; /* of the simple-framebuffer */
};

struct virtio_net_properties {
	const char *netdev; /* what its cable leads to: for board_net */
	const char *address; /* as it was written; NULL: the one below is chosen for it */
	u8 mac[6];
	u64 mtu; /* 0: the guest is told none */
	bool multiqueue; /* a pair of queues per hart, as far as there are */
};

struct virtio_vsock_properties {
	u64 cid; /* of the guest */
	const char *socket; /* path of the one at which the host's programs come */
};

struct virtio_sound_properties {
	const char *audiodev; /* what it is connected to: for board_audio */
	struct audio_settings out, in;
};

#endif
