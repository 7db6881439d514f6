/* SPDX-License-Identifier: MIT */
/*
 * A descriptor that bytes are written to and read from without blocking: sockets and
 * pseudoterminals share this.
 */
#ifndef FRONTENDS_CHARDEV_PORT_STREAM_H
#define FRONTENDS_CHARDEV_PORT_STREAM_H

#include "frontends/chardev/port.h"
#include "frontends/host/telnet.h"

struct port_stream {
	int fd; /* -1: no peer is connected */
	bool readable; /* there may be something to read */
	u8 *output; /* [output_start, output_end) waits */
	size_t output_start, output_end, output_room;
	bool has_telnet;
	struct telnet telnet; /* only if has_telnet */
	struct pollset *set; /* the set that the index belongs to */
	unsigned index;
};

/* Starts with a descriptor of a peer, which does not block; or stops, when the peer has gone. */
void port_stream_start(struct port_end *end, struct port_stream *stream, int fd);
void port_stream_stop(struct port_end *end, struct port_stream *stream);

/* Called while harts run: the bytes wait for port_stream_flush. Without a peer they are lost. */
void port_stream_write(struct port_stream *stream, const u8 *data, size_t size);

/* Both return false when the peer has gone, and port_stream_stop was called. */
bool port_stream_flush(struct port_end *end, struct port_stream *stream);
bool port_stream_feed(struct port_end *end, struct port_stream *stream);

/* Do what the functions of the same names do in struct port_kind. */
void port_stream_wait(struct port_end *end, struct port_stream *stream, struct pollset *set);
void port_stream_look(struct port_stream *stream, struct pollset *set);
bool port_stream_wait_output(struct port_stream *stream, struct pollset *set);

#endif
