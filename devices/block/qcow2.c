/* SPDX-License-Identifier: MIT */
/*
 * Opens a qcow2 image: reads its header and extensions, and finds its backing file. Images with
 * unknown incompatible features are refused.
 */
#include "devices/block/qcow2_image.h"

#include "devices/printable.h"
#include "devices/block/disk.h"
#include "devices/block/image_sync.h"
#include "devices/block/qcow2_header.h"
#include "devices/block/qcow2_json.h"
#include "devices/block/qcow2_refs.h"

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_2 72
#define HEADER_MAX 4096 /* of the fields; extensions follow */
#define CLUSTER_BITS_MIN 9
#define CLUSTER_BITS_MAX 21

/* The incompatible features that are known. */
#define FEATURE_DIRTY BIT(0)
#define FEATURE_CORRUPT BIT(1)

/* The autoclear feature that says that the dirty bitmaps contain all writes. */
#define FEATURE_BITMAPS BIT(0)

#define EXTENSION_END 0u
#define EXTENSION_BACKING_FORMAT 0xe2792acau

struct feature {
	u64 bit;
	const char *what;
};

static const struct feature refused[] = {
	{ BIT(2), "has its data in another file" },
	{ BIT(3), "is compressed with another method than zlib's" },
	{ BIT(4), "has extended L2 entries" },
};

static int qcow2_refuse(const struct qcow2_source *source, const char *format, ...)
	PRINTF_LIKE(2, 3);

static int qcow2_refuse(const struct qcow2_source *source, const char *format, ...)
{
	char why[QCOW2_WHY];
	size_t used;
	va_list args;

	snprintf(why, sizeof(why), "%.120s: ", source->path);
	used = strlen(why);
	va_start(args, format);
	vsnprintf(why + used, sizeof(why) - used, format, args);
	va_end(args);
	/* Names of backing files come from the image. */
	printable_copy(source->why, QCOW2_WHY, why);
	return -EINVAL;
}

bool qcow2_is(int fd)
{
	u32 magic;

	return pread(fd, &magic, sizeof(magic), 0) == sizeof(magic) &&
	       be32toh(magic) == QCOW2_MAGIC;
}

int qcow2_pread(const struct qcow2 *image, void *data, u64 size, u64 offset)
{
	for (u64 done = 0; done < size;) {
		ssize_t got =
			pread(image->fd, (u8 *)data + done, size - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got) {
			memset((u8 *)data + done, 0, size - done);
			break;
		}
		done += (u64)got;
	}
	return 0;
}

static int put_bytes(const struct qcow2 *image, const void *data, u64 size, u64 offset)
{
	for (u64 done = 0; done < size;) {
		ssize_t put = pwrite(image->fd, (const u8 *)data + done, size - done,
				     (off_t)(offset + done));

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return put ? -errno : -EIO;
		done += (u64)put;
	}
	return 0;
}

int qcow2_sync(struct qcow2 *image)
{
	if (image->broken || image->temporary)
		return image->broken;
	return image_sync(image->fd, &image->sync_error);
}

int qcow2_begin_writing(struct qcow2 *image)
{
	const u64 none = 0;
	int error;

	if (!image->autoclear)
		return 0;
	error = put_bytes(image, &none, sizeof(none), offsetof(struct qcow2_header, autoclear));
	if (!error)
		error = qcow2_sync(image);
	if (!error)
		image->autoclear = 0;
	return error;
}

int qcow2_pwrite(struct qcow2 *image, const void *data, u64 size, u64 offset)
{
	int error = qcow2_begin_writing(image);

	return error ? error : put_bytes(image, data, size, offset);
}

int qcow2_read_entries(const struct qcow2 *image, u64 *entries, u64 count, u64 offset)
{
	int error = qcow2_pread(image, entries, count * 8, offset);

	for (u64 n = 0; !error && n < count; n++)
		entries[n] = be64toh(entries[n]);
	return error;
}

