/* SPDX-License-Identifier: MIT */
/*
 * The physical address map: regions of memory and of device registers. The bus adapts the sizes of
 * accesses to what a device accepts, so that each handler gets an aligned offset and a size between
 * the region's min and max. It splits wider accesses, unless the region is `exact`. It refuses
 * narrower ones (an access fault), because widening a write would need a read first, and reading
 * registers may have side effects.
 */
#ifndef BUS_BUS_H
#define BUS_BUS_H

#include "bus/base.h"
#include "bus/ram.h"

struct bus_ops {
	/*
	 * Both return false to refuse the access: the hart takes an access fault. `offset` is
	 * relative to the region's base, `size` is in bytes.
	 */
	bool (*read)(void *ctx, u64 offset, unsigned size, u64 *value);
	bool (*write)(void *ctx, u64 offset, unsigned size, u64 value);
};

struct region {
	const char *name; /* must outlive the bus */
	u64 base, size;
	u8 min, max; /* smallest and largest access in bytes, powers of two; 0 means 1 and 8 */
	bool exact; /* registers only: wider accesses are refused, not split */
	bool readonly; /* memory only: ROM, or a flash bank in read-array mode */
	/* the device registers' handlers; writes to a ROM go to them, too */
	const struct bus_ops *ops;
	void *ctx;
	/*
	 * Writes a debugger's bytes to the ROM whose memory is `ram`. With data NULL it writes
	 * nothing, and returns whether the ROM can be written. NULL if it never can.
	 */
	bool (*patch)(void *ctx, u64 offset, const void *data, u64 size);
	/*
	 * Reads the bytes that the region holds, also while accesses go to its registers. NULL for
	 * registers alone, and for memory that is always `ram`.
	 */
	void (*peek)(void *ctx, u64 offset, void *data, u64 size);
	struct ram *ram; /* memory: the first `size` bytes of this ram; NULL for registers */
};

#define BUS_REGIONS_MAX 64

struct log;

struct bus {
	struct region regions[BUS_REGIONS_MAX]; /* sorted by base, never overlapping */
	unsigned count;
	unsigned largest; /* index of the largest memory region, to which most accesses go */
	/*
	 * Called when anything but a hart's store has written memory, so that the harts lose their
	 * reservations (LR).
	 */
	void (*dma_written)(void *ctx);
	/*
	 * Called when a region changed between memory and registers (flash mode), so that cached
	 * translations are dropped.
	 */
	void (*remapped)(void *ctx);
	void *ctx;
	/* Called before a device writes memory, for a debugger's watchpoints; NULL without one. */
	void (*dma_watch)(void *ctx, u64 addr, u64 len);
	void *dma_watch_ctx;
	struct log *log; /* gets accesses of a size that a device does not accept; NULL: no log */
};

void bus_init(struct bus *bus);

/*
 * Adds a copy of the region. Returns 0, -EEXIST if its range overlaps another or wraps, or -ENOSPC
 * if the table is full.
 */
int bus_attach(struct bus *bus, const struct region *region);

/* Returns the region that holds addr, or NULL. */
const struct region *bus_find(const struct bus *bus, u64 addr);

/*
 * Finds the physical address of a pointer into guest memory. Returns false if it points into no
 * region.
 */
bool bus_physical(const struct bus *bus, const void *host, u64 *addr);

/*
 * Switches the region at `base` between memory and registers, as when a flash bank leaves
 * read-array mode. With ram NULL it consists of registers, so all accesses go to its ops.
 */
void bus_remap(struct bus *bus, u64 base, struct ram *ram);

/*
 * Perform one little-endian access of 1, 2, 4 or 8 bytes at any alignment. They return false if
 * there is no region at addr, if the access crosses the region's end, or if the device refuses it.
 * A store to memory sets the marks of the page (bus/ram.h).
 */
bool bus_load(struct bus *bus, u64 addr, unsigned size, u64 *value);
bool bus_store(struct bus *bus, u64 addr, unsigned size, u64 value);

/*
 * Returns whether an access reaches memory, or a device that accepts its size at this offset. The
 * device may still refuse the access itself.
 */
bool bus_accepts(const struct bus *bus, u64 addr, unsigned size, bool store);

/*
 * Direct memory access by devices, which reaches memory only: no device registers, and no writes to
 * ROM. bus_dma_map returns the host's pointer to [addr, addr + len), or NULL unless all of it is in
 * one memory region. With `write` it marks the pages as written (ram_mark_range) at once, so the
 * caller must write before it returns to the run loop.
 */
void *bus_dma_map(struct bus *bus, u64 addr, u64 len, bool write);

/*
 * Returns what bus_dma_map returns, but marks no page, so the caller must only read. With `write`
 * it returns NULL also for memory that cannot be written, that is, ROM.
 */
void *bus_dma_peek(const struct bus *bus, u64 addr, u64 len, bool write);

/*
 * Returns what bus_dma_map with `write` returns, for a page walk that sets A or D in a page-table
 * entry. TLBs keep the translations that they took from the entry, since these stay correct.
 */
void *bus_dma_entry(struct bus *bus, u64 addr, u64 len);

/*
 * Copy from and to guest memory. They return false, and copy nothing, where bus_dma_map would
 * return NULL.
 */
bool bus_dma_read(struct bus *bus, u64 addr, void *data, u64 len);
bool bus_dma_write(struct bus *bus, u64 addr, const void *data, u64 len);

/*
 * Writes zeros. Whole pages are given back to the host, so that they use none of its memory.
 * Returns false as bus_dma_write does.
 */
bool bus_dma_zero(struct bus *bus, u64 addr, u64 len);

#endif
