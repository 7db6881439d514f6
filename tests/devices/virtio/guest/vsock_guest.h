/* SPDX-License-Identifier: MIT */
/* A guest with a vsock device, and the device's calls to the host's side. */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_VSOCK_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_VSOCK_GUEST_H

#include "guest.h"
#include "devices/virtio/vsock.h"

#define VSOCK_CID 3
#define VSOCK_BUFFERS 32 /* receive buffers that are offered */
#define VSOCK_BUFFER_SIZE 1024
#define VSOCK_HEADER sizeof(struct virtio_vsock_hdr)

struct vsock_guest {
	struct guest guest;
	struct virtio_vsock device;
	struct guest_queue rx, tx;
	/* How often each function of the host's side was called. */
	unsigned connects, accepts, shuts, closes;
	u32 connection, port; /* those of the last call */
	unsigned how;
	u8 heard[VSOCK_WINDOW];
	size_t heard_size;
};
GUEST_COMES_FIRST(struct vsock_guest);

/*
 * Makes a guest, enables its queues and offers all buffers; vsock_guest_start does the last two
 * again after a reset.
 */
void vsock_guest_init(struct vsock_guest *g);
void vsock_guest_start(struct vsock_guest *g, unsigned buffers);

/* The setup of cmocka for a test whose state is such a guest; the teardown is guest_teardown(). */
int vsock_guest_setup(void **state);

/*
 * vsock_guest_header returns the header of a packet from the guest's port to the host's, with
 * `size` bytes of data; vsock_guest_send sends it with the data; vsock_guest_op sends one without
 * data.
 */
struct virtio_vsock_hdr vsock_guest_header(u32 guest_port, u32 host_port, u16 op, u32 size);
void vsock_guest_send(struct vsock_guest *g, const struct virtio_vsock_hdr *header,
		      const void *data, u32 size);
void vsock_guest_op(struct vsock_guest *g, u32 guest_port, u32 host_port, u16 op);

/*
 * Reads the next packet that has arrived, with its data, and offers its buffer again. Returns the
 * packet's op; 0: there is none.
 */
u16 vsock_guest_next(struct vsock_guest *g, struct virtio_vsock_hdr *header, u8 *data);

/* Puts a record of the host's side into the journal (struct vsock_record), and one with data. */
void vsock_guest_put(struct vsock_guest *g, u32 input, u32 connection, u32 value);
void vsock_guest_put_data(struct vsock_guest *g, u32 connection, const void *data, size_t size);

/* Makes a connection from the guest's port 1000. Returns its number. */
u32 vsock_guest_connect(struct vsock_guest *g, u32 host_port);

#endif
