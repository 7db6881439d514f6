/* SPDX-License-Identifier: MIT */
/* The devices that the board's configuration lists. Part of board_parts.h. */
#ifndef DEVICES_BOARD_DEVICES_H
#define DEVICES_BOARD_DEVICES_H

#include "devices/board_config.h"
#include "devices/device_types.h"
#include "devices/disk.h"
#include "devices/virtio/pci.h"

struct board;
struct ramfb;

/* An open image, by its names: what a drive of QEMU's is, or a node of its block layer. */
struct board_node {
	struct board_disk config;
	struct disk disk;
};

/* A device of config.devices. */
struct board_device {
	const struct device_type *type;
	const struct device_config *config;
	char name[VIRTIO_NAME_MAX];
	void *self; /* type->size bytes */
	struct virtio *virtio; /* NULL: it is none */
	struct virtio_pci pci; /* with DEVICE_PCI */
};

/* The PCIe host, with nothing in it. */
void board_attach_pci(struct board *board);

/* Open config.disks, which devices name (board_disks.c). 0 or -1 with board->error filled. */
int board_attach_disks(struct board *board);
void board_free_disks(struct board *board);

/* The image of a drive's id, or NULL. */
struct board_node *board_find_disk(const struct board *board, const char *id);

/* Create and place what config.devices lists. 0 or -1 with board->error filled. */
int board_attach_devices(struct board *board);
void board_free_devices(struct board *board);

/* The n-th device of a type, or NULL. */
struct board_device *board_find_device(struct board *board, const char *type, unsigned n);

/* board_screen.c: the ramfb or NULL, and its own memory. 0 or -1 with board->error filled. */
struct ramfb *board_ramfb(struct board *board);
int board_attach_ramfb(struct board *board);

#endif
