/* SPDX-License-Identifier: MIT */
/*
 * Loads the device tree, which is made by the board or given by the user. Checks the user's tree,
 * fills in what is known only when images are loaded (the command line and the initrd in /chosen),
 * and finds a place for the tree. The rest of the tree is not changed.
 */
#include "devices/boot/loader_place.h"

#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

/* A limit, which is also QEMU's. Real trees have some tens of kilobytes. */
#define DTB_MAX MiB

/* The format version of the Devicetree Specification, which dtc has written since 2005. */
#define DTB_VERSION 17

/*
 * The tree is placed below this address, as on QEMU's virt machine, because firmware that uses
 * 32-bit addresses at first must be able to reach it.
 */
#define DTB_BELOW (3 * GiB)

/*
 * Free space left in the tree, on which boot loaders rely: U-Boot's boot_relocate_fdt lets a tree
 * that it uses in place grow by CONFIG_SYS_FDT_PAD (0x3000) into whatever follows. The rest is for
 * /chosen and its three properties, except the command line's text.
 */
#define DTB_SLACK (16 * KiB)

static struct loader_file dtb_describe(const struct loader *loader, const struct loader_dtb *dtb)
{
	return (struct loader_file){.what = "device tree",
				    .name = dtb->file ? dtb->file : "(made by the machine)",
				    .fd = -1,
				    .error = loader->error};
}

static int read_tree(struct loader_file *file, struct loader_dtb *dtb)
{
	u32 total = __builtin_bswap32(loader_head_u32(&file->head, 4));
	u32 version = __builtin_bswap32(loader_head_u32(&file->head, 20));
	int code;

	if (file->size > DTB_MAX)
		return loader_file_fail(file, -EFBIG,
					"has %llu bytes, more than the %llu a device tree can have",
					file->size, DTB_MAX);
	if (!loader_head_has(&file->head, 0, "\xd0\x0d\xfe\xed", 4))
		return loader_file_fail(file, -EINVAL,
					"is not a compiled device tree; make one with dtc -O dtb");
	if (total > file->size)
		return loader_file_fail(file, -EINVAL,
					"is cut off: has %llu of %u bytes; fetch or build it again",
					file->size, total);
	/*
	 * libfdt checks older trees less: fdt_check_full crashes on names in the format of version
	 * 2.
	 */
	if (version < DTB_VERSION)
		return loader_file_fail(
			file, -EINVAL,
			"has format version %u, at least %u is needed; make it again with dtc",
			version, DTB_VERSION);
	dtb->blob = malloc(file->size);
	if (!dtb->blob)
		return loader_file_fail(file, -ENOMEM, "does not fit into the host's memory");
	code = loader_file_read(file, dtb->blob, 0, file->size);
	if (code)
		return code;
	code = fdt_check_full(dtb->blob, file->size);
	if (code)
		return loader_file_fail(file, -EINVAL, "is damaged (%s); build it again with dtc",
					fdt_strerror(code));
	dtb->size = fdt_totalsize(dtb->blob);
	return 0;
}

int loader_dtb_read(struct loader *loader, const char *name, struct loader_dtb *dtb)
{
	struct loader_file file;
	int code;

	*dtb = (struct loader_dtb){ .file = name };
	code = loader_file_open(&file, "device tree", name, loader->error);
	if (code)
		return code;
	code = read_tree(&file, dtb);
	loader_file_close(&file);
	return code;
}

/* Replaces the blob by a larger copy of the tree. Returns 0 or a libfdt error. */
static int dtb_grow(struct loader_dtb *dtb, u64 size)
{
	void *blob = calloc(1, size);
	int code;

	if (!blob)
		return -FDT_ERR_NOSPACE;
	code = fdt_open_into(dtb->blob, blob, (int)size);
	if (code) {
		free(blob);
		return code;
	}
	free(dtb->blob);
	dtb->blob = blob;
	dtb->size = size;
	return 0;
}

/* Returns the offset of /chosen, which is added if there is none, or a negative libfdt error. */
static int chosen(struct loader_dtb *dtb)
{
	int node = fdt_path_offset(dtb->blob, "/chosen");

	return node == -FDT_ERR_NOTFOUND ? fdt_add_subnode(dtb->blob, 0, "chosen") : node;
}

static int set_bootargs(struct loader_dtb *dtb, const char *append)
{
	int node = chosen(dtb);

	if (node < 0 || !append)
		return MIN(node, 0);
	return fdt_setprop(dtb->blob, node, "bootargs", append, (int)strlen(append) + 1);
}

static int set_initrd(struct loader_dtb *dtb, const struct loader_image *initrd)
{
	int node = chosen(dtb);
	int code = MIN(node, 0);

	if (!initrd)
		return code;
	if (!code)
		code = fdt_setprop_u64(dtb->blob, node, "linux,initrd-start", initrd->base);
	if (!code)
		code = fdt_setprop_u64(dtb->blob, node, "linux,initrd-end", initrd->end);
	return code;
}

int loader_dtb_place(struct loader *loader, struct loader_dtb *dtb, const char *append)
{
	struct loader_file file = dtb_describe(loader, dtb);
	u64 size = align_up(dtb->size + (append ? strlen(append) : 0) + DTB_SLACK, 8);
	int code = dtb_grow(dtb, size);

	if (!code)
		code = set_bootargs(dtb, append);
	if (code)
		return loader_file_fail(&file, -EINVAL, "cannot take the command line (%s)",
					fdt_strerror(code));
	dtb->addr = loader_find_down(loader, DTB_BELOW, size, LOADER_ALIGN);
	if (dtb->addr == UINT64_MAX)
		return loader_no_room_below(loader, &file, DTB_BELOW, size);
	code = loader_claim(loader, &file, dtb->addr, size);
	if (!code)
		loader->ranges[loader->count - 1].floats = true;
	return code;
}

int loader_dtb_finish(struct loader *loader, struct loader_dtb *dtb,
		      const struct loader_image *initrd)
{
	struct loader_file file = dtb_describe(loader, dtb);
	int code = set_initrd(dtb, initrd);
	u64 done = 0;

	if (code)
		return loader_file_fail(&file, -EINVAL, "cannot take the initrd's place (%s)",
					fdt_strerror(code));
	while (done < dtb->size) {
		u64 part = dtb->size - done;
		u8 *to = loader_window(loader, dtb->addr + done, &part);

		memcpy(to, (const u8 *)dtb->blob + done, part);
		done += part;
	}
	return 0;
}
