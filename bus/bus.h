/* SPDX-License-Identifier: MIT */
/*
 * The physical address map: regions of memory and of device registers. Sizes and alignment are
 * repaired here, once for all devices: a handler sees an offset aligned to a size between the
 * region's min and max. Wider accesses are split, unless the region wants none of them; narrower
 * ones are refused (an access fault): a read-modify-write would read registers that have side
 * effects.
 */
#ifndef BUS_BUS_H
#define BUS_BUS_H

#include "bus/base.h"
#include "bus/ram.h"

struct bus_ops {
	/* False refuses the access: the hart takes an access fault. Offsets are region-relative. */
	bool (*read)(void *ctx, u64 offset, unsigned size, u64 *value);
	bool (*write)(void *ctx, u64 offset, unsigned size, u64 value);
};

struct region {
	const char *name; /* outlives the bus */
	u64 base, size;
	u8 min, max; /* access sizes in bytes, powers of two, 1..8; 0 means 1 and 8 */
	bool exact; /* registers only: wider accesses are refused, too */
	bool readonly; /* memory only: ROM, or a flash bank in read-array mode */
	const struct bus_ops *ops; /* device registers; also takes a ROM's writes */
	void *ctx;
	/*
	 * Writes a debugger's bytes to the memory that the region is when it is ROM; without data,
	 * returns whether that is possible. NULL: it is not.
	 */
	bool (*patch)(void *ctx, u64 offset, const void *data, u64 size);
	struct ram *ram; /* memory: [base, base + size) is ram's first `size` bytes */
};

#define BUS_REGIONS_MAX 64

struct log;

struct bus {
	struct region regions[BUS_REGIONS_MAX]; /* sorted by base, never overlapping */
	unsigned count;
	unsigned largest; /* index of the largest memory: most addresses are there */
	/*
	 * Called when memory was written by anything but a hart's store: reservations (LR) are
	 * lost.
	 */
	void (*dma_written)(void *ctx);
	/*
	 * Called when the meaning of addresses changed (flash mode): cached translations are stale.
	 */
	void (*remapped)(void *ctx);
	void *ctx;
	/* Called before a device writes memory, for a debugger's watchpoints; NULL without one. */
	void (*dma_watch)(void *ctx, u64 addr, u64 len);
	void *dma_watch_ctx;
	struct log *log; /* of accesses whose size a device does not take; NULL: none */
};

void bus_init(struct bus *bus);

/* 0, -EEXIST when the range overlaps another (or wraps), -ENOSPC when the table is full. */
int bus_attach(struct bus *bus, const struct region *region);

/* Returns the region that holds addr, or NULL. */
const struct region *bus_find(const struct bus *bus, u64 addr);

/* Finds the physical address of a pointer into guest memory; false when no region holds it. */
bool bus_physical(const struct bus *bus, const void *host, u64 *addr);

/*
 * Switch a region between memory and registers (a flash bank leaving read-array mode): with
 * ram == NULL all accesses go to its ops.
 */
void bus_remap(struct bus *bus, u64 base, struct ram *ram);

/*
 * One access of 1, 2, 4 or 8 bytes at any alignment, little-endian. False: nothing is there, it
 * crosses the region's end, or the device refuses. A store to memory marks the page.
 */
bool bus_load(struct bus *bus, u64 addr, unsigned size, u64 *value);
bool bus_store(struct bus *bus, u64 addr, unsigned size, u64 value);

/*
 * Returns whether such an access reaches memory, or a device that takes its width there and may
 * still refuse it.
 */
bool bus_takes(const struct bus *bus, u64 addr, unsigned size, bool store);

/*
 * Direct memory access for devices: RAM only, never device registers and never ROM writes.
 * bus_dma_map gives the host pointer of [addr, addr + len) or NULL unless all of it is RAM; for
 * `write` the pages are marked at once, so the caller must write before it returns to the run loop.
 */
void *bus_dma_map(struct bus *bus, u64 addr, u64 len, bool write);

/*
 * Like bus_dma_map, but for a caller that only looks: no page is marked, and the caller must not
 * write.
 */
void *bus_dma_look(const struct bus *bus, u64 addr, u64 len, bool write);

/*
 * Like bus_dma_map for writing, for a walk's update of A and D in the page-table entry there: what
 * the TLB has from the entry stays right.
 */
void *bus_dma_entry(struct bus *bus, u64 addr, u64 len);

bool bus_dma_read(struct bus *bus, u64 addr, void *data, u64 len);
bool bus_dma_write(struct bus *bus, u64 addr, const void *data, u64 len);

/* Writes zeros; whole pages of zeros are given back to the host and cost it no memory. */
bool bus_dma_zero(struct bus *bus, u64 addr, u64 len);

#endif
