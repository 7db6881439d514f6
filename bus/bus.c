/* SPDX-License-Identifier: MIT */
/*
 * The physical address map. Finds the region of an address, and adapts the size and alignment of
 * accesses to device registers. Owns only the table: memory belongs to the board, registers to
 * devices.
 *
 * The rule for registers: an access of `size` bytes at `offset` is made of equal pieces, each the
 * largest power of two that is at most `size` and `max` and divides `offset`. Pieces below `min`
 * refuse the access before any is made. Pieces go in ascending order; if the device refuses one,
 * the access faults and the pieces before it have happened.
 */
#include "bus/bus.h"

#include "bus/log.h"

#include <errno.h>
#include <string.h>

void bus_init(struct bus *bus)
{
	*bus = (struct bus){ 0 };
}

/* Returns the number of regions that begin at or below addr. */
static unsigned bus_rank(const struct bus *bus, u64 addr)
{
	unsigned low = 0, high = bus->count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (bus->regions[middle].base <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Returns how many bytes of the region are memory; 0 for device registers. */
static u64 bus_memory(const struct region *region)
{
	return region->ram ? region->size : 0;
}

int bus_attach(struct bus *bus, const struct region *region)
{
	u64 last = region->base + (region->size - 1);
	unsigned at = bus_rank(bus, region->base);

	assert(region->size && (region->ram || region->ops));
	assert(!region->ram || region->size <= region->ram->size);
	if (last < region->base)
		return -EEXIST;
	if (at && region->base - bus->regions[at - 1].base < bus->regions[at - 1].size)
		return -EEXIST;
	if (at < bus->count && bus->regions[at].base <= last)
		return -EEXIST;
	if (bus->count == BUS_REGIONS_MAX)
		return -ENOSPC;
	memmove(&bus->regions[at + 1], &bus->regions[at],
		(bus->count - at) * sizeof(bus->regions[0]));
	bus->regions[at] = *region;
	bus->regions[at].min = region->min ? region->min : 1;
	bus->regions[at].max = region->max ? region->max : 8;
	bus->count++;
	for (unsigned n = 0; n < bus->count; n++)
		if (bus_memory(&bus->regions[n]) > bus_memory(&bus->regions[bus->largest]))
			bus->largest = n;
	return 0;
}

const struct region *bus_find(const struct bus *bus, u64 addr)
{
	const struct region *region = &bus->regions[bus->largest];
	unsigned rank;

	if (likely(addr - region->base < region->size))
		return region;
	rank = bus_rank(bus, addr);
	if (!rank)
		return NULL;
	region = &bus->regions[rank - 1];
	return addr - region->base < region->size ? region : NULL;
}

static bool bus_host_in(const struct region *region, const void *host, u64 *addr)
{
	u64 offset;

	if (!region->ram)
		return false;
	offset = (u64)((uintptr_t)host - (uintptr_t)region->ram->host);
	*addr = region->base + offset;
	return offset < region->size;
}

bool bus_physical(const struct bus *bus, const void *host, u64 *addr)
{
	if (likely(bus_host_in(&bus->regions[bus->largest], host, addr)))
		return true;
	for (unsigned n = 0; n < bus->count; n++)
		if (bus_host_in(&bus->regions[n], host, addr))
			return true;
	return false;
}

void bus_remap(struct bus *bus, u64 base, struct ram *ram)
{
	unsigned rank = bus_rank(bus, base);

	assert(rank && bus->regions[rank - 1].base == base);
	struct region *region = &bus->regions[rank - 1];
	assert(ram ? region->size <= ram->size : region->ops != NULL);
	region->ram = ram;
	if (bus->remapped)
		bus->remapped(bus->ctx);
}

/* Returns the size of the pieces of an access, or 0 to refuse it; see the rule above. */
static unsigned bus_piece(const struct region *region, u64 offset, unsigned size)
{
	u64 alignment = offset ? offset & -offset : size;
	u64 piece = MIN(MIN((u64)size, (u64)region->max), alignment);
	bool takes = piece >= region->min && (piece == size || !region->exact);

	return takes ? (unsigned)piece : 0;
}

/* Returns the size of a load's or store's pieces; 0 also if the device has no function for it. */
static unsigned bus_registers_piece(const struct region *region, u64 offset, unsigned size,
				    bool store)
{
	const struct bus_ops *ops = region->ops;
	bool has = ops && (store ? ops->write != NULL : ops->read != NULL);

	return has ? bus_piece(region, offset, size) : 0;
}

/*
 * Does what bus_registers_piece() does for an access that is now performed: logs it if it is
 * refused.
 */
static unsigned bus_begin(const struct bus *bus, const struct region *region, u64 offset,
			  unsigned size, bool store)
{
	unsigned piece = bus_registers_piece(region, offset, size, store);

	if (!piece && bus->log)
		log_line(bus->log, LOG_GUEST_ERRORS,
			 "%s: %s of %u bytes at offset %#llx, which the device does not take",
			 region->name, store ? "write" : "read", size, offset);
	return piece;
}

static u64 bus_mask(unsigned size)
{
	return size == 8 ? UINT64_MAX : BIT(8 * size) - 1;
}

static bool bus_read_registers(const struct bus *bus, const struct region *region, u64 offset,
			       unsigned size, u64 *value)
{
	unsigned piece = bus_begin(bus, region, offset, size, false);
	u64 sum = 0;

	if (!piece)
		return false;
	for (unsigned done = 0; done < size; done += piece) {
		u64 part = 0;

		if (!region->ops->read(region->ctx, offset + done, piece, &part))
			return false;
		sum |= (part & bus_mask(piece)) << 8 * done;
	}
	*value = sum;
	return true;
}

static bool bus_write_registers(const struct bus *bus, const struct region *region, u64 offset,
				unsigned size, u64 value)
{
	unsigned piece = bus_begin(bus, region, offset, size, true);

	if (!piece)
		return false;
	for (unsigned done = 0; done < size; done += piece)
		if (!region->ops->write(region->ctx, offset + done, piece,
					value >> 8 * done & bus_mask(piece)))
			return false;
	return true;
}

/* Returns the region that holds all of an access, or NULL. */
static const struct region *bus_reach(const struct bus *bus, u64 addr, unsigned size)
{
	const struct region *region = bus_find(bus, addr);

	return region && range_within(addr, size, region->base, region->size) ? region : NULL;
}

/* Returns whether an access is to memory. All others, and writes to ROM, are to registers. */
static bool bus_is_memory(const struct region *region, bool store)
{
	return region->ram && !(store && region->readonly);
}

bool bus_load(struct bus *bus, u64 addr, unsigned size, u64 *value)
{
	const struct region *region = bus_reach(bus, addr, size);

	if (!region)
		return false;
	u64 offset = addr - region->base;
	if (!bus_is_memory(region, false))
		return bus_read_registers(bus, region, offset, size, value);
	*value = 0;
	memcpy(value, region->ram->host + offset, size);
	return true;
}

bool bus_store(struct bus *bus, u64 addr, unsigned size, u64 value)
{
	const struct region *region = bus_reach(bus, addr, size);

	if (!region)
		return false;
	u64 offset = addr - region->base;
	if (!bus_is_memory(region, true))
		return bus_write_registers(bus, region, offset, size, value);
	ram_mark_range(region->ram, offset, size);
	memcpy(region->ram->host + offset, &value, size);
	return true;
}

bool bus_accepts(const struct bus *bus, u64 addr, unsigned size, bool store)
{
	const struct region *region = bus_reach(bus, addr, size);

	if (!region)
		return false;
	return bus_is_memory(region, store) ||
	       bus_registers_piece(region, addr - region->base, size, store);
}

/*
 * Returns the memory region that holds the whole range; NULL when none does, or for a write to ROM.
 */
static const struct region *dma_region(const struct bus *bus, u64 addr, u64 len, bool write)
{
	const struct region *region = bus_find(bus, addr);

	if (!region || !region->ram || (write && region->readonly) ||
	    !range_within(addr, len, region->base, region->size))
		return NULL;
	return region;
}

/*
 * Reports a device's write: it breaks the harts' reservations, and may hit a debugger's watchpoint.
 */
static void tell_written(struct bus *bus, u64 addr, u64 len)
{
	if (bus->dma_written)
		bus->dma_written(bus->ctx);
	if (unlikely(bus->dma_watch))
		bus->dma_watch(bus->dma_watch_ctx, addr, len);
}

void *bus_dma_peek(const struct bus *bus, u64 addr, u64 len, bool write)
{
	const struct region *region = dma_region(bus, addr, len, write);

	return region ? region->ram->host + (addr - region->base) : NULL;
}

void *bus_dma_entry(struct bus *bus, u64 addr, u64 len)
{
	const struct region *region = dma_region(bus, addr, len, true);

	if (!region)
		return NULL;
	ram_mark_entry(region->ram, addr - region->base, len);
	tell_written(bus, addr, len);
	return region->ram->host + (addr - region->base);
}

void *bus_dma_map(struct bus *bus, u64 addr, u64 len, bool write)
{
	const struct region *region = dma_region(bus, addr, len, write);

	if (!region)
		return NULL;
	if (write && len) {
		ram_mark_range(region->ram, addr - region->base, len);
		tell_written(bus, addr, len);
	}
	return region->ram->host + (addr - region->base);
}

bool bus_dma_read(struct bus *bus, u64 addr, void *data, u64 len)
{
	const void *host = bus_dma_map(bus, addr, len, false);

	if (host && len)
		memcpy(data, host, len);
	return host != NULL;
}

bool bus_dma_write(struct bus *bus, u64 addr, const void *data, u64 len)
{
	void *host = bus_dma_map(bus, addr, len, true);

	if (host && len)
		memcpy(host, data, len);
	return host != NULL;
}

bool bus_dma_zero(struct bus *bus, u64 addr, u64 len)
{
	const struct region *region = dma_region(bus, addr, len, true);

	if (!region)
		return false;
	if (len)
		tell_written(bus, addr, len);
	u64 offset = addr - region->base, end = offset + len;
	u64 first = MIN(align_up(offset, PAGE_SIZE), end);
	u64 last = MAX(align_down(end, PAGE_SIZE), first);
	if (last > first)
		ram_discard(region->ram, first, last - first);
	ram_mark_range(region->ram, offset, first - offset);
	memset(region->ram->host + offset, 0, first - offset);
	ram_mark_range(region->ram, last, end - last);
	memset(region->ram->host + last, 0, end - last);
	return true;
}
