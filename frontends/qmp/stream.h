/* SPDX-License-Identifier: MIT */
/*
 * Values of JSON in a stream of bytes, whatever is between them: QMP has no lines. A value ends
 * with the bracket that opened it; whether it is right inside is the parser's matter. Strings may
 * be in single quotes, as QEMU has it; they become those of JSON.
 */
#ifndef FRONTENDS_QMP_STREAM_H
#define FRONTENDS_QMP_STREAM_H

#include "bus/base.h"

#define QMP_TEXT_MAX MiB
#define QMP_DEPTH_MAX 1024 /* QEMU's */

enum qmp_got {
	QMP_NOTHING, /* more bytes are needed */
	QMP_VALUE, /* `text` holds one */
	QMP_STRAY, /* a byte that JSON has not; the line is passed over, but not behind 0xff */
	QMP_TOO_DEEP, /* the line is passed over */
	QMP_TOO_LONG, /* the same; or the host has no memory for it */
};

struct qmp_stream {
	char *text; /* a NUL behind it */
	size_t size, room;
	unsigned depth;
	u8 quote, stray; /* that a string is in; the byte that is none of JSON's */
	bool escaped, skips;
};

/* The next byte from the client. After QMP_VALUE the text is there until the next call. */
enum qmp_got qmp_stream_take(struct qmp_stream *stream, u8 byte);

/* Begin anew. */
void qmp_stream_reset(struct qmp_stream *stream);
void qmp_stream_free(struct qmp_stream *stream);

#endif
