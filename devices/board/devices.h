/* SPDX-License-Identifier: MIT */
/* The devices that the board's configuration lists. Part of board/machine.h. */
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
	struct board_disk config; /* id and file are the arrays below */
	char *id, *file;
	struct disk disk;
	char name[BOARD_NODE_NAME_MAX];
	/* The name of its file's node; empty: that is `below`, or this node is a file. */
	char below_name[BOARD_NODE_NAME_MAX];
	/* The node of its file, and the node whose file this is; NULL: none. */
	struct board_node *below, *above;
	const char *user; /* the name of the device that uses it; NULL: none */
	bool unsettled; /* writes could not be put onto the medium, and the user was told */
	struct board *board;
};

/* A device of config.devices. */
struct board_device {
	const struct device_type *type;
	const struct device_config *config;
	char name[VIRTIO_NAME_MAX];
	void *self; /* type->size bytes */
	struct virtio *virtio; /* NULL: it is no virtio device */
	struct virtio_pci pci; /* with DEVICE_PCI */
	/* For a device added while the machine runs: the copy that `config` points to. */
	struct device_config own;
	char *id; /* the copy of its id; NULL: none */
};

/* The notification about devices that were unplugged from root ports. */
struct board_plugs {
	bool any;
	/* called when a device was unplugged; may be NULL */
	void (*gone)(void *ctx, const char *id);
	void *ctx;
};

/* Attaches the flash banks (board/flash.c). 0 or -1 with board->error filled. */
int board_attach_flash(struct board *board);

/* Attaches the PCIe host, without devices. */
void board_attach_pci(struct board *board);

/*
 * Opens config.disks, to which devices refer (board/plug/nodes.c). 0 or -1 with board->error
 * filled.
 */
int board_attach_disks(struct board *board);
void board_free_disks(struct board *board);

/* Opens a node as its configuration says (board/plug/disks.c). 0 or -1 with board->error filled. */
int board_open_disk(struct board *board, struct board_node *node);

/* Tells the user of the first failed operation of a file, and what the guest was told. */
void board_tell_failure(const char *file, const struct disk_failure *failure);

/* Finds an image by a drive's id or a node's name, or NULL. */
struct board_node *board_find_disk(const struct board *board, const char *name);

/* Returns whether the name is one that QEMU accepts: a letter, then letters, digits, and - . _ */
bool board_is_identifier(const char *name);

/* For devices: device_context's disk function, and returning what it gave. */
struct disk *board_take_disk(struct device_setup *setup, const char *name);
void board_give_disks(struct board *board, const char *user);

/* Creates and places the devices of config.devices. 0 or -1 with board->error filled. */
int board_attach_devices(struct board *board);
void board_free_devices(struct board *board);

/* Creates one device. Returns NULL with board->error filled in. */
struct board_device *board_create_device(struct board *board, const struct device_type *type,
					 const struct device_config *config);
void board_free_device(struct board_device *device);

/*
 * In board/plug/plug.c: returns the root port with this id, or NULL; and removes devices that the
 * guest has released.
 */
struct pci_port *board_find_port(const struct board *board, const char *id);
void board_collect_devices(struct board *board);

/* Returns the n-th device of a type, or NULL. */
struct board_device *board_find_device(const struct board *board, const char *type, unsigned n);

/*
 * In board/screen.c: returns the ramfb or NULL; and attaches its memory, with 0, or -1 and
 * board->error filled in.
 */
struct ramfb *board_ramfb(struct board *board);
int board_attach_ramfb(struct board *board);

#endif
