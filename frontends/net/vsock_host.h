/* SPDX-License-Identifier: MIT */
/*
 * Declares what the files of the AF_VSOCK host side share: vsock.c (waits for events and dispatches
 * them), vsock_call.c (programs that connect to the socket), vsock_peer.c (one connection). No
 * other file includes this.
 */
#ifndef FRONTENDS_NET_VSOCK_HOST_H
#define FRONTENDS_NET_VSOCK_HOST_H

#include "devices/board/board.h"
#include "frontends/host/pollset.h"
#include "frontends/net/listen.h"
#include "frontends/net/vsock.h"

#define VSOCK_CALLS_MAX 16
#define VSOCK_LINE_MAX 32 /* bytes of "CONNECT PORT\n" */

/* A program that has not yet sent its CONNECT line. */
struct vsock_call {
	int fd;
	unsigned index; /* in the pollset */
	char line[VSOCK_LINE_MAX]; /* the part of the line that has arrived */
	size_t size;
};

/* The answer for a connection that the guest is to receive between two slices. */
enum vsock_answer { VSOCK_SAY_NOTHING, VSOCK_SAY_ACCEPT, VSOCK_SAY_RESET };

struct vsock_peer {
	bool used;
	int fd; /* -1: the connection is still being made, or has gone */
	unsigned index;
	enum vsock_answer answer;
	bool open; /* data may be transferred */
	bool readable, ended; /* there may be something to read; nothing will ever follow */
	bool shut; /* the guest has shut down its side, which the program has not been told yet */
	u32 taken; /* bytes accepted from the guest for which it has not received credit yet */
	/* A buffer of VSOCK_WINDOW bytes, of which [start, end) wait for the program; or NULL. */
	u8 *waiting;
	u32 start, end;
};

struct vsock_host_end {
	struct vsock *vsock;
	struct journal *journal;
	struct net_address address; /* where the listener is */
	struct net_listener listener;
	unsigned index;
	struct vsock_call calls[VSOCK_CALLS_MAX];
	unsigned call_count;
	struct vsock_peer peers[VSOCK_CONNECTIONS_MAX];
	unsigned used; /* the number of peers that are used */
	struct pollset *set; /* the set to which the indices belong */
};

void vsock_put(struct vsock_host_end *end, u32 input, u32 connection, u32 value);

/* vsock_call.c: accepts programs, reads their CONNECT lines, and disconnects those without one. */
void vsock_accept(struct vsock_host_end *end);
void vsock_read_calls(struct vsock_host_end *end);
void vsock_drop_calls(struct vsock_host_end *end);

/* vsock_peer.c. The fd of vsock_peer_begin is a connected socket. */
extern const struct vsock_host vsock_peer_host; /* ctx: struct vsock_host_end */
void vsock_peer_begin(struct vsock_host_end *end, u32 connection, int fd);
bool vsock_peer_room(const struct vsock_host_end *end); /* returns whether another one can begin */
void vsock_peer_end(struct vsock_host_end *end, u32 connection);
short vsock_peer_events(struct vsock_host_end *end, u32 connection);
void vsock_peer_poll(struct vsock_host_end *end, u32 connection, short seen);
void vsock_peer_feed(struct vsock_host_end *end, u32 connection);

#endif
