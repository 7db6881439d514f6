/* SPDX-License-Identifier: MIT */
/*
 * Reads plain and gzip'd bytes alike. Never holds more than one buffer, so a small file that
 * unpacks to many bytes costs only what the caller reads. zlib checks the CRC and the length.
 */
#include "devices/boot/loader_stream.h"

#include <errno.h>

/* zlib's windowBits: the largest window, and a gzip header and trailer around the data. */
#define GZIP_WINDOW_BITS (15 + 16)

int loader_stream_open(struct loader_stream *stream, struct loader_file *file, u64 offset, u64 len,
		       bool packed)
{
	stream->file = file;
	stream->offset = offset;
	stream->left = len;
	stream->packed = packed;
	stream->ended = false;
	stream->z = (z_stream){ 0 };
	if (packed && inflateInit2(&stream->z, GZIP_WINDOW_BITS) != Z_OK) {
		stream->packed = false;
		return loader_file_fail(file, -ENOMEM, "cannot be unpacked: no memory");
	}
	return 0;
}

void loader_stream_close(struct loader_stream *stream)
{
	if (stream->packed)
		inflateEnd(&stream->z);
}

u64 loader_stream_offset(const struct loader_stream *stream)
{
	return stream->offset - stream->z.avail_in;
}

static int stream_take(struct loader_stream *stream, void *data, u64 size)
{
	int code = loader_file_read(stream->file, data, stream->offset, size);

	stream->offset += size;
	stream->left -= size;
	return code;
}

static int refill(struct loader_stream *stream)
{
	u64 part = MIN(stream->left, sizeof(stream->in));

	if (part == 0)
		return loader_file_fail(stream->file, -ENODATA,
					"is cut off: its gzip data ends too early; fetch it again");
	stream->z.next_in = stream->in;
	stream->z.avail_in = (uInt)part;
	return stream_take(stream, stream->in, part);
}

static int stream_unpack(struct loader_stream *stream, u8 *out, u64 size, u64 *got)
{
	z_stream *z = &stream->z;

	*got = 0;
	while (*got < size && !stream->ended) {
		u64 part = MIN(size - *got, GiB);
		int code = z->avail_in ? 0 : refill(stream);

		if (code)
			return code;
		z->next_out = out + *got;
		z->avail_out = (uInt)part;
		code = inflate(z, Z_NO_FLUSH);
		*got += part - z->avail_out;
		stream->ended = code == Z_STREAM_END;
		if (code != Z_OK && code != Z_STREAM_END)
			return loader_file_fail(stream->file, -EBADMSG,
						"has damaged gzip data (%s); fetch it again",
						z->msg ? z->msg : "unexpected bytes");
	}
	return 0;
}

int loader_stream_read(struct loader_stream *stream, void *out, u64 size, u64 *got)
{
	if (stream->packed)
		return stream_unpack(stream, out, size, got);
	*got = MIN(size, stream->left);
	return stream_take(stream, out, *got);
}