int qcow2_write_entries(struct qcow2 *image, const u64 *entries, u64 count, u64 offset)
{
	u64 big[512], part;
	int error = 0;

	for (u64 at = 0; !error && at < count; at += part) {
		part = MIN(count - at, ARRAY_SIZE(big));
		for (u64 n = 0; n < part; n++)
			big[n] = htobe64(entries[at + n]);
		error = qcow2_pwrite(image, big, part * 8, offset + at * 8);
	}
	return error;
}

/*
 * Writes the locations of the tables to the header, and flushes it. Until this succeeds, it is not
 * known which tables the file uses, and nothing else is written.
 */
static int put_header(struct qcow2 *image)
{
	struct {
		u32 l1_size;
		u64 l1_offset, refs_offset;
		u32 refs_clusters, snapshots;
		u64 snapshots_offset;
	} __attribute__((packed)) header = {
		htobe32(image->l1_size),
		htobe64(image->l1.host),
		htobe64(image->refs_offset),
		htobe32((u32)(image->refs_size * 8 >> image->bits)),
		htobe32(image->snapshots.count),
		htobe64(image->snapshots.host),
	};
	int error = qcow2_pwrite(image, &header, sizeof(header),
				 offsetof(struct qcow2_header, l1_size));

	static_assert(offsetof(struct qcow2_header, snapshots_offset) + sizeof(u64) ==
			      offsetof(struct qcow2_header, l1_size) + sizeof(header),
		      "these fields follow one another");
	if (!error)
		error = qcow2_sync(image);
	image->broken = error;
	return error;
}

int qcow2_write_header(struct qcow2 *image)
{
	int error = qcow2_sync(image);

	return error ? error : put_header(image);
}

int qcow2_restore_header(struct qcow2 *image)
{
	if (image->broken && !image->unmarked) {
		image->broken = 0;
		put_header(image);
	}
	return image->broken;
}

static void swap_header(struct qcow2_header *header)
{
	u32 *const words[] = {
		&header->magic, &header->version, &header->backing_size, &header->cluster_bits,
		&header->encryption, &header->l1_size, &header->refs_clusters, &header->snapshots,
		&header->refcount_order, &header->header_size,
	};
	u64 *const longs[] = {
		&header->backing_offset, &header->size, &header->l1_offset, &header->refs_offset,
		&header->snapshots_offset, &header->incompatible, &header->compatible,
		&header->autoclear,
	};

	for (unsigned n = 0; n < ARRAY_SIZE(words); n++)
		*words[n] = be32toh(*words[n]);
	for (unsigned n = 0; n < ARRAY_SIZE(longs); n++)
		*longs[n] = be64toh(*longs[n]);
}

static int read_header(const struct qcow2_source *source, struct qcow2_header *header)
{
	const struct qcow2 file = { .fd = source->fd };
	int error = qcow2_pread(&file, header, sizeof(*header), 0);

	if (error)
		return error;
	swap_header(header);
	if (header->magic != QCOW2_MAGIC)
		return qcow2_refuse(source, "is no qcow2 image; open it with format=raw");
	if (header->version != 2 && header->version != 3)
		return qcow2_refuse(source, "is qcow2 of version %u; only 2 and 3 are supported",
				    header->version);
	if (header->version == 2) {
		header->incompatible = header->compatible = header->autoclear = 0;
		header->refcount_order = 4;
		header->header_size = HEADER_2;
	}
	return 0;
}

static int check_features(const struct qcow2_source *source, const struct qcow2_header *header)
{
	u64 unknown = header->incompatible & ~(FEATURE_DIRTY | FEATURE_CORRUPT);

	if (header->encryption)
		return qcow2_refuse(source, "is encrypted, which is not supported");
	for (unsigned n = 0; n < ARRAY_SIZE(refused); n++)
		if (unknown & refused[n].bit)
			return qcow2_refuse(source,
					    "%s, which is not supported; `qemu-img convert "
					    "-O qcow2` makes an image without",
					    refused[n].what);
	if (unknown)
		return qcow2_refuse(source, "has features that are not known (%#llx)", unknown);
	if (!source->readonly && (header->incompatible & (FEATURE_DIRTY | FEATURE_CORRUPT)))
		return qcow2_refuse(source,
				    "%s; `qemu-img check -r all` repairs it, readonly=on "
				    "opens it unrepaired",
				    header->incompatible & FEATURE_CORRUPT ?
					    "is marked as corrupt" :
					    "was not closed cleanly");
	return 0;
}

