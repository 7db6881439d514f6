/* SPDX-License-Identifier: MIT */
/* A guest with a socket device, and the calls of the host's side. */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_VSOCK_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_VSOCK_GUEST_H

#include "guest.h"
#include "devices/virtio/vsock.h"

#define VSOCK_CID 3
#define VSOCK_BUFFERS 32 /* offered for what the guest receives */
#define VSOCK_BUFFER_SIZE 1024
#define VSOCK_HEADER sizeof(struct virtio_vsock_hdr)

struct vsock_guest {
	struct guest guest;
	struct virtio_vsock device;
	struct guest_queue rx, tx;
	/* Calls of the host's side. */
	unsigned connects, accepts, shuts, closes;
	u32 connection, port; /* the last of them */
	unsigned how;
	u8 heard[VSOCK_WINDOW];
	size_t heard_size;
};
GUEST_COMES_FIRST(struct vsock_guest);

/* With the queues running and all buffers offered. */
void vsock_guest_init(struct vsock_guest *g);
void vsock_guest_start(struct vsock_guest *g, unsigned buffers);

/*
 * This is cmocka's setup of a test whose state is such a guest; guest_teardown() is its
 * counterpart.
 */
int vsock_guest_setup(void **state);

/* A packet from the guest's port to the host's, with `size` bytes of data behind it. */
struct virtio_vsock_hdr vsock_guest_header(u32 guest_port, u32 host_port, u16 op, u32 size);
void vsock_guest_send(struct vsock_guest *g, const struct virtio_vsock_hdr *header,
		      const void *data, u32 size);
void vsock_guest_op(struct vsock_guest *g, u32 guest_port, u32 host_port, u16 op);

/* The next packet that came, its data behind it, and its buffer offered again; 0: none. */
u16 vsock_guest_next(struct vsock_guest *g, struct virtio_vsock_hdr *header, u8 *data);

/* Puts a record of the host. */
void vsock_guest_put(struct vsock_guest *g, u32 input, u32 connection, u32 value);
void vsock_guest_put_data(struct vsock_guest *g, u32 connection, const void *data, size_t size);

/* A connection that the guest has made, from port 1000; its number. */
u32 vsock_guest_connect(struct vsock_guest *g, u32 host_port);

#endif
