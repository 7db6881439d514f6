/* SPDX-License-Identifier: MIT */
/*
 * Reads the bytes of a file, or the contents of a gzip member at some offset in it, sequentially.
 * Only for loader*.c.
 */
#ifndef DEVICES_BOOT_LOADER_STREAM_H
#define DEVICES_BOOT_LOADER_STREAM_H

#include "devices/boot/loader_file.h"

#include <zlib.h>

#define LOADER_GZIP_MAGIC "\x1f\x8b"

/* A limit. Even a kernel with all of its debug information is smaller. */
#define LOADER_UNPACKED_MAX (1 * GiB)

struct loader_stream {
	struct loader_file *file;
	u64 offset, left; /* left: bytes of the file that were not read yet */
	bool packed;
	bool ended; /* the gzip trailer was read, and its checksum and length are right */
	z_stream z;
	u8 in[64 * KiB];
};

/*
 * Opens the file's bytes [offset, offset + len), which must be inside it, and unpacks them if
 * `packed`. Returns 0, or -errno with the file's error filled in.
 */
int loader_stream_open(struct loader_stream *stream, struct loader_file *file, u64 offset, u64 len,
		       bool packed);
void loader_stream_close(struct loader_stream *stream);

/*
 * Fills `out`. *got is less than size only at the end of the stream. Returns 0, or -errno with the
 * file's error filled in.
 */
int loader_stream_read(struct loader_stream *stream, void *out, u64 size, u64 *got);

/* Returns the offset in the file of the first byte that the stream has not used. */
u64 loader_stream_offset(const struct loader_stream *stream);

/*
 * Replaces a file in gzip format by its contents, which are in memory. If it unpacks to nothing, it
 * stays as it is. Returns 0, or -errno with the file's error filled in.
 */
int loader_stream_unpack(struct loader_file *file);

#endif
