/* SPDX-License-Identifier: MIT */
/*
 * Keeps the list of occupied ranges of guest RAM: claims ranges, checks for overlaps, and finds
 * room. The numbers come from files that may be hostile, so no sum here may wrap around before it
 * is checked.
 */
#include "devices/boot/loader_place.h"

#include "bus/bus.h"

#include <errno.h>
#include <string.h>

#define WINDOW MiB

static u64 ram_end(const struct loader *loader)
{
	return loader->ram_base + loader->ram_size;
}

static const struct loader_range *find_overlap(const struct loader *loader, u64 base, u64 end)
{
	for (unsigned i = 0; i < loader->count; i++) {
		const struct loader_range *r = &loader->ranges[i];

		if (base < r->end && r->base < end)
			return r;
	}
	return NULL;
}

static int not_in_ram(const struct loader *loader, const struct loader_file *file, u64 base,
		      u64 end)
{
	if (base - loader->flash_base < loader->flash_size)
		return loader_file_fail(file, -EFAULT,
					"0x%llx to 0x%llx is in flash; give the raw code, of an "
					"ELF what objcopy -O binary makes, by "
					"-drive if=pflash,format=raw,file=FILE",
					base, end - 1);
	return loader_file_fail(file, -EFAULT,
				"0x%llx to 0x%llx is not in RAM, which begins at 0x%llx; "
				"link or place it in RAM",
				base, end - 1, loader->ram_base);
}

/* A program that runs without firmware is linked for the firmware's place, where harts start. */
static int overlaps(const struct loader_file *file, u64 base, u64 end,
		    const struct loader_range *other)
{
	bool firmware = !strcmp(other->what, LOADER_FIRMWARE);

	return loader_file_fail(file, -EEXIST,
				"0x%llx to 0x%llx overlaps the %s '%.100s' at 0x%llx to 0x%llx; %s",
				base, end - 1, other->what, other->file, other->base,
				other->end - 1,
				firmware ? "give -bios none if it runs without firmware, or else "
					   "move one of them" :
					   "move one of them");
}

bool loader_may_hold(const struct loader *loader, u64 base, u64 size)
{
	return range_within(base, size, loader->ram_base, BOARD_RAM_MAX);
}

int loader_claim(struct loader *loader, const struct loader_file *file, u64 base, u64 size)
{
	const struct loader_range *other;
	u64 end = base + size;

	if (size == 0)
		return 0;
	if (!loader_may_hold(loader, base, size))
		return not_in_ram(loader, file, base, end);
	if (end > ram_end(loader))
		return loader_too_small(loader, file, MAX(end, file->end));
	other = find_overlap(loader, base, end);
	if (other)
		return overlaps(file, base, end, other);
	if (loader->count == LOADER_RANGES_MAX)
		return loader_file_fail(file, -ENOSPC, "more than %u pieces to load; give fewer",
					LOADER_RANGES_MAX);
	loader->ranges[loader->count++] =
		(struct loader_range){ base, end, file->what, file->name, false };
	return 0;
}

u64 loader_find_up(const struct loader *loader, u64 from, u64 size, u64 align)
{
	const struct loader_range *other;
	u64 addr = align_up(MAX(from, loader->ram_base), align);

	/* The loop ends: each round skips at least one range, and never returns to it. */
	while (range_within(addr, size, loader->ram_base, loader->ram_size)) {
		other = find_overlap(loader, addr, addr + size);
		if (!other)
			return addr;
		addr = align_up(other->end, align);
	}
	return UINT64_MAX;
}

u64 loader_find_down(const struct loader *loader, u64 limit, u64 size, u64 align)
{
	const struct loader_range *other;

	limit = MIN(limit, ram_end(loader));
	while (limit >= size) {
		u64 addr = align_down(limit - size, align);

		if (addr < loader->ram_base)
			break;
		other = find_overlap(loader, addr, addr + size);
		if (!other)
			return addr;
		limit = other->base;
	}
	return UINT64_MAX;
}

/*
 * Returns the end of the free memory that begins at `from`. If that is occupied, it is `from`
 * itself.
 */
static u64 gap_end(const struct loader *loader, u64 from)
{
	u64 end = ram_end(loader);

	for (unsigned n = 0; n < loader->count; n++)
		if (loader->ranges[n].end > from)
			end = MIN(end, MAX(loader->ranges[n].base, from));
	return end;
}

/* Finds the largest gap. Gaps begin at the start of RAM, or after an image. */
void loader_largest_gap(const struct loader *loader, u64 *base, u64 *end)
{
	*base = loader->ram_base;
	*end = gap_end(loader, *base);
	for (unsigned n = 0; n < loader->count; n++) {
		u64 from = loader->ranges[n].end, to = gap_end(loader, from);

		if (to - from > *end - *base) {
			*base = from;
			*end = to;
		}
	}
}

u8 *loader_window(struct loader *loader, u64 addr, u64 *len)
{
	u8 *host;

	*len = MIN(*len, WINDOW);
	host = bus_dma_map(loader->bus, addr, *len, true);
	assert(host); /* the address was claimed, so it is in the RAM given to loader_init */
	return host;
}

void loader_clear(struct loader *loader, u64 addr, u64 len)
{
	static const u8 zeros[PAGE_SIZE];

	while (loader->bus && len) {
		u64 part = MIN(len, PAGE_SIZE - addr % PAGE_SIZE);
		const u8 *at = bus_dma_map(loader->bus, addr, part, false);

		assert(at); /* as above */
		if (memcmp(at, zeros, part))
			memset(loader_window(loader, addr, &part), 0, part);
		addr += part;
		len -= part;
	}
}

int loader_copy(struct loader *loader, struct loader_file *file, u64 offset, u64 addr, u64 len)
{
	while (loader->bus && len) {
		u64 part = len;
		u8 *to = loader_window(loader, addr, &part);
		int code = loader_file_read(file, to, offset, part);

		if (code)
			return code;
		offset += part;
		addr += part;
		len -= part;
	}
	return 0;
}

int loader_copy_stream(struct loader *loader, struct loader_stream *stream, u64 addr, u64 len,
		       u64 *done)
{
	u64 got = 1;

	for (*done = 0; loader->bus && *done < len && got; *done += got) {
		u64 part = len - *done;
		u8 *to = loader_window(loader, addr + *done, &part);
		int code = loader_stream_read(stream, to, part, &got);

		if (code)
			return code;
	}
	return 0;
}
