/* SPDX-License-Identifier: MIT */
/*
 * A descriptor that is read and written without blocking, or one for each direction, for the kinds
 * of ports that use them: sockets, pseudoterminals and pipes.
 */
#ifndef FRONTENDS_CHARDEV_PORT_STREAM_H
#define FRONTENDS_CHARDEV_PORT_STREAM_H

#include "frontends/chardev/output_queue.h"
#include "frontends/chardev/port_end.h"
#include "frontends/host/telnet.h"

struct port_stream {
	int fd; /* -1: no peer is connected */
	int out; /* the descriptor that is written, often the same; only with a peer */
	bool readable; /* there may be something to read */
	struct output_queue output;
	bool has_telnet;
	struct telnet telnet; /* only if has_telnet */
	struct pollset *set; /* the set in which the descriptor has `index` */
	unsigned index;
};

/*
 * Starts to use the descriptors of a new peer, which must be non-blocking and may be the same, and
 * owns them; port_stream_stop closes them, when the peer has gone. port_stream_free closes them at
 * the end of the run.
 */
void port_stream_start(struct port_end *end, struct port_stream *stream, int in, int out);
void port_stream_stop(struct port_end *end, struct port_stream *stream);
void port_stream_free(struct port_stream *stream);

/*
 * Buffers what the guest writes, for port_stream_flush, because it is called while harts run.
 * Without a peer the bytes are lost.
 */
void port_stream_write(struct port_stream *stream, const u8 *data, size_t size);

/*
 * Write buffered output, and pass input to the guest. Return false if the peer has gone, in which
 * case they have called port_stream_stop.
 */
bool port_stream_flush(struct port_end *end, struct port_stream *stream);
bool port_stream_feed(struct port_end *end, struct port_stream *stream);

/* Do what the functions of the same names do in struct port_kind. */
void port_stream_fill_pollset(struct port_end *end, struct port_stream *stream,
			      struct pollset *set);
void port_stream_poll(struct port_stream *stream, struct pollset *set);
bool port_stream_fill_pollset_output(struct port_stream *stream, struct pollset *set);

#endif
