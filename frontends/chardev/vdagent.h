/* SPDX-License-Identifier: MIT */
/*
 * The host's side of SPICE's agent protocol (spice-protocol's vd_agent.h), spoken over a serial
 * port of the guest, as far as it concerns text in the clipboard. It knows neither ports nor
 * windows: the guest's bytes are passed in, and bytes for the guest wait in `out`, as does the text
 * that was copied there.
 */
#ifndef FRONTENDS_CHARDEV_VDAGENT_H
#define FRONTENDS_CHARDEV_VDAGENT_H

#include "bus/base.h"

#define VDAGENT_TEXT_MAX MiB /* longer texts are not copied */

struct vdagent_buffer {
	u8 *bytes;
	size_t start, end, room;
};

struct vdagent {
	/* The data that arrives from the guest: a chunk's header, the size of its rest, and a
	 * message that may span several chunks. */
	u8 chunk[8];
	size_t chunk_size;
	u32 chunk_left;
	struct vdagent_buffer message;
	u64 message_size; /* with its header; 0: not known yet */
	/* The guest broke the protocol: its data is ignored until it opens the port again. */
	bool broken;
	bool ready; /* the guest has announced its capabilities, and they suffice */
	bool selections; /* the guest's messages name the selection */
	struct vdagent_buffer out;
	char *host_text; /* what the host has copied, or NULL */
	char *guest_text; /* what the guest has copied, for vdagent_take_text; or NULL */
};

void vdagent_free(struct vdagent *agent);

/* A program has opened or closed the guest's end: the protocol starts again. */
void vdagent_open(struct vdagent *agent, bool open);

/* Takes bytes from the guest, which may be anything. */
void vdagent_hear(struct vdagent *agent, const u8 *data, size_t size);

/* The user has copied a text on the host: UTF-8, not empty. */
void vdagent_offer(struct vdagent *agent, const char *text);

/* Returns what has been copied in the guest since the last call, to be freed by the caller; or
 * NULL. */
char *vdagent_take_text(struct vdagent *agent);

/* Returns the next bytes for the guest. */
size_t vdagent_waiting(const struct vdagent *agent, const u8 **bytes);
/* So many of these bytes have been sent. */
void vdagent_sent(struct vdagent *agent, size_t size);

#endif
