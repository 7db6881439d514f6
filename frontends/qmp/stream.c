/* SPDX-License-Identifier: MIT */
/* See qmp/stream.h. */
#include "frontends/qmp/stream.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096
#define RESTART 0xff /* a client sends it to start again (qmp-spec.txt, 2.6) */

void qmp_stream_reset(struct qmp_stream *stream)
{
	stream->size = 0;
	stream->depth = 0;
	stream->quote = 0;
	stream->escaped = stream->skips = false;
}

void qmp_stream_free(struct qmp_stream *stream)
{
	free(stream->text);
	*stream = (struct qmp_stream){ 0 };
}

static bool qmp_stream_make_room(struct qmp_stream *stream)
{
	size_t room = MAX(stream->room * 2, (size_t)ROOM_FIRST);
	char *text;

	/* One byte of input adds at most an escaped quote, of two bytes; there must be room for the
	 * NUL, too. */
	if (stream->size + 3 <= stream->room)
		return true;
	text = room <= QMP_TEXT_MAX ? realloc(stream->text, room) : NULL;
	if (!text)
		return false;
	stream->text = text;
	stream->room = room;
	return true;
}

static void qmp_stream_put(struct qmp_stream *stream, u8 byte)
{
	stream->text[stream->size++] = (char)byte;
	stream->text[stream->size] = 0;
}

/* Drops the value, which cannot be accepted, and the rest of its line. */
static enum qmp_got qmp_stream_refuse(struct qmp_stream *stream, enum qmp_got why, u8 byte)
{
	qmp_stream_reset(stream);
	stream->stray = byte;
	stream->skips = byte != '\n' && byte != RESTART;
	return why;
}

/* Handles a byte inside a string. Converts what QEMU accepts and JSON does not have: strings in
 * single quotes, and escaped single quotes. */
static enum qmp_got take_in_string(struct qmp_stream *stream, u8 byte)
{
	if (stream->escaped) {
		stream->escaped = false;
		if (byte != '\'')
			qmp_stream_put(stream, '\\');
		qmp_stream_put(stream, byte);
	} else if (byte == '\\') {
		stream->escaped = true;
	} else if (byte == stream->quote) {
		stream->quote = 0;
		qmp_stream_put(stream, '"');
		return stream->depth ? QMP_NOTHING : QMP_VALUE;
	} else {
		if (byte == '"')
			qmp_stream_put(stream, '\\');
		qmp_stream_put(stream, byte);
	}
	return QMP_NOTHING;
}

static enum qmp_got take_bracket(struct qmp_stream *stream, u8 byte)
{
	if (byte == '{' || byte == '[') {
		if (stream->depth == QMP_DEPTH_MAX)
			return qmp_stream_refuse(stream, QMP_TOO_DEEP, byte);
		stream->depth++;
		qmp_stream_put(stream, byte);
		return QMP_NOTHING;
	}
	qmp_stream_put(stream, byte);
	stream->depth -= stream->depth > 0;
	return stream->depth ? QMP_NOTHING : QMP_VALUE;
}

static enum qmp_got take_outside(struct qmp_stream *stream, u8 byte)
{
	if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') {
		if (!stream->depth)
			return stream->size ? QMP_VALUE : QMP_NOTHING;
	} else if (byte == '"' || byte == '\'') {
		stream->quote = byte;
		byte = '"';
	} else if (strchr("{}[]", byte)) {
		return take_bracket(stream, byte);
	}
	qmp_stream_put(stream, byte);
	return QMP_NOTHING;
}

enum qmp_got qmp_stream_take(struct qmp_stream *stream, u8 byte)
{
	enum qmp_got got;

	if (stream->skips) {
		stream->skips = byte != '\n';
		return QMP_NOTHING;
	}
	if (byte == RESTART || (byte < ' ' && (stream->quote || !strchr("\t\r\n", byte) || !byte)))
		return qmp_stream_refuse(stream, QMP_STRAY, byte);
	if (!qmp_stream_make_room(stream))
		return qmp_stream_refuse(stream, QMP_TOO_LONG, byte);
	got = stream->quote ? take_in_string(stream, byte) : take_outside(stream, byte);
	if (got != QMP_VALUE)
		return got;
	/* The text is valid until the next byte overwrites it. */
	stream->size = 0;
	return QMP_VALUE;
}
