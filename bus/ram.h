/* SPDX-License-Identifier: MIT */
/*
 * RAM and ROM: guest memory, which is memory of the process, a memfd, or a file that other
 * processes can map. It uses no memory of the host before the guest touches it. Each page has a
 * dirty mark, which is set if it may have been written since the marks were cleared. Each RAM_PIECE
 * of a page has marks for its watchers, which are called when it is written: the block cache and
 * the TLB.
 */
#ifndef BUS_RAM_H
#define BUS_RAM_H

#include "bus/base.h"

/* Bytes that share a mark: data next to code may be written without dropping the code. */
#define RAM_PIECE (PAGE_SIZE / 64)

/* The marks of a page, with one bit per RAM_PIECE in each word. */
struct ram_watch {
	u64 code; /* a block cache holds instructions decoded from it */
	u64 tables; /* a TLB holds translations from page-table entries in it */
};

/* The number of pages whose dirty marks one byte of dirty_areas summarises. */
#define RAM_AREA 512

/* Describes how the host provides guest memory. All zeros mean a memfd. */
struct ram_backing {
	/* the memory initially holds this file's bytes, which ram_clear keeps; NULL: no file */
	const char *file;
	/* memory of the process, without a file; in huge pages where the host allows */
	bool in_process;
	bool sparse; /* few pages will be in use, so huge ones would be wasted */
	bool share; /* guest memory is the file itself; if false, it is a copy of the file */
	bool prealloc; /* allocate all memory at once, or fail */
};

struct ram {
	int fd; /* negative for memory of the process */
	u8 *host; /* the memory, between guard pages (guard.h) */
	u64 size; /* bytes, a multiple of PAGE_SIZE */
	struct ram_backing backing;
	u8 *dirty; /* per page, 0 or 1 */
	/* by RAM_AREA pages: 1 if one of them is dirty, but it may also be 1 if none is */
	u8 *dirty_areas;
	struct ram_watch *watch; /* per page */
	u64 code_writes; /* how often bytes with a code mark have been written */
	/*
	 * Called when bytes with a code mark are written, after their page's code marks were
	 * cleared.
	 */
	void (*before_code_write)(void *ctx, u64 offset, u64 len);
	void *code_ctx;
	/*
	 * Called before bytes of a page with `tables` marks change; `host` points to them. It
	 * clears the marks that are no longer needed.
	 */
	void (*before_tables_write)(void *ctx, const u8 *host, u64 len);
	void *tables_ctx;
};

/*
 * Allocates sparse memory of the process. Returns 0, -EINVAL for a size that is no multiple of a
 * page, -ENOMEM, or the host's error.
 */
int ram_init(struct ram *ram, u64 size);
/*
 * Allocates memory as ram_init does, with a choice of backing; `name` is that of a memfd. A missing
 * file is created with this size, and an empty file that is shared is extended to it. If the path
 * is a folder, an unnamed file there is used. Returns -ERANGE if the file is smaller than `size`.
 */
int ram_init_backed(struct ram *ram, const char *name, u64 size, const struct ram_backing *backing);
void ram_free(struct ram *ram);

/*
 * Sets the memory to zeros, or its file's bytes, and gives its pages back to the host. Pages that
 * may have held something are marked dirty.
 */
void ram_clear(struct ram *ram);

/*
 * Marks pages dirty and calls their watchers. Must be called before anything but a hart's store
 * writes [offset, offset + len).
 */
void ram_mark_range(struct ram *ram, u64 offset, u64 len);

/* Replaces ram_mark_range before a page walk sets A or D; calls no TLB, since no right is lost. */
void ram_mark_entry(struct ram *ram, u64 offset, u64 len);

/*
 * Both set whole pages to zeros and give them back to the host. ram_discard marks all of them
 * dirty, and is faster for few; ram_zero reads them, and marks only those that held something.
 */
void ram_discard(struct ram *ram, u64 offset, u64 len);
void ram_zero(struct ram *ram, u64 offset, u64 len);

/*
 * ram_next_dirty finds the first dirty page at or after *page, and returns false if there is none.
 * ram_clean clears all dirty marks.
 */
bool ram_next_dirty(const struct ram *ram, u64 *page);
void ram_clean(struct ram *ram);

/* Returns whether `len` bytes, a multiple of 32, are all zeros. */
bool ram_is_zero(const u8 *data, u64 len);

/*
 * Finds the first extent of pages at or after *offset that may hold something other than zeros,
 * without touching them. Sets *offset and *len, in bytes, to multiples of a page, or returns false.
 */
bool ram_next_data(const struct ram *ram, u64 *offset, u64 *len);

/* Returns a mask of the pieces that the range touches, which is not empty and within a page. */
static inline u64 ram_pieces(u64 offset, u64 len)
{
	unsigned first = (offset & ~PAGE_MASK) / RAM_PIECE;
	unsigned last = ((offset & ~PAGE_MASK) + len - 1) / RAM_PIECE;

	return UINT64_MAX << first & UINT64_MAX >> (63 - last);
}

/* Calls the page's watchers, before [offset, offset + len) is written. */
void ram_notify(struct ram *ram, u64 offset, u64 len);

/* Returns whether the page of this offset has watchers: the block cache, or the TLB. */
static inline bool ram_is_watched(const struct ram *ram, u64 offset)
{
	const struct ram_watch *watch = &ram->watch[offset >> PAGE_SHIFT];

	return watch->code | watch->tables;
}

/*
 * Marks the page of [offset, offset + len) dirty and calls its watchers; to be called before these
 * bytes, within a page, change. Returns whether it has none, so that further writes need no call.
 */
static inline bool ram_mark(struct ram *ram, u64 offset, u64 len)
{
	u64 page = offset >> PAGE_SHIFT;

	ram->dirty[page] = 1;
	ram->dirty_areas[page / RAM_AREA] = 1;
	if (likely(!ram_is_watched(ram, offset)))
		return true;
	ram_notify(ram, offset, len);
	return false;
}

#endif
