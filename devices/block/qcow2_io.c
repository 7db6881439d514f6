/* SPDX-License-Identifier: MIT */
/* Reads, writes and zeroes parts of a qcow2 image, one run of clusters after the other. */
#include "devices/block/qcow2_image.h"

#include "devices/block/disk.h"
#include "devices/block/disk_pieces.h"
#include "devices/block/qcow2_map.h"
#include "devices/block/qcow2_refs.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

#define WINDOW_BITS -12 /* raw deflate, the format of compressed clusters */

static int read_backing(struct qcow2 *image, struct pieces *pieces, u64 offset, u64 size)
{
	u64 end = image->backing ? image->backing->sectors * DISK_SECTOR : 0;
	u64 there = offset < end ? MIN(size, end - offset) : 0;
	int error = 0;

	for (u64 done = 0, part; !error && done < there; done += part) {
		struct iovec iov[PIECES_MAX];
		unsigned count;

		part = pieces_take(pieces, there - done, iov, &count);
		error = disk_read(image->backing, offset + done, iov, count);
	}
	if (!error)
		pieces_copy(pieces, NULL, size - there, false);
	return error;
}

/* Unpacks the cluster of a compressed entry to image->unpacked. */
static int qcow2_unpack(struct qcow2 *image, u64 entry)
{
	unsigned bits = 62 - (image->bits - 8);
	u64 host = entry & (BIT(bits) - 1);
	u64 sectors = ((entry & ~(QCOW2_COPIED | QCOW2_PACKED)) >> bits) + 1;
	u64 size = sectors * 512 - (host & 511);
	z_stream stream = { 0 };
	int error;

	if (image->unpacked_entry == entry)
		return 0;
	image->unpacked_entry = 0;
	error = qcow2_pread(image, image->packed, size, host);
	if (error)
		return error;
	if (inflateInit2(&stream, WINDOW_BITS) != Z_OK)
		return -ENOMEM;
	stream.next_in = image->packed;
	stream.avail_in = (uInt)size;
	stream.next_out = image->unpacked;
	stream.avail_out = (uInt)image->cluster;
	error = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	if ((error != Z_STREAM_END && error != Z_BUF_ERROR) || stream.avail_out)
		return -EIO;
	image->unpacked_entry = entry;
	return 0;
}

static int read_run(struct qcow2 *image, struct pieces *pieces, u64 offset,
		    const struct qcow2_run *run)
{
	int error;

	switch (run->kind) {
	case QCOW2_IS_DATA:
		return pieces_read(pieces, image->fd, run->host, run->size);
	case QCOW2_IS_BACKING:
		return read_backing(image, pieces, offset, run->size);
	case QCOW2_IS_PACKED:
		error = qcow2_unpack(image, run->entry);
		if (!error)
			pieces_copy(pieces, image->unpacked + (offset & (image->cluster - 1)),
				    run->size, false);
		return error;
	default:
		pieces_copy(pieces, NULL, run->size, false);
		return 0;
	}
}

int qcow2_read(struct qcow2 *image, u64 offset, struct iovec *iov, unsigned count)
{
	struct pieces pieces = { iov, count };
	u64 size = pieces_size(&pieces);
	struct qcow2_run run;
	int error = 0;

	for (; !error && size; size -= run.size, offset += run.size) {
		error = qcow2_map(image, offset, size, &run);
		if (!error)
			error = read_run(image, &pieces, offset, &run);
	}
	return error;
}

/*
 * Returns whether the offset in the file can be that of data: it is neither that of a table, nor in
 * the free space beyond the end, where new tables are placed.
 */
static bool is_data(struct qcow2 *image, u64 offset)
{
	return offset && !qcow2_is_table(image, offset) &&
	       (qcow2_in_file(image, offset, image->cluster) || qcow2_in_use(image, offset));
}

