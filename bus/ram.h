/* SPDX-License-Identifier: MIT */
/*
 * RAM and ROM: guest memory in a memfd, so that it is not resident before the guest touches it and
 * can later be shared copy-on-write, or in a file that other processes can look into. Each page has
 * a dirty mark (it may have been written since the marks were cleared), and each RAM_PIECE of it a
 * code mark (a block cache holds instructions decoded from it and must hear of writes).
 */
#ifndef BUS_RAM_H
#define BUS_RAM_H

#include "bus/base.h"

/* A code mark covers so many bytes: data beside code may be written without dropping the code. */
#define RAM_PIECE (PAGE_SIZE / 64)

/* The dirty marks of so many pages are summed up in one byte of dirty_areas. */
#define RAM_AREA 512

/* The host's backing of guest memory; all zeros: a memfd, as in ram_init. */
struct ram_backing {
	/* the memory begins with its bytes, and keeps them in ram_clear; NULL: no file */
	const char *file;
	bool share; /* guest memory is the file's memory; else a copy: the file is only read */
	bool prealloc; /* allocate all of it at once, or fail */
};

struct ram {
	int fd;
	u8 *host; /* between guard pages (guard.h) */
	u64 size; /* bytes, a multiple of PAGE_SIZE */
	struct ram_backing backing;
	u8 *dirty; /* per page, 0 or 1 */
	/* per RAM_AREA pages: 1 when a page of them is dirty; may be 1 when none is */
	u8 *dirty_areas;
	u64 *code; /* per page, a bit for each 64 bytes */
	u64 code_writes; /* how often bytes with a code mark have been written */
	/* Called when bytes with a code mark are written; the page's marks are cleared before. */
	void (*code_written)(void *ctx, u64 offset, u64 len);
	void *code_ctx;
};

/*
 * Returns 0, -EINVAL for a size that is no multiple of a page, -ENOMEM, or the error of the host.
 */
int ram_init(struct ram *ram, const char *name, u64 size);
/*
 * Like ram_init, with a choice of backing. A missing file is created with that size, and so is an
 * empty one that is shared; when the path is a folder, a file without name is used. -ERANGE for a
 * file that is smaller.
 */
int ram_init_backed(struct ram *ram, const char *name, u64 size, const struct ram_backing *backing);
void ram_free(struct ram *ram);

/*
 * Clears the memory, except where it has a file's bytes, and gives its pages back to the host. All
 * pages are marked dirty.
 */
void ram_clear(struct ram *ram);

/* Tells that [offset, offset + len) is being written by something other than a hart's store. */
void ram_written(struct ram *ram, u64 offset, u64 len);

/* Clears whole pages and gives them back to the host; only pages that held something are marked. */
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

/* Returns the code marks of [offset, offset + len), which lies within a page and is not empty. */
static inline u64 ram_pieces(u64 offset, u64 len)
{
	unsigned first = (offset & ~PAGE_MASK) / RAM_PIECE;
	unsigned last = ((offset & ~PAGE_MASK) + len - 1) / RAM_PIECE;

	return UINT64_MAX << first & UINT64_MAX >> (63 - last);
}

/* Marks [offset, offset + len), which lies within a page, as being written. */
static inline void ram_mark(struct ram *ram, u64 offset, u64 len)
{
	u64 page = offset >> PAGE_SHIFT;

	ram->dirty[page] = 1;
	ram->dirty_areas[page / RAM_AREA] = 1;
	if (unlikely(ram->code[page]) && (ram->code[page] & ram_pieces(offset, len))) {
		ram->code[page] = 0;
		ram->code_writes++;
		ram->code_written(ram->code_ctx, offset, len);
	}
}

#endif
