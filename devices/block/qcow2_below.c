/* SPDX-License-Identifier: MIT */
/*
 * The snapshots of the image beneath an overlay, which is only read: the overlay has them in its
 * own list, and the image shows the contents of one by using that one's L1 table in memory.
 */
#include "devices/block/disk.h"
#include "devices/block/qcow2_map.h"
#include "devices/block/qcow2_shadow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int qcow2_inherit(struct qcow2 *image)
{
	struct qcow2_shadow shadow;
	char why[QCOW2_WHY];
	int error;

	if (!image->backing->qcow2 || !image->backing->qcow2->snapshots.count)
		return 0;
	error = qcow2_shadow_open(&shadow, image, why);
	if (!error)
		error = qcow2_snapshots_inherited(image, &shadow.snapshots);
	shadow.listed = true;
	if (!error)
		error = qcow2_shadow_commit(&shadow);
	qcow2_shadow_close(&shadow);
	return error;
}

u32 qcow2_shown(const struct qcow2 *image)
{
	return image->temporary && image->backing->qcow2 ? image->backing->qcow2->shown : 0;
}

/* Reads an L1 table as long as the image's own, to *l1, which the caller frees. */
static int read_table(const struct qcow2 *image, u32 shown, u64 **l1, char *why)
{
	struct qcow2_snapshot one = { .l1_offset = image->l1.host, .l1_size = image->l1_size };
	u64 *longer;
	int error;

	if (shown)
		qcow2_snapshot_get(image, shown - 1, &one);
	error = qcow2_read_l1(image, one.l1_offset, one.l1_size, l1);
	if (error)
		return error == -EINVAL ? qcow2_say(why, error,
						    "is damaged: a table of its snapshot '%s' "
						    "is invalid",
						    one.about.name) :
					  error;
	if (one.l1_size >= image->l1_size)
		return 0;
	longer = calloc(image->l1_size, 8);
	if (longer)
		memcpy(longer, *l1, one.l1_size * 8ul);
	free(*l1);
	*l1 = longer;
	return longer ? 0 : -ENOMEM;
}

int qcow2_show_check(const struct qcow2 *image, u32 below, char *why)
{
	u64 *l1 = NULL;
	int error = below ? read_table(image->backing->qcow2, below, &l1, why) : 0;

	free(l1);
	return error;
}

int qcow2_show(struct qcow2 *image, u32 below, char *why)
{
	struct qcow2 *under = image->backing ? image->backing->qcow2 : NULL;
	u64 *l1 = NULL;
	int error;

	if (below == qcow2_shown(image))
		return 0;
	/* A commit that failed may have left changes. */
	error = qcow2_changed(under) ? qcow2_flush(under) : 0;
	if (!error)
		error = read_table(under, below, &l1, why);
	if (error) {
		free(l1);
		return error;
	}
	free(under->l1.entries);
	under->l1.entries = l1;
	under->shown = below;
	return 0;
}
