/* SPDX-License-Identifier: MIT */
/*
 * The host's side of SPICE's agent protocol (spice-protocol's vd_agent.h), spoken over a serial
 * port of the guest, as far as it concerns text in the clipboard. It does no input and output
 * itself: the caller passes in the bytes that the guest sent, and fetches the bytes for the guest
 * (vdagent_waiting) and the text that was copied in the guest (vdagent_take_text).
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
	/*
	 * The data that arrives from the guest: the header of the current chunk, of which
	 * chunk_size bytes have arrived; how much of its contents has not arrived; and a message,
	 * which may span several chunks.
	 */
	u8 chunk[8];
	size_t chunk_size;
	u32 chunk_left;
	struct vdagent_buffer message;
	u64 message_size; /* including the header; 0: not known yet */
	/* The guest broke the protocol: its data is ignored until it opens the port again. */
	bool broken;
	bool ready; /* the guest has announced its capabilities, and they suffice */
	/* Messages of both sides name the selection (VD_AGENT_CAP_CLIPBOARD_SELECTION). */
	bool selections;
	struct vdagent_buffer out;
	char *host_text; /* the text in the host's clipboard, or NULL */
	/* The text that was copied in the guest, for vdagent_take_text; or NULL. */
	char *guest_text;
};

void vdagent_free(struct vdagent *agent);

/* Restarts the protocol, because a program has opened or closed the guest's end of the port. */
void vdagent_open(struct vdagent *agent, bool open);

/* Handles bytes that the guest has sent. They are not trusted. */
void vdagent_hear(struct vdagent *agent, const u8 *data, size_t size);

/* Offers the guest a text that the user has copied on the host: UTF-8, not empty. */
void vdagent_offer(struct vdagent *agent, const char *text);

/*
 * Returns the text that has been copied in the guest since the last call, which the caller frees;
 * or NULL.
 */
char *vdagent_take_text(struct vdagent *agent);

/* Returns the number of bytes that wait to be sent to the guest, and sets *bytes to them. */
size_t vdagent_waiting(const struct vdagent *agent, const u8 **bytes);
/* Removes the first `size` of these bytes, which the caller has sent. */
void vdagent_sent(struct vdagent *agent, size_t size);

#endif
