/* SPDX-License-Identifier: MIT */
/*
 * RAM and ROM: guest memory in a memfd, so that it is not resident before the guest touches it
 * and can later be shared copy-on-write, or in a file that other processes can look into. Keeps two
 * marks per page: dirty (may have been written since the marks were cleared) and code (somebody
 * holds instructions decoded from it and wants to hear of writes).
 */
#ifndef BUS_RAM_H
#define BUS_RAM_H

#include "bus/base.h"

/* What a code mark covers, in bytes: data beside code may be written without dropping it. */
#define RAM_PIECE (PAGE_SIZE / 64)

/* Pages whose dirty marks are looked for together. */
#define RAM_AREA 512

/* What the host is to have guest memory in; all zeros: as ram_init. */
struct ram_backing {
	const char *file; /* whose bytes it begins with, and keeps when it is cleared; NULL: none */
	bool share; /* it is the file's memory; else a copy: the file is only read */
	bool prealloc; /* the host gives all of it at once, or fails */
};

struct ram {
	int fd;
	u8 *host; /* between guard pages (guard.h) */
	u64 size; /* bytes, a multiple of PAGE_SIZE */
	struct ram_backing backing;
	u8 *dirty; /* per page, 0 or 1 */
	u8 *dirty_areas; /* per RAM_AREA pages: 1 when one of them is dirty, perhaps more often */
	u64 *code; /* per page, a bit for each 64 bytes */
	u64 code_writes; /* how often bytes with a code mark have been written */
	/* Bytes with a code mark are written; the page's marks are cleared before the call. */
	void (*code_written)(void *ctx, u64 offset, u64 len);
	void *code_ctx;
};

/* 0, -EINVAL for a size that is no multiple of a page, -ENOMEM, or what the host failed with. */
int ram_init(struct ram *ram, const char *name, u64 size);
/*
 * The same, with that; a file that is missing becomes as large, as does an empty one that is
 * shared, in a folder it has no name. -ERANGE for a file that is smaller.
 */
int ram_init_backed(struct ram *ram, const char *name, u64 size,
		    const struct ram_backing *backing);
void ram_free(struct ram *ram);

/* All zeros again but where a file is, pages given back to the host. Marks every page written. */
void ram_clear(struct ram *ram);

/* Tell that [offset, offset + len) is being written behind the harts' stores. */
void ram_written(struct ram *ram, u64 offset, u64 len);

/* Zeros in whole pages, given back to the host; only pages that held something are marked. */
void ram_zero(struct ram *ram, u64 offset, u64 len);

/* Dirty marks: the next page with one, from *page on; false when there is none. Clear all. */
bool ram_next_dirty(const struct ram *ram, u64 *page);
void ram_clean(struct ram *ram);

/* True when `len` bytes, a multiple of 32, are all zeros. */
bool ram_is_zero(const u8 *data, u64 len);

/*
 * The next extent of pages that may hold something other than zeros, from *offset on: sets
 * *offset and *len, in bytes, multiples of a page. False when there is none. Never touches memory.
 */
bool ram_next_data(const struct ram *ram, u64 *offset, u64 *len);

/* The marks of [offset, offset + len), which lies within a page and is not empty. */
static inline u64 ram_pieces(u64 offset, u64 len)
{
	unsigned first = (offset & ~PAGE_MASK) / RAM_PIECE;
	unsigned last = ((offset & ~PAGE_MASK) + len - 1) / RAM_PIECE;

	return UINT64_MAX << first & UINT64_MAX >> (63 - last);
}

/* [offset, offset + len), within a page, is being written. */
static inline void ram_mark(struct ram *ram, u64 offset, u64 len)
{
	u64 page = offset >> PAGE_SHIFT;

	ram->dirty[page] = 1;
	ram->dirty_areas[page / RAM_AREA] = 1;
	if (unlikely(ram->code[page] & ram_pieces(offset, len))) {
		ram->code[page] = 0;
		ram->code_writes++;
		ram->code_written(ram->code_ctx, offset, len);
	}
}

#endif
