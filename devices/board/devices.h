/* SPDX-License-Identifier: MIT */
/*
 * The devices that the board's configuration lists, and the images that they use. Part of
 * board/machine.h.
 */
#ifndef DEVICES_BOARD_DEVICES_H
#define DEVICES_BOARD_DEVICES_H

#include "devices/block/disk.h"
#include "devices/board/config.h"
#include "devices/board/device_types.h"
#include "devices/virtio/pci.h"

struct board;
struct pci_port;
struct ramfb;

/* An open image (board/plug/nodes.h). */
struct board_node {
	struct board_disk config; /* its `id` and `file` point to the copies below */
	char *id, *file;
	struct disk disk;
	char name[BOARD_NODE_NAME_MAX];
	/*
	 * The name of the node of its file. "" if that is the separate node `below`, or if this
	 * node itself is such a file node.
	 */
	char below_name[BOARD_NODE_NAME_MAX];
	/* The separate node of its file, and the node whose file this node is. NULL: none. */
	struct board_node *below, *above;
	const char *user; /* the name of the device that uses it; NULL: none */
	bool unsettled; /* the last flush at a stop failed, of which the user was told once */
	struct board *board;
};

/* A device of config.devices. */
struct board_device {
	const struct device_type *type;
	const struct device_config *config;
	char name[VIRTIO_NAME_MAX];
	void *self; /* type->size bytes */
	struct virtio *virtio; /* NULL if it is no virtio device */
	struct virtio_pci pci; /* with DEVICE_PCI */
	/* For a device added while the machine runs: the copy that `config` points to. */
	struct device_config own;
	char *id; /* the copy of its id; NULL: none */
};

/* Unplugging of devices from root ports. */
struct board_unplugging {
	bool any;
	/* called when a device was unplugged; may be NULL */
	void (*gone)(void *ctx, const char *id);
	void *ctx;
};

/* Attaches the flash banks (board/flash.c). Returns 0, or -1 with board->error filled in. */
int board_attach_flash(struct board *board);

/* Attaches the PCIe host, without devices. */
void board_attach_pci(struct board *board);

/*
 * Opens config.disks, to which devices refer (board/plug/nodes.c). Returns 0, or -1 with
 * board->error filled in.
 */
int board_attach_disks(struct board *board);
void board_free_disks(struct board *board);

/*
 * Opens the image of a node as its configuration describes it (board/plug/disks.c). Returns 0, or
 * -1 with board->error filled in.
 */
int board_open_disk(struct board *board, struct board_node *node);

/* Prints the first failed operation on a file, and what the guest was told about it. */
void board_report_failure(const char *file, const struct disk_failure *failure);

/* Returns the image with this name, as the id of a drive or the name of a node, or NULL. */
struct board_node *board_find_disk(const struct board *board, const char *name);

/* Returns whether the name is one that QEMU accepts: a letter, then letters, digits, and - . _ */
bool board_is_identifier(const char *name);

/*
 * board_take_disk is the `disk` function of device_context: it returns a disk to the device that
 * will use it. board_give_disks ends the use of all disks by the device `user`.
 */
struct disk *board_take_disk(struct device_setup *setup, const char *name);
void board_give_disks(struct board *board, const char *user);

/*
 * Creates all devices of config.devices, and gives each its place on a bus. Returns 0, or -1 with
 * board->error filled in.
 */
int board_attach_devices(struct board *board);
void board_free_devices(struct board *board);

/* Creates one device, without a place. Returns NULL with board->error filled in if it fails. */
struct board_device *board_create_device(struct board *board, const struct device_type *type,
					 const struct device_config *config);
void board_free_device(struct board_device *device);

/*
 * The following are in board/plug/plug.c. board_find_port returns the root port with this id, or
 * NULL. board_collect_devices removes devices that the guest has released.
 */
struct pci_port *board_find_port(const struct board *board, const char *id);
void board_collect_devices(struct board *board);

/* Returns the n-th device of a type, or NULL. */
struct board_device *board_find_device(const struct board *board, const char *type, unsigned n);

/*
 * The following are in board/screen.c. board_ramfb returns the ramfb, or NULL. board_attach_ramfb
 * attaches its memory, and returns 0, or -1 with board->error filled in.
 */
struct ramfb *board_ramfb(struct board *board);
int board_attach_ramfb(struct board *board);

#endif