bool qcow2_in_file(const struct qcow2 *image, u64 offset, u64 size)
{
	return !(offset & (image->cluster - 1)) && offset &&
	       range_within(offset, size, 0, image->end << image->bits);
}

static int check_sizes(const struct qcow2_source *source, struct qcow2 *image,
		       const struct qcow2_header *header)
{
	u64 covered, l1_bytes = (u64)header->l1_size * 8;
	u64 refs_bytes = (u64)header->refs_clusters << header->cluster_bits;
	struct stat st;

	if (fstat(source->fd, &st))
		return -errno;
	image->end = ((u64)st.st_size + image->cluster - 1) >> image->bits;
	covered = (u64)header->l1_size << (2 * image->bits - 3);
	if (header->size > INT64_MAX || (header->size && !header->l1_size) ||
	    header->size > covered || l1_bytes > QCOW2_L1_BYTES_MAX ||
	    (header->l1_size && !qcow2_in_file(image, header->l1_offset, l1_bytes)))
		return qcow2_refuse(source, "is damaged: its L1 table is invalid");
	if (header->refcount_order > 6 || refs_bytes > QCOW2_REFS_BYTES_MAX ||
	    (!source->readonly &&
	     (!refs_bytes || !qcow2_in_file(image, header->refs_offset, refs_bytes))))
		return qcow2_refuse(source, "is damaged: its refcount table is invalid");
	image->size = header->size;
	image->l1.host = header->l1_offset;
	image->l1_size = header->l1_size;
	image->refs_offset = header->refs_offset;
	image->refs_size = refs_bytes / 8;
	image->ref_bits = 1u << header->refcount_order;
	return 0;
}

int qcow2_read_l1(const struct qcow2 *image, u64 offset, u32 size, u64 **entries)
{
	int error;

	*entries = calloc(MAX(size, 1u), 8);
	if (!*entries)
		return -ENOMEM;
	error = qcow2_read_entries(image, *entries, size, offset);
	for (u32 n = 0; !error && n < size; n++) {
		u64 entry = (*entries)[n] &= QCOW2_OFFSET | QCOW2_COPIED;

		/* A table must be within the file; QCOW2_COPIED without a table is invalid, too. */
		if (entry && !qcow2_in_file(image, entry & QCOW2_OFFSET, image->cluster))
			error = -EINVAL;
	}
	return error;
}

/*
 * Marks the header, the tables that qcow2_mark_trees() marks, and the refcount table with its
 * blocks, so that data never overwrites them. No cluster may be marked twice.
 */
static int mark_tables(const struct qcow2_source *source, struct qcow2 *image)
{
	int error = qcow2_mark_table(image, 0, image->cluster);

	if (!error)
		error = qcow2_mark_trees(image);
	if (!error)
		error = qcow2_refs_open(image);
	return error == -EINVAL ? qcow2_refuse(source, "is damaged: its tables overlap") : error;
}

/* Finds the format of the backing file in the extensions: "" when they give none. */
static int backing_format(const struct qcow2 *image, const struct qcow2_header *header,
			  char format[16])
{
	u64 at = header->header_size;
	u32 extension[2];
	int error = 0;

	*format = 0;
	while (!error && at + sizeof(extension) <= image->cluster) {
		u32 type, size;

		error = qcow2_pread(image, extension, sizeof(extension), at);
		type = be32toh(extension[0]);
		size = be32toh(extension[1]);
		at += sizeof(extension);
		if (error || type == EXTENSION_END || size > image->cluster - at)
			break;
		if (type == EXTENSION_BACKING_FORMAT && size < 16) {
			error = qcow2_pread(image, format, size, at);
			format[size] = 0;
		}
		at += align_up(size, 8);
	}
	return error;
}

