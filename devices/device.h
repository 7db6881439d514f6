/* SPDX-License-Identifier: MIT */
/*
 * The configuration, as data, of the devices that -device adds to those that every machine has; and
 * those properties that refer to other parts of the command line, which frontends look up there.
 * The properties of other devices are defined next to their code. docs/architecture.md, "To add
 * a device", describes how.
 */
#ifndef DEVICES_DEVICE_H
#define DEVICES_DEVICE_H

#include "bus/base.h"
#include "bus/key.h"
#include "devices/audio.h"

/* The bus of a device: none, virtio-mmio, or PCIe. */
enum device_transport { DEVICE_ALONE, DEVICE_MMIO, DEVICE_PCI, DEVICE_TRANSPORTS };

/* All pointers are borrowed and must outlive the board. */
struct device_config {
	const char *type; /* the name of a row of device_types */
	enum device_transport transport;
	/* 0: any; otherwise virtio-mmio-bus.(slot - 1), or a `place` (pci/device.h) */
	unsigned slot;
	bool packed; /* virtio: offer packed virtqueues */
	u64 boot; /* its boot index plus 1; 0: it has none */
	const char *id; /* NULL: none */
	const char *bus; /* PCIe: the id of a root port; NULL: the bus of the host bridge */
	const void *properties; /* the struct of properties of the type; NULL if it has none */
};

struct virtio_blk_properties {
	const char *drive; /* the id of a drive, or the name of a node */
	const char *serial; /* NULL: none */
	u64 queues; /* 0: one per hart */
	u64 queue_size; /* a power of two */
	bool discard, write_zeroes; /* offered to the guest */
	unsigned on_read, on_write; /* enum block_on_error */
	/* the id of an iothread, which has no effect; the command line checks that it exists */
	const char *iothread;
	unsigned logical; /* the index of the logical block size, which is always 512 */
	/* the index of the physical block size: 0: 512 bytes, 1: 4096 bytes, the default */
	unsigned physical;
	bool ignored; /* for properties that have only one value here, or no effect */
	unsigned write_cache; /* must agree with cache= of the drive, which has the effect */
};

/* The reaction to a failed disk operation; AUTO is QEMU's default (board/errors.h). */
enum block_on_error {
	BLOCK_ERROR_AUTO,
	BLOCK_ERROR_REPORT,
	BLOCK_ERROR_IGNORE,
	BLOCK_ERROR_STOP,
	BLOCK_ERROR_ENOSPC,
};

/* The words of werror= and rerror=, in the order of the enum. A read never fails with ENOSPC. */
#define BLOCK_READ_ERROR_WORDS "auto|report|ignore|stop"
#define BLOCK_WRITE_ERROR_WORDS BLOCK_READ_ERROR_WORDS "|enospc"

/* The highest value of max_ports of virtio-serial. */
#define VIRTIO_SERIAL_PORTS_MAX 31

struct virtio_serial_port {
	const char *name; /* the name by which the guest finds it; NULL: none */
	unsigned number; /* below max_ports; each number is used once */
	bool console;
};

struct virtio_serial_properties {
	u64 max_ports; /* 1..VIRTIO_SERIAL_PORTS_MAX */
	const struct virtio_serial_port *ports;
	unsigned port_count;
};

#define PORT_NUMBER_ANY UINT64_MAX

/* A port of virtio-serial, as -device describes it. */
struct port_properties {
	const char *chardev, *name; /* NULL: not given */
	const char *bus; /* "ID.0", with the bus's id; NULL: the first */
	u64 number; /* or PORT_NUMBER_ANY */
};

/* How long a guest may rely on attributes and data that virtio-fs returned. */
enum fuse_cache {
	FUSE_CACHE_AUTO, /* one second; a file's data until it is opened again */
	FUSE_CACHE_NONE, /* not at all */
	FUSE_CACHE_ALWAYS, /* forever: the guest is the only writer */
};

/* A folder of the host that the guest can mount (devices/share/share.h). */
struct share_properties {
	/*
	 * The id of the -fsdev that has the path and the other properties; NULL: they are given
	 * here.
	 */
	const char *fsdev;
	const char *path, *tag;
	bool mapped, readonly;
	unsigned cache; /* of virtio-fs: enum fuse_cache */
};

struct virtio_net_properties {
	const char *netdev; /* id of the network backend; NULL: none */
	u8 mac[KEY_MAC_SIZE]; /* all zeros until an address is chosen for the card */
	u64 mtu; /* 0: not offered to the guest */
	bool features[16]; /* by number of the feature bit, for features that can be switched off */
	bool ignored; /* for features that are always or never offered */
	u64 rx_queue_size, tx_queue_size; /* powers of two */
	bool multiqueue; /* a pair of queues per hart, up to the device's limit */
};

struct virtio_sound_properties {
	const char *audiodev; /* id of the audio backend, for board_audio */
	struct audio_settings out, in;
};

#endif
