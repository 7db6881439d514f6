/* SPDX-License-Identifier: MIT */
/*
 * Reads plain and gzip'd bytes through the same functions. Never holds more than one buffer, so a
 * small file that unpacks to many bytes costs only as much as the caller reads. zlib checks the CRC
 * and the length.
 */
#include "devices/boot/loader_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The value of zlib's windowBits for the largest window, and for data in gzip format. */
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

static int unpacked_is_lost(struct loader_file *file, int error)
{
	return error == EFBIG ?
		       loader_file_fail(file, -EFBIG,
					"unpacks to more than a file may have; raise the "
					"limit by ulimit -f") :
		       loader_file_fail(file, -EIO, "cannot be unpacked: %s", strerror(error));
}

/*
 * Copies all of a stream into a file in memory, whose size `ulimit -f` limits as it limits any
 * other file's.
 */
static int copy_stream(struct loader_stream *stream, int memory, u64 *size)
{
	u8 part[64 * KiB];
	u64 got;

	for (*size = 0;; *size += got) {
		int code = loader_stream_read(stream, part, sizeof(part), &got);
		ssize_t put;

		if (code || !got)
			return code;
		if (*size + got > LOADER_UNPACKED_MAX)
			return loader_file_fail(stream->file, -EFBIG,
						"unpacks to more than %llu "
						"MiB",
						LOADER_UNPACKED_MAX / MiB);
		put = pwrite(memory, part, got, (off_t)*size);
		if (put != (ssize_t)got)
			return unpacked_is_lost(stream->file, put < 0 ? errno : EFBIG);
	}
}

int loader_stream_unpack(struct loader_file *file)
{
	struct loader_stream *stream = calloc(1, sizeof(*stream));
	int memory = memfd_create("unpacked", MFD_CLOEXEC), code = 0;
	u64 size = 0;

	if (memory < 0)
		code = loader_file_fail(file, -errno,
					"cannot be unpacked, for which memfd_create must be "
					"allowed and a descriptor free: %s",
					strerror(errno));
	else if (!stream)
		code = loader_file_fail(file, -ENOMEM, "not enough host memory");
	if (!code)
		code = loader_stream_open(stream, file, 0, file->size, true);
	if (!code) {
		code = copy_stream(stream, memory, &size);
		loader_stream_close(stream);
	}
	free(stream);
	if (code || !size) {
		if (memory >= 0)
			close(memory);
		return code;
	}
	close(file->fd);
	file->fd = memory;
	file->start = 0;
	return loader_file_narrow(file, 0, size);
}
