/* SPDX-License-Identifier: MIT */
/*
 * Connections between sockets of the guest (AF_VSOCK) and the frontend's sockets on the host. The
 * device keeps the state of connections, and the frontend the bytes that the host has not accepted
 * yet. All events from the host reach the device through the journal, each as a struct
 * vsock_record.
 */
#ifndef DEVICES_VSOCK_H
#define DEVICES_VSOCK_H

#include "bus/base.h"
#include "bus/journal.h"

#define VSOCK_CONNECTIONS_MAX 1024
#define VSOCK_WINDOW (64 * KiB) /* the most bytes of a connection that may wait for the host */

/* Directions of a connection that one side has shut down. */
#define VSOCK_SHUT_RECEIVE 1
#define VSOCK_SHUT_SEND 2
#define VSOCK_SHUT_BOTH 3

/* The events from the host. */
enum vsock_input {
	VSOCK_OPEN, /* opens a free connection to the guest's port `value` */
	VSOCK_ACCEPT, /* accepts a connect() of the guest (VSOCK_RESET refuses it) */
	/* the bytes that follow the record are for the guest; there are at most room() of them */
	VSOCK_DATA,
	VSOCK_TAKEN, /* the host has accepted `value` of the guest's bytes */
	VSOCK_SHUT, /* the host has shut down these directions (VSOCK_SHUT_*) */
	VSOCK_RESET, /* the connection is closed */
};

struct vsock_record {
	u32 input; /* enum vsock_input */
	u32 connection; /* below VSOCK_CONNECTIONS_MAX */
	u32 value;
};

/* The frontend's functions, called for the guest's events. None may block. */
struct vsock_host {
	void (*connect)(void *ctx, u32 connection, u32 port); /* to a port of the host */
	/* The guest accepted VSOCK_OPEN. */
	void (*accepted)(void *ctx, u32 connection, u32 host_port);
	void (*data)(void *ctx, u32 connection, const u8 *data, size_t size);
	/* the guest has shut down VSOCK_SHUT_* */
	void (*shut)(void *ctx, u32 connection, unsigned how);
	void (*closed)(void *ctx, u32 connection); /* the connection is closed */
};

struct vsock {
	/* Frontend's half. If host is NULL, the guest's requests are not answered. */
	const struct vsock_host *host;
	void *ctx;
	/* Device's half */
	const char *path; /* path of the socket to which programs of the host connect */
	unsigned descriptors; /* how many descriptors the frontend may use for all connections */
	/* Finds a free connection for VSOCK_OPEN; returns false if there is none. */
	bool (*free)(void *device, u32 *connection);
	/*
	 * Returns whether a connection is in use, which the frontend does not know after a state
	 * was loaded.
	 */
	bool (*used)(void *device, u32 connection);
	/* Returns how many bytes VSOCK_DATA may have now: at most `most`. */
	u64 (*room)(void *device, u32 connection, u64 most);
	void *device;
	unsigned sink;
};

#endif
