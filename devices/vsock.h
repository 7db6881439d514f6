/* SPDX-License-Identifier: MIT */
/*
 * Connections between sockets of the guest (AF_VSOCK) and whatever the frontend put at the host's
 * ends. The device keeps what the two agreed on, the frontend what the host has not taken yet.
 * All that the host does reaches the device by the journal, as a struct vsock_record.
 */
#ifndef DEVICES_VSOCK_H
#define DEVICES_VSOCK_H

#include "bus/base.h"
#include "bus/journal.h"

#define VSOCK_CONNECTIONS_MAX 1024
#define VSOCK_WINDOW (64 * KiB) /* bytes of a connection that wait for the host, at most */

/* Who does not receive, or not send, any more. */
#define VSOCK_SHUT_RECEIVE 1
#define VSOCK_SHUT_SEND 2
#define VSOCK_SHUT_BOTH 3

enum vsock_input {
	VSOCK_OPEN, /* a free connection is to lead to the guest's port `value` */
	VSOCK_ACCEPT, /* the answer to connect() below; else VSOCK_RESET */
	VSOCK_DATA, /* the bytes that follow the record are for the guest: at most room() */
	VSOCK_TAKEN, /* the host has taken so many of the guest's bytes */
	VSOCK_SHUT, /* VSOCK_SHUT_* of the host */
	VSOCK_RESET, /* the connection is no more */
};

struct vsock_record {
	u32 input; /* enum vsock_input */
	u32 connection; /* below VSOCK_CONNECTIONS_MAX */
	u32 value;
};

/* What the guest does; none of it may block. */
struct vsock_host {
	void (*connect)(void *ctx, u32 connection, u32 port); /* to a port of the host */
	void (*accepted)(void *ctx, u32 connection, u32 host_port); /* what VSOCK_OPEN asked for */
	void (*data)(void *ctx, u32 connection, const u8 *data, size_t size);
	void (*shut)(void *ctx, u32 connection, unsigned how); /* VSOCK_SHUT_* of the guest */
	void (*closed)(void *ctx, u32 connection); /* the connection is no more */
};

struct vsock {
	/* Frontend's half. host NULL: nobody is there, and nothing is answered. */
	const struct vsock_host *host;
	void *ctx;
	/* Device's half */
	const char *path; /* of the socket at which the host's programs come */
	unsigned descriptors; /* that the host's ends of all connections may have */
	bool (*free)(void *device, u32 *connection); /* one for VSOCK_OPEN; false: there is none */
	bool (*used)(void *device, u32 connection); /* as after a restore: the host has none */
	/* Bytes that VSOCK_DATA may have now; no more than `most` are looked for. */
	u64 (*room)(void *device, u32 connection, u64 most);
	void *device;
	unsigned sink;
};

#endif
