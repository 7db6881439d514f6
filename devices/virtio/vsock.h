/* SPDX-License-Identifier: MIT */
/*
 * The virtio socket device (virtio 1.2 section 5.10): stream sockets between the guest and programs
 * of the host. vsock.c serves the queues, and vsock_connection.c opens and closes connections. The
 * device keeps no data: bytes go directly from the driver's buffers to the frontend, and back.
 */
#ifndef DEVICES_VIRTIO_VSOCK_H
#define DEVICES_VIRTIO_VSOCK_H

#include "devices/device_type.h"
#include "devices/virtio/virtio.h"
#include "devices/vsock.h"

#define VIRTIO_VSOCK_CID_HOST 2
#define VIRTIO_VSOCK_STRAYS_MAX 64

/* 5.10.2 Virtqueues */
enum { VIRTIO_VSOCK_RXQ, VIRTIO_VSOCK_TXQ, VIRTIO_VSOCK_EVENTQ };

#define VIRTIO_VSOCK_TYPE_STREAM 1

/* 5.10.6 Device Operation */
enum {
	VIRTIO_VSOCK_OP_REQUEST = 1,
	VIRTIO_VSOCK_OP_RESPONSE,
	VIRTIO_VSOCK_OP_RST,
	VIRTIO_VSOCK_OP_SHUTDOWN,
	VIRTIO_VSOCK_OP_RW,
	VIRTIO_VSOCK_OP_CREDIT_UPDATE,
	VIRTIO_VSOCK_OP_CREDIT_REQUEST,
};

struct virtio_vsock_hdr {
	u64 src_cid, dst_cid;
	u32 src_port, dst_port;
	u32 len;
	u16 type, op;
	u32 flags, buf_alloc, fwd_cnt;
} __attribute__((packed));

enum virtio_vsock_state {
	VSOCK_FREE,
	VSOCK_CALLED, /* the guest requested it; the host has not answered */
	VSOCK_CALLING, /* the host requested it; the guest has not answered */
	VSOCK_CONNECTED,
	VSOCK_CLOSING, /* it has ended, but the guest must still be sent a reset */
	VSOCK_STATES,
};

/* A connection. All of it is state, which is saved as it is in memory, without padding. */
struct virtio_vsock_connection {
	u32 guest_port, host_port;
	u32 peer_alloc, peer_forwarded; /* 5.10.6.3: buf_alloc and fwd_cnt of the guest */
	u32 sent; /* bytes sent to the guest, modulo 2^32 as all of these */
	u32 received; /* bytes received from the guest */
	u32 taken; /* bytes of `received` that the host has accepted: the device's fwd_cnt */
	u32 sent_fwd_cnt; /* the last fwd_cnt that was sent to the guest */
	u8 state; /* enum virtio_vsock_state */
	u8 pending; /* bit n: a packet with op n must be sent to the guest */
	u8 guest_shut, host_shut; /* VSOCK_SHUT_* */
};

/* A reset that answers a packet which belongs to no connection. */
struct virtio_vsock_stray {
	u64 host_cid;
	u32 guest_port, host_port;
	u32 type, zero;
};

struct virtio_vsock_properties {
	u64 cid; /* the guest's CID */
	const char *socket; /* path of the socket to which programs of the host connect */
};

struct virtio_vsock {
	struct virtio virtio;
	struct vsock vsock;
	u64 guest_cid; /* 5.10.4: this is the configuration space */
	struct clock_event resume; /* resumes serving the queue of the guest's packets */
	char part[STATE_NAME_MAX];
	/* The data of VSOCK_DATA while they are written to the driver's buffers. */
	const u8 *data;
	u64 data_size;
	u32 data_connection;
	/* State */
	struct virtio_vsock_connection connections[VSOCK_CONNECTIONS_MAX];
	struct virtio_vsock_stray strays[VIRTIO_VSOCK_STRAYS_MAX];
	u32 stray_count;
	u32 next_port; /* the next port for a connection that the host opens */
	u32 turn; /* the connection that was served last */
	u32 waiting; /* how many connections have pending packets */
};

/*
 * Initialises the device. `name` is as in struct virtio_setup. The frontend's half of vsock->vsock
 * may be set at any time.
 */
void virtio_vsock_init(struct virtio_vsock *vsock, struct platform *platform, const char *name,
		       const struct virtio_vsock_properties *properties);

/* The device's type for -device; its properties are struct virtio_vsock_properties. */
extern const struct device_type virtio_vsock_device;

/*
 * The following are in vsock_connection.c. virtio_vsock_packet handles a packet of the guest, whose
 * payload is at the front of `data`.
 */
void virtio_vsock_packet(struct virtio_vsock *vsock, const struct virtio_vsock_hdr *header,
			 struct virtq_buffer *data);
/* Handles a record from the host, except VSOCK_DATA, whose payload vsock.c writes to the driver. */
void virtio_vsock_input(struct virtio_vsock *vsock, const struct vsock_record *record);
/* Makes the next packet without payload. Returns false if there is none. */
bool virtio_vsock_next(struct virtio_vsock *vsock, struct virtio_vsock_hdr *header);
/* Fills in the header fields that are the same in all packets of a connection. */
void virtio_vsock_header(struct virtio_vsock *vsock, u32 connection, u16 op,
			 struct virtio_vsock_hdr *header);
/* Returns how many more bytes the guest has room for. */
u32 virtio_vsock_credit(const struct virtio_vsock_connection *connection);
void virtio_vsock_forget(struct virtio_vsock *vsock); /* drops all connections */

#endif
