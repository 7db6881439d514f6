/* SPDX-License-Identifier: MIT */
/* A guest with one of the real devices in its slot, for tests that are the same for all devices. */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_MACHINE_H
#define TESTS_DEVICES_VIRTIO_GUEST_MACHINE_H

#include "guest.h"
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

#define MACHINE_SECTORS 256u

/* A new kind also needs a row of `kinds` in machine.c. */
enum machine_kind {
	MACHINE_BLK,
	MACHINE_BLK_READONLY,
	MACHINE_CONSOLE,
	MACHINE_NET,
	MACHINE_RNG,
	MACHINE_GPU,
	MACHINE_INPUT,
	MACHINE_SERIAL, /* two ports: a console, and one that programs use */
	MACHINE_SOUND,
	MACHINE_BALLOON,
	MACHINE_VSOCK,
	MACHINE_9P, /* an empty folder, which stays empty */
	MACHINE_FS,
	MACHINE_KINDS,
};

struct machine {
	struct guest guest;
	enum machine_kind kind;
	struct virtio *virtio; /* the device in the slot */
	char path[32]; /* the path of the disk's file, or of the shared folder */
	struct disk disk;
	struct virtio_blk blk;
	struct virtio_balloon balloon;
	struct virtio_console console;
	struct virtio_net net;
	struct virtio_p9 p9;
	struct virtio_fs fs;
	struct virtio_rng rng;
	struct virtio_gpu gpu;
	struct virtio_input input;
	struct virtio_sound sound;
	struct virtio_vsock vsock;
	u64 output; /* bytes that the console has written, or the network card has sent */
};

void machine_init(struct machine *machine, enum machine_kind kind);
void machine_free(struct machine *machine);

/* Makes a well-formed request for the device, in descriptors 0 to 2 of its queue. */
void machine_request(struct machine *machine, struct guest_queue *queue);

/* Returns whether such requests only transfer data from the guest. */
bool machine_outputs(const struct machine *machine);

/* Returns whether such requests begin with their size. */
bool machine_shares(const struct machine *machine);

/* Returns the queue for such requests. */
unsigned machine_queue(const struct machine *machine);

/* Resets the device as a correct driver does, and checks that it serves a correct request. */
void machine_check_works(struct machine *machine);

#endif
