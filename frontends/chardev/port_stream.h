/* SPDX-License-Identifier: MIT */
/*
 * A descriptor that bytes go to and come from without anybody waiting: what sockets and terminals
 * have in common.
 */
#ifndef FRONTENDS_CHARDEV_PORT_STREAM_H
#define FRONTENDS_CHARDEV_PORT_STREAM_H

#include "frontends/chardev/port.h"
#include "frontends/host/telnet.h"

struct port_stream {
	int fd; /* -1: nobody is there */
	bool readable; /* there may be something to read */
	u8 *output; /* [output_start, output_end) waits */
	size_t output_start, output_end, output_room;
	bool has_telnet;
	struct telnet telnet; /* if so */
	struct pollset *set; /* that the index below is of */
	unsigned index;
};

/* Somebody is there, at a descriptor that does not block; or no longer. */
void port_stream_start(struct port_end *end, struct port_stream *stream, int fd);
void port_stream_stop(struct port_end *end, struct port_stream *stream);

/* While harts run; what nobody is there to get is lost. */
void port_stream_write(struct port_stream *stream, const u8 *data, size_t size);

/* False: the other end is gone, and stop was called. */
bool port_stream_look(struct port_end *end, struct port_stream *stream, struct pollset *set);
bool port_stream_feed(struct port_end *end, struct port_stream *stream);

void port_stream_wait(struct port_end *end, struct port_stream *stream, struct pollset *set);

#endif
