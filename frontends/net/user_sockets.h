/* SPDX-License-Identifier: MIT */
/*
 * Limits the sockets that libslirp opens for a guest. libslirp has no limit of its own; it only
 * reports each socket that it opens or closes. When there are too many, frames that would open
 * another one are dropped, as by a network that is congested.
 */
#ifndef FRONTENDS_NET_USER_SOCKETS_H
#define FRONTENDS_NET_USER_SOCKETS_H

#include "bus/base.h"

/* The guest's end of a UDP socket; all zeros: none. */
struct user_source {
	u8 address[16];
	u8 port[2];
};

struct user_sockets {
	unsigned most, count;
	struct user_source now; /* that of the frame that libslirp handles */
	struct user_source *sources; /* by descriptor */
	unsigned room;
	bool reported; /* the user knows that frames are dropped */
};

/*
 * Returns whether a frame must be dropped. If not, libslirp has to be given it next, and then
 * user_sockets_handled must be called, as also after a refusal.
 */
bool user_sockets_refuse(struct user_sockets *sockets, const u8 *frame, size_t size);
void user_sockets_handled(struct user_sockets *sockets);

void user_sockets_opened(struct user_sockets *sockets, int fd);
void user_sockets_closed(struct user_sockets *sockets, int fd);
void user_sockets_free(struct user_sockets *sockets);

#endif
