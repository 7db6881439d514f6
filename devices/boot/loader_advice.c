/* SPDX-License-Identifier: MIT */
/*
 * Reports that RAM has no room for a file, and advises how much RAM is enough for it and for all
 * files that are still to be loaded.
 */
#include "devices/boot/loader_place.h"

#include <errno.h>

/* Returns the end of the images whose places do not depend on the size of RAM. */
static u64 fixed_end(const struct loader *loader)
{
	u64 end = loader->ram_base;

	for (unsigned i = 0; i < loader->count; i++)
		if (!loader->ranges[i].floats)
			end = MAX(end, loader->ranges[i].end);
	return end;
}

/*
 * Returns the end of the files of -device loader in the largest RAM. They are loaded after the
 * kernel, so few of them may have a place yet. Those that cannot be loaded do not count: they are
 * reported when their turn comes.
 */
static u64 loads_end(const struct loader *loader)
{
	struct board_error ignored;
	struct loader other;

	loader_init(&other, NULL, loader->ram_base, BOARD_RAM_MAX);
	other.error = &ignored;
	for (unsigned n = 0; n < loader->load_count; n++)
		if (loader->loads[n].file)
			loader_raw(&other, &loader->loads[n], NULL);
	return fixed_end(&other);
}

/*
 * The kernel needs memory for itself, and Linux unpacks an initramfs to a tmpfs, which has at most
 * half of RAM (Documentation/filesystems/tmpfs.rst). So the advice is twice as much as all files.
 */
int loader_too_small(const struct loader *loader, const struct loader_file *file, u64 end)
{
	struct loader_initrd_size initrd = loader_initrd_size(loader->initrd);
	/* LOADER_ALIGN is added so that the device tree fits as well. */
	u64 fixed = MAX(fixed_end(loader), loads_end(loader));
	u64 all = align_up(MAX(end, fixed), PAGE_SIZE) - loader->ram_base + LOADER_ALIGN +
		  align_up(initrd.packed, PAGE_SIZE) + initrd.unpacked;
	u64 need = align_up(all, MiB) / MiB, most = BOARD_RAM_MAX / MiB;

	if (need > most)
		return loader_file_fail(file, -EFBIG,
					"needs %llu MiB of RAM, more than a machine can have (%llu "
					"MiB); give a smaller file",
					need, most);
	if (!initrd.unpacked)
		return loader_file_fail(file, -ENOSPC,
					"RAM is too small: needs %llu MiB, give -m %lluM", need,
					need);
	return loader_file_fail(
		file, -ENOSPC,
		"RAM is too small, and the initrd unpacks to %llu MiB or more; give -m %lluM",
		initrd.unpacked / MiB, MIN(2 * need, most));
}

int loader_no_room_below(const struct loader *loader, const struct loader_file *file, u64 limit,
			 u64 size)
{
	struct loader larger = *loader;

	larger.ram_size = BOARD_RAM_MAX;
	if (loader_find_down(&larger, limit, size, LOADER_ALIGN) != UINT64_MAX)
		return loader_too_small(loader, file, loader->ram_base);
	return loader_file_fail(file, -ENOSPC,
				"has to be below 0x%llx, where the other files leave no room for "
				"it; give smaller ones, or place one of them above",
				limit);
}
