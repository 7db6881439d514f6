/* SPDX-License-Identifier: MIT */
/*
 * The host's side of what SPICE's agent in the guest speaks over a serial port (spice-protocol's
 * vd_agent.h), as far as it is about text in the clipboard. Knows neither ports nor windows: bytes
 * of the guest's go in, bytes for it wait in `out`, and so does what it has copied.
 */
#ifndef FRONTENDS_CHARDEV_VDAGENT_H
#define FRONTENDS_CHARDEV_VDAGENT_H

#include "bus/base.h"

#define VDAGENT_TEXT_MAX MiB /* longer texts stay where they are */

struct vdagent_buffer {
	u8 *bytes;
	size_t start, end, room;
};

struct vdagent {
	/* Of the guest's: a chunk's header, what is left of it, and a message over several. */
	u8 chunk[8];
	size_t chunk_size;
	u32 chunk_left;
	struct vdagent_buffer message;
	u64 message_size; /* with its header; 0: not known yet */
	bool broken; /* it broke the protocol: nothing is taken until it opens the port again */
	bool ready; /* it has said what it can, and can do what is needed here */
	bool selections; /* it says which clipboard is meant */
	struct vdagent_buffer out;
	char *host_text; /* what the host has copied, or NULL */
	char *guest_text; /* what the guest has, for vdagent_take_text; or NULL */
};

void vdagent_free(struct vdagent *agent);

/* A program has opened the guest's end, or closed it: all begins anew. */
void vdagent_open(struct vdagent *agent, bool open);

/* Bytes from the guest, which may be anything. */
void vdagent_hear(struct vdagent *agent, const u8 *data, size_t size);

/* The user has copied a text on the host: UTF-8, not empty. */
void vdagent_offer(struct vdagent *agent, const char *text);

/* What has been copied in the guest since this was asked; the caller frees it. NULL: nothing. */
char *vdagent_take_text(struct vdagent *agent);

/* The next bytes for the guest, and that so many of them are gone. */
size_t vdagent_waiting(const struct vdagent *agent, const u8 **bytes);
void vdagent_sent(struct vdagent *agent, size_t size);

#endif
