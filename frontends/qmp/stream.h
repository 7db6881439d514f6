/* SPDX-License-Identifier: MIT */
/*
 * Finds JSON values in a stream of bytes, whatever is between them: QMP is not divided into lines.
 * A value ends with the bracket that closes it; the parser checks its inside. Strings may be in
 * single quotes, as in QEMU; they become JSON's double quotes.
 */
#ifndef FRONTENDS_QMP_STREAM_H
#define FRONTENDS_QMP_STREAM_H

#include "bus/base.h"

#define QMP_TEXT_MAX MiB
#define QMP_DEPTH_MAX 1024 /* as in QEMU */

enum qmp_got {
	QMP_NOTHING, /* more bytes are needed */
	QMP_VALUE, /* `text` holds a value */
	/* A byte that JSON does not have; the rest of the line is skipped, except behind 0xff. */
	QMP_STRAY,
	QMP_TOO_DEEP, /* the rest of the line is skipped */
	QMP_TOO_LONG, /* the same; or the host has no memory for it */
};

struct qmp_stream {
	char *text; /* with a NUL behind it */
	size_t size, room;
	unsigned depth;
	u8 quote, stray; /* the quote of the current string; the byte that JSON does not have */
	bool escaped, skips;
};

/* Takes the next byte from the client. After QMP_VALUE the text is valid until the next call. */
enum qmp_got qmp_stream_take(struct qmp_stream *stream, u8 byte);

/* Starts again. */
void qmp_stream_reset(struct qmp_stream *stream);
void qmp_stream_free(struct qmp_stream *stream);

#endif
