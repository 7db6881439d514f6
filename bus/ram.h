/* SPDX-License-Identifier: MIT */
/*
 * RAM and ROM: guest memory, which is not resident before the guest touches it: the process's own,
 * in a memfd, or in a file that other processes can look into. Each page has a dirty mark (it may
 * have been written since the marks were cleared), and each RAM_PIECE of it marks of those who must
 * hear of writes: the block cache, and the TLB.
 */
#ifndef BUS_RAM_H
#define BUS_RAM_H

#include "bus/base.h"

/* A mark covers so many bytes: data beside code may be written without dropping the code. */
#define RAM_PIECE (PAGE_SIZE / 64)

/* The watchers of a page's writes: each has a bit for each piece. */
struct ram_watch {
	u64 code; /* a block cache holds instructions decoded from it */
	u64 tables; /* a TLB holds translations from page-table entries in it */
};

/* The dirty marks of so many pages are summed up in one byte of dirty_areas. */
#define RAM_AREA 512

/* The host's backing of guest memory; all zeros: a memfd. */
struct ram_backing {
	/* the memory begins with its bytes, and keeps them in ram_clear; NULL: no file */
	const char *file;
	/* it is the process's own, without a file; in huge pages where the host allows */
	bool in_process;
	bool sparse; /* few pages will be in use, so that huge ones would be a waste */
	bool share; /* guest memory is the file's memory; else a copy: the file is only read */
	bool prealloc; /* allocate all of it at once, or fail */
};

struct ram {
	int fd; /* less than 0 for memory of the process */
	u8 *host; /* between guard pages (guard.h) */
	u64 size; /* bytes, a multiple of PAGE_SIZE */
	struct ram_backing backing;
	u8 *dirty; /* per page, 0 or 1 */
	/* per RAM_AREA pages: 1 when a page of them is dirty; may be 1 when none is */
	u8 *dirty_areas;
	struct ram_watch *watch; /* per page */
	u64 code_writes; /* how often bytes with a code mark have been written */
	/* Called when bytes with a code mark are written; the page's marks are cleared before. */
	void (*before_code_write)(void *ctx, u64 offset, u64 len);
	void *code_ctx;
	/*
	 * Called before any bytes of a page with marks of tables change; `host` is where they are.
	 * It clears the marks that are no longer needed.
	 */
	void (*before_tables_write)(void *ctx, const u8 *host, u64 len);
	void *tables_ctx;
};

/*
 * Has sparse memory of the process. Returns 0, -EINVAL for a size that is no multiple of a page,
 * -ENOMEM, or the error of the host.
 */
int ram_init(struct ram *ram, u64 size);
/*
 * Like ram_init, with a choice of backing; `name` is that of a memfd. A missing file is created
 * with that size, and so is an empty one that is shared; when the path is a folder, a file without
 * name is used. -ERANGE for a file that is smaller.
 */
int ram_init_backed(struct ram *ram, const char *name, u64 size, const struct ram_backing *backing);
void ram_free(struct ram *ram);

/*
 * Clears the memory, except where it has a file's bytes, and gives its pages back to the host.
 * Pages that may have held something are marked dirty.
 */
void ram_clear(struct ram *ram);

/*
 * Tells that [offset, offset + len) is going to be written by something other than a hart's store.
 */
void ram_written(struct ram *ram, u64 offset, u64 len);

/* Tells of a walk's own store, which takes nothing from what a page-table entry grants. */
void ram_entry_written(struct ram *ram, u64 offset, u64 len);

/*
 * Both clear whole pages and give them back to the host. ram_discard marks all of them, and takes
 * the least time for few; ram_zero marks only those that held something, which it looks up.
 */
void ram_discard(struct ram *ram, u64 offset, u64 len);
void ram_zero(struct ram *ram, u64 offset, u64 len);

/*
 * ram_next_dirty finds the next page with a dirty mark from *page on; false when there is none.
 * ram_clean clears all dirty marks.
 */
bool ram_next_dirty(const struct ram *ram, u64 *page);
void ram_clean(struct ram *ram);

/* True when `len` bytes, a multiple of 32, are all zeros. */
bool ram_is_zero(const u8 *data, u64 len);

/*
 * Finds the next extent of pages that may hold something other than zeros, from *offset on: sets
 * *offset and *len, in bytes, multiples of a page. False when there is none. Never touches the
 * memory.
 */
bool ram_next_data(const struct ram *ram, u64 *offset, u64 *len);

/* Returns the marks of [offset, offset + len), which lies within a page and is not empty. */
static inline u64 ram_pieces(u64 offset, u64 len)
{
	unsigned first = (offset & ~PAGE_MASK) / RAM_PIECE;
	unsigned last = ((offset & ~PAGE_MASK) + len - 1) / RAM_PIECE;

	return UINT64_MAX << first & UINT64_MAX >> (63 - last);
}

/* Tells those who watch the page of [offset, offset + len) that it is going to be written. */
void ram_tell(struct ram *ram, u64 offset, u64 len);

/* Returns whether writes to the page of an offset must be told (ram_tell). */
static inline bool ram_is_watched(const struct ram *ram, u64 offset)
{
	const struct ram_watch *watch = &ram->watch[offset >> PAGE_SHIFT];

	return watch->code | watch->tables;
}

/*
 * Marks [offset, offset + len), which lies within a page, as being written: it must be before the
 * bytes change. Returns whether the page was not watched, so that nobody has to hear of other
 * writes to it either.
 */
static inline bool ram_mark(struct ram *ram, u64 offset, u64 len)
{
	u64 page = offset >> PAGE_SHIFT;

	ram->dirty[page] = 1;
	ram->dirty_areas[page / RAM_AREA] = 1;
	if (likely(!ram_is_watched(ram, offset)))
		return true;
	ram_tell(ram, offset, len);
	return false;
}

#endif