/* Writes to a run of clusters whose data may be overwritten. */
static int write_in_place(struct qcow2 *image, struct pieces *pieces, const struct qcow2_run *run)
{
	u64 begin = align_down(run->host, image->cluster), end = run->host + run->size;

	for (u64 at = begin; at < end; at += image->cluster)
		if (!is_data(image, at))
			return -EIO;
	return pieces_write(pieces, image->fd, run->host, run->size);
}

/* Writes a part of a cluster, together with the old contents around it, to its new place. */
static int write_mixed(struct qcow2 *image, struct pieces *pieces, u64 offset, u64 size, u64 host)
{
	u64 start = align_down(offset, image->cluster);
	u64 there = MIN(image->cluster, image->size - start);
	struct iovec whole = { image->buffer, there };
	int error = qcow2_read(image, start, &whole, 1);

	memset(image->buffer + there, 0, image->cluster - there);
	if (error)
		return error;
	pieces_copy(pieces, image->buffer + (offset - start), size, true);
	return qcow2_pwrite(image, image->buffer, image->cluster, host);
}

/* Writes at most one cluster, to a new place. */
static int write_new(struct qcow2 *image, struct pieces *pieces, u64 offset, u64 size)
{
	u64 host;
	int error = qcow2_allocate(image, &host);

	if (error)
		return error;
	error = size == image->cluster ? pieces_write(pieces, image->fd, host, size) :
					 write_mixed(image, pieces, offset, size, host);
	if (!error)
		error = qcow2_remap(image, offset, host | QCOW2_COPIED);
	if (error)
		qcow2_release(image, host);
	return error;
}

int qcow2_write(struct qcow2 *image, u64 offset, struct iovec *iov, unsigned count)
{
	struct pieces pieces = { iov, count };
	u64 size = pieces_size(&pieces);
	struct qcow2_run run;
	/* Without knowing the file's tables, a write in place could change a snapshot. */
	int error = qcow2_restore_header(image);

	if (!error)
		error = qcow2_begin_writing(image);
	/* Forget the unpacked cluster: its place in the file may soon have other contents. */
	image->unpacked_entry = 0;
	for (; !error && size; size -= run.size, offset += run.size) {
		error = qcow2_map(image, offset, size, &run);
		if (error)
			break;
		if (run.in_place) {
			error = write_in_place(image, &pieces, &run);
			continue;
		}
		run.size = MIN(size, image->cluster - (offset & (image->cluster - 1)));
		error = write_new(image, &pieces, offset, run.size);
	}
	return error;
}

/* Writes zeros within one cluster. */
static int write_zeros(struct qcow2 *image, u64 offset, u64 size)
{
	static const u8 zeros[4 * KiB];
	int error = 0;

	for (u64 done = 0, part; !error && done < size; done += part) {
		struct iovec piece = { .iov_base = (void *)(uintptr_t)zeros };

		piece.iov_len = part = MIN(size - done, sizeof(zeros));
		error = qcow2_write(image, offset + done, &piece, 1);
	}
	return error;
}

/* Zeroes at most one cluster, which `run` describes. */
static int zero_cluster(struct qcow2 *image, u64 offset, const struct qcow2_run *run)
{
	u64 start = align_down(offset, image->cluster);
	bool whole = run->size == MIN(image->cluster, image->size - start);

	if (run->kind == QCOW2_IS_ZERO || (run->kind == QCOW2_IS_BACKING && !image->backing))
		return 0;
	if (!whole || (image->version < 3 && image->backing))
		return write_zeros(image, offset, run->size);
	image->unpacked_entry = 0;
	return qcow2_remap(image, offset, image->backing ? QCOW2_ZERO : 0);
}

int qcow2_zero(struct qcow2 *image, u64 offset, u64 size)
{
	struct qcow2_run run;
	int error = 0;

	for (; !error && size; size -= run.size, offset += run.size) {
		u64 rest = image->cluster - (offset & (image->cluster - 1));

		error = qcow2_map(image, offset, MIN(size, rest), &run);
		if (!error)
			error = zero_cluster(image, offset, &run);
	}
	return error;
}
