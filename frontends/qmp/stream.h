/* SPDX-License-Identifier: MIT */
/*
 * Finds JSON values in a stream of bytes, with anything between them: QMP is not divided into
 * lines. A value ends with its closing bracket; the JSON parser checks its contents later. Strings
 * may be in single quotes, as in QEMU; they are converted to double quotes.
 */
#ifndef FRONTENDS_QMP_STREAM_H
#define FRONTENDS_QMP_STREAM_H

#include "bus/base.h"

#define QMP_TEXT_MAX MiB
#define QMP_DEPTH_MAX 1024 /* as in QEMU */

enum qmp_got {
	QMP_NOTHING, /* more bytes are needed */
	QMP_VALUE, /* `text` holds a value */
	/*
	 * A byte that is not allowed in JSON. The rest of the line is skipped, except after 0xff.
	 */
	QMP_STRAY,
	QMP_TOO_DEEP, /* the rest of the line is skipped */
	QMP_TOO_LONG, /* the rest of the line is skipped; also if the host has no memory for it */
};

struct qmp_stream {
	char *text; /* followed by a NUL */
	size_t size, room;
	unsigned depth;
	u8 quote, stray; /* the quote of the current string, or 0; the byte that is not allowed */
	bool escaped, skips;
};

/*
 * Parses the next byte from the client. Returns the kind of unit that it completes. After
 * QMP_VALUE, `text` is valid until the next call.
 */
enum qmp_got qmp_stream_take(struct qmp_stream *stream, u8 byte);

/* Discards the value that has begun, and starts again. */
void qmp_stream_reset(struct qmp_stream *stream);
void qmp_stream_free(struct qmp_stream *stream);

#endif
