/* SPDX-License-Identifier: MIT */
/* Making an empty image, with clusters of the size that qemu-img chooses. */
#include "devices/block/qcow2_header.h"
#include "devices/block/qcow2_image.h"

#include <endian.h>
#include <errno.h>
#include <unistd.h>

#define BITS 16
#define REFCOUNT_ORDER 4 /* 16 bits */

/* The clusters at which the parts of the file begin. */
enum place { PLACE_HEADER, PLACE_REFS, PLACE_BLOCK, PLACE_L1 };

#define CLUSTERS_MAX (PLACE_L1 + (QCOW2_L1_BYTES_MAX >> BITS))

static u64 place(enum place place)
{
	return (u64)place << BITS;
}

static int put_header(struct qcow2 *file, u64 size, u64 l1_size)
{
	const struct qcow2_header header = {
		.magic = htobe32(QCOW2_MAGIC),
		.version = htobe32(3),
		.cluster_bits = htobe32(BITS),
		.size = htobe64(size),
		.l1_size = htobe32((u32)l1_size),
		.l1_offset = htobe64(place(PLACE_L1)),
		.refs_offset = htobe64(place(PLACE_REFS)),
		.refs_clusters = htobe32(1),
		.refcount_order = htobe32(REFCOUNT_ORDER),
		.header_size = htobe32(sizeof(header)),
	};

	return qcow2_pwrite(file, &header, sizeof(header), place(PLACE_HEADER));
}

int qcow2_create(int fd, u64 size)
{
	struct qcow2 file = { .fd = fd, .bits = BITS, .cluster = BIT(BITS) };
	const u64 l1_size = MAX(qcow2_state_index(&file, size), 1u), block = place(PLACE_BLOCK);
	const u64 clusters = PLACE_L1 + (align_up(l1_size * 8, file.cluster) >> BITS);
	u16 counts[CLUSTERS_MAX];
	int error;

	static_assert(CLUSTERS_MAX <= BIT(BITS) / sizeof(counts[0]), "one block counts them all");
	if (clusters > CLUSTERS_MAX)
		return -EFBIG;
	for (u64 n = 0; n < clusters; n++)
		counts[n] = htobe16(1);
	error = put_header(&file, size, l1_size);
	if (!error)
		error = qcow2_write_entries(&file, &block, 1, place(PLACE_REFS));
	if (!error)
		error = qcow2_pwrite(&file, counts, clusters * sizeof(counts[0]), block);
	if (!error && ftruncate(fd, (off_t)(clusters << BITS)))
		error = -errno;
	return error;
}

void qcow2_put_over(struct qcow2 *image, struct disk *base)
{
	image->backing = base;
	image->temporary = true;
}