/*
 * Finds the path of a backing file by QEMU's rules. A relative name is relative to the folder of
 * the image, or to the current folder if the name begins with "file:" or is in JSON. Names of other
 * protocols, such as "nbd:", have a colon before any slash.
 */
static int backing_path(const struct qcow2_source *source, struct qcow2 *image)
{
	const char *slash = strrchr(source->path, '/'), *name = image->backing_name;
	int folder = *name == '/' || !slash ? 0 : (int)(slash + 1 - source->path);
	int error;

	if (!strncmp(name, "json:", 5)) {
		error = qcow2_json_path(name, &image->backing_path);
		if (error != -EINVAL)
			return error;
		return qcow2_refuse(
			source,
			"its backing file %.40s must be JSON with driver (raw or qcow2), "
			"file.driver (file) and file.filename alone, in double quotes; "
			"`qemu-img rebase -u -F FORMAT -b FILE` gives a file",
			name);
	}
	if (!strncmp(name, "file:", 5)) {
		name += 5;
		folder = 0;
	} else if (name[strcspn(name, ":/")] == ':') {
		return qcow2_refuse(source,
				    "its backing file %.40s is given by a protocol; `qemu-img "
				    "rebase -u -F FORMAT -b FILE` gives a file",
				    name);
	}
	if (asprintf(&image->backing_path, "%.*s%s", folder, source->path, name) < 0)
		image->backing_path = NULL;
	return image->backing_path ? 0 : -ENOMEM;
}

/* Finds the backing file's name and path. */
static int find_backing(const struct qcow2_source *source, struct qcow2 *image,
			const struct qcow2_header *header)
{
	char name[1024];
	int error;

	if (header->backing_size >= sizeof(name) ||
	    !range_within(header->backing_offset, header->backing_size, 0, image->cluster))
		return qcow2_refuse(source, "is damaged: the name of its backing file is invalid");
	error = qcow2_pread(image, name, header->backing_size, header->backing_offset);
	name[header->backing_size] = 0;
	if (error)
		return error;
	image->backing_name = strdup(name);
	return image->backing_name ? backing_path(source, image) : -ENOMEM;
}

static int open_backing(const struct qcow2_source *source, struct qcow2 *image,
			const struct qcow2_header *header)
{
	char *format = image->backing_format;
	int error;

	if (!header->backing_offset || !header->backing_size)
		return 0;
	if (source->depth == QCOW2_DEPTH_MAX)
		return qcow2_refuse(source,
				    "has more than %d backing files in a row, or one is its own",
				    QCOW2_DEPTH_MAX);
	error = find_backing(source, image, header);
	if (!error)
		error = backing_format(image, header, format);
	if (error)
		return error;
	if (strcmp(format, "raw") && strcmp(format, "qcow2"))
		return qcow2_refuse(source, "does not say that its backing file is raw or qcow2; "
					    "`qemu-img rebase -u -F FORMAT -b FILE` does");
	image->backing = calloc(1, sizeof(*image->backing));
	if (!image->backing)
		return -ENOMEM;
	error = disk_open(image->backing, image->backing_path, true);
	if (!error && !strcmp(format, "qcow2")) {
		error = disk_use_qcow2(image->backing, image->backing_path, source->depth + 1,
				       source->why);
		if (error)
			disk_close(image->backing);
	}
	if (!error)
		return 0;
	free(image->backing);
	image->backing = NULL;
	if (error == -EINVAL && *source->why)
		return error;
	return qcow2_refuse(source, "its backing file %.100s cannot be opened: %s",
			    image->backing_path,
			    error == -EBUSY ?
				    "a machine writes to it, or it is its own backing file" :
				    strerror(-error));
}

