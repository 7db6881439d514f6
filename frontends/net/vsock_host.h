/* SPDX-License-Identifier: MIT */
/*
 * What the files of the guest's sockets share: vsock.c (what waits, and is looked at),
 * vsock_call.c (programs that come to the socket), vsock_peer.c (one connection). Nobody else
 * includes this.
 */
#ifndef FRONTENDS_NET_VSOCK_HOST_H
#define FRONTENDS_NET_VSOCK_HOST_H

#include "devices/board/board.h"
#include "frontends/host/pollset.h"
#include "frontends/net/listen.h"
#include "frontends/net/vsock.h"

#define VSOCK_CALLS_MAX 16
#define VSOCK_LINE_MAX 32 /* bytes of "CONNECT PORT\n" */

/* A program that has not said where to. */
struct vsock_call {
	int fd;
	unsigned index; /* in the pollset */
	char line[VSOCK_LINE_MAX]; /* as far as it has come */
	size_t size;
};

/* What the guest has to be told of a connection, between two slices. */
enum vsock_answer { VSOCK_SAY_NOTHING, VSOCK_SAY_ACCEPT, VSOCK_SAY_RESET };

struct vsock_peer {
	bool used;
	int fd; /* -1: the connection is made, or gone */
	unsigned index;
	enum vsock_answer answer;
	bool open; /* bytes may pass */
	bool readable, ended; /* there may be something to read; there never will be */
	bool shut; /* the guest sends no more, which the program is still to hear */
	u32 taken; /* bytes that the guest is not yet told of */
	u8 *waiting; /* VSOCK_WINDOW bytes, of which [start, end) are for the program; or NULL */
	u32 start, end;
};

struct vsock_host_end {
	struct vsock *vsock;
	struct journal *journal;
	struct net_address address; /* of the listener */
	struct net_listener listener;
	unsigned index;
	struct vsock_call calls[VSOCK_CALLS_MAX];
	unsigned call_count;
	struct vsock_peer peers[VSOCK_CONNECTIONS_MAX];
	unsigned used; /* peers */
	struct pollset *set; /* that the indices are of */
};

void vsock_put(struct vsock_host_end *end, u32 input, u32 connection, u32 value);

/* vsock_call.c; fd is a connection that is made. */
void vsock_accept(struct vsock_host_end *end);
void vsock_read_calls(struct vsock_host_end *end);
void vsock_drop_calls(struct vsock_host_end *end);

/* vsock_peer.c */
extern const struct vsock_host vsock_peer_host; /* ctx: struct vsock_host_end */
void vsock_peer_begin(struct vsock_host_end *end, u32 connection, int fd);
bool vsock_peer_room(const struct vsock_host_end *end); /* for another one */
void vsock_peer_end(struct vsock_host_end *end, u32 connection);
short vsock_peer_events(struct vsock_host_end *end, u32 connection);
void vsock_peer_look(struct vsock_host_end *end, u32 connection, short seen);
void vsock_peer_feed(struct vsock_host_end *end, u32 connection);

#endif
