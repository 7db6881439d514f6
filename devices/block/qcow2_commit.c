/* SPDX-License-Identifier: MIT */
/*
 * For commits: finds the parts of an image that it has itself, and not from its backing file, and
 * drops them after they were copied there.
 */
#include "devices/block/qcow2_image.h"

#include "devices/block/qcow2_map.h"

bool qcow2_has_snapshots(const struct qcow2 *image)
{
	struct qcow2_snapshot one;

	for (u32 n = 0; n < image->snapshots.count; n++) {
		qcow2_snapshot_get(image, n, &one);
		if (!one.below)
			return true;
	}
	return false;
}

int qcow2_next(struct qcow2 *image, u64 *offset, u64 *size)
{
	struct qcow2_run run;

	for (; *offset < image->size; *offset += run.size) {
		int error = qcow2_map(image, *offset, image->size - *offset, &run);

		*size = run.size;
		if (error || run.kind != QCOW2_IS_BACKING)
			return error ? error : 1;
	}
	return 0;
}

int qcow2_empty(struct qcow2 *image)
{
	u64 offset = 0, size;
	int found, error = 0;

	/* Forget the unpacked cluster: its place in the file may soon have other contents. */
	image->unpacked_entry = 0;
	while (!error && (found = qcow2_next(image, &offset, &size)) != 0) {
		error = found < 0 ? found : 0;
		for (u64 end = offset + size; !error && offset < end; offset += image->cluster)
			error = qcow2_remap(image, offset, 0);
	}
	return error ? error : qcow2_flush(image);
}