static int open_image(struct qcow2 *image, const struct qcow2_source *source)
{
	struct qcow2_header header;
	int error = read_header(source, &header);

	if (!error)
		error = check_features(source, &header);
	if (error)
		return error;
	if (header.cluster_bits < CLUSTER_BITS_MIN || header.cluster_bits > CLUSTER_BITS_MAX ||
	    header.header_size < HEADER_2 || header.header_size > HEADER_MAX)
		return qcow2_refuse(source, "is damaged: its header is invalid");
	image->version = header.version;
	image->autoclear = source->readonly ? 0 : header.autoclear;
	image->bits = header.cluster_bits;
	image->cluster = 1ull << header.cluster_bits;
	image->buffer = malloc(image->cluster);
	image->packed = malloc(2 * image->cluster);
	image->unpacked = malloc(image->cluster);
	error = image->buffer && image->packed && image->unpacked ? 0 : -ENOMEM;
	if (!error)
		error = check_sizes(source, image, &header);
	if (!error) {
		error = qcow2_read_l1(image, image->l1.host, image->l1_size, &image->l1.entries);
		if (error == -EINVAL)
			return qcow2_refuse(source, "is damaged: an L2 table is outside of the "
						    "file");
	}
	if (!error && !source->readonly)
		error = qcow2_snapshots_open(image, header.snapshots, header.snapshots_offset);
	if (error == -EINVAL)
		return qcow2_refuse(source, QCOW2_BAD_SNAPSHOTS);
	if (!error && !source->readonly)
		error = mark_tables(source, image);
	if (!error)
		error = open_backing(source, image, &header);
	return error;
}

int qcow2_open(struct qcow2 **image, const struct qcow2_source *source)
{
	int error;

	*source->why = 0;
	*image = calloc(1, sizeof(**image));
	if (!*image)
		return -ENOMEM;
	(*image)->fd = source->fd;
	(*image)->readonly = source->readonly;
	error = open_image(*image, source);
	if (!error)
		return 0;
	qcow2_close(*image);
	*image = NULL;
	return error;
}

void qcow2_close(struct qcow2 *image)
{
	for (u64 n = 0; image->blocks && n < image->refs_size; n++)
		free(image->blocks[n]);
	for (unsigned n = 0; n < QCOW2_L2_CACHED; n++)
		free(image->l2[n].entries);
	if (image->backing) {
		disk_close(image->backing);
		free(image->backing);
	}
	free(image->backing_name);
	free(image->backing_path);
	qcow2_snapshots_free(&image->snapshots);
	free(image->blocks);
	free(image->full);
	free(image->state.buffer);
	free(image->refs);
	free(image->tables);
	free(image->l1.entries);
	free(image->buffer);
	free(image->packed);
	free(image->unpacked);
	free(image);
}

int qcow2_read_snapshots(struct qcow2 *image)
{
	struct qcow2_header header;
	int error = image->readonly ? qcow2_pread(image, &header, sizeof(header), 0) : 0;

	if (error || !image->readonly)
		return error;
	error = qcow2_snapshots_open(image, be32toh(header.snapshots),
				     be64toh(header.snapshots_offset));
	if (error)
		qcow2_snapshots_free(&image->snapshots);
	return error;
}

bool qcow2_is_broken(const struct qcow2 *image)
{
	return image->unmarked || image->sync_error;
}

u64 qcow2_size(const struct qcow2 *image)
{
	return image->size;
}

u64 qcow2_cluster(const struct qcow2 *image)
{
	return image->cluster;
}

bool qcow2_loses_bitmaps(const struct qcow2 *image)
{
	return image->autoclear & FEATURE_BITMAPS;
}

bool qcow2_backing(const struct qcow2 *image, struct qcow2_backing *backing)
{
	*backing = (struct qcow2_backing){
		.name = image->backing_name, .path = image->backing_path,
		.format = image->backing_format, .disk = image->backing,
	};
	return image->backing;
}
