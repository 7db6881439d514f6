/* SPDX-License-Identifier: MIT */
/* The devices that the board's configuration lists. Part of board/parts.h. */
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
	struct board_disk config; /* id and file: these */
	char *id, *file;
	struct disk disk;
	char name[BOARD_NODE_NAME_MAX];
	char below_name[BOARD_NODE_NAME_MAX]; /* of its file; empty: it is `below`, or itself one */
	struct board_node *below, *above; /* the node of its file, of which this is; NULL: none */
	const char *user; /* the name of the device that has it; NULL: none */
	struct board *board;
};

/* A device of config.devices. */
struct board_device {
	const struct device_type *type;
	const struct device_config *config;
	char name[VIRTIO_NAME_MAX];
	void *self; /* type->size bytes */
	struct virtio *virtio; /* NULL: it is none */
	struct virtio_pci pci; /* with DEVICE_PCI */
	struct device_config own; /* `config` of one that was added while the machine runs */
	char *id; /* its; NULL: none */
};

/* Root ports, behind which devices come and go. */
struct board_plugs {
	bool any;
	void (*gone)(void *ctx, const char *id); /* who is told that one went; NULL: nobody */
	void *ctx;
};

/* The PCIe host, with nothing in it. */
void board_attach_pci(struct board *board);

/* Open config.disks, which devices name (board/plug/nodes.c). 0 or -1 with board->error filled. */
int board_attach_disks(struct board *board);
void board_free_disks(struct board *board);

/* Open what a node's configuration says (board/plug/disks.c). 0 or -1 with board->error filled. */
int board_open_disk(struct board *board, struct board_node *node);

/* The image by a drive's id or a node's name, or NULL. */
struct board_node *board_find_disk(const struct board *board, const char *name);

/* A name as QEMU's users give them: a letter, then letters, digits, and - . _ */
bool board_is_identifier(const char *name);

/* For devices: device_context's disk, and the end of it. */
struct disk *board_take_disk(struct device_setup *setup, const char *name);
void board_give_disks(struct board *board, const char *user);

/* Create and place what config.devices lists. 0 or -1 with board->error filled. */
int board_attach_devices(struct board *board);
void board_free_devices(struct board *board);

/* One of them. NULL with board->error filled. */
struct board_device *board_create_device(struct board *board, const struct device_type *type,
					 const struct device_config *config);
void board_free_device(struct board_device *device);

/* board/plug/plug.c: the root port of an id, or NULL; devices that the guest let go of go. */
struct pci_port *board_find_port(const struct board *board, const char *id);
void board_collect_devices(struct board *board);

/* The n-th device of a type, or NULL. */
struct board_device *board_find_device(struct board *board, const char *type, unsigned n);

/* board/screen.c: the ramfb or NULL, and its own memory. 0 or -1 with board->error filled. */
struct ramfb *board_ramfb(struct board *board);
int board_attach_ramfb(struct board *board);

#endif
