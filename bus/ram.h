/* SPDX-License-Identifier: MIT */
/*
 * RAM and ROM: guest memory in a memfd, so that it is not resident before the guest touches it
 * and can later be shared copy-on-write. Keeps two marks per page: dirty (written since the mark
 * was cleared) and code (somebody holds instructions decoded from it and wants to hear of writes).
 */
#ifndef BUS_RAM_H
#define BUS_RAM_H

#include "bus/base.h"

struct ram {
	int fd;
	u8 *host;
	u64 size; /* bytes, a multiple of PAGE_SIZE */
	u8 *dirty; /* per page, 0 or 1 */
	u8 *code;
	/* A page with a code mark was written; the mark is cleared before the call. */
	void (*code_written)(void *ctx, u64 page_offset);
	void *code_ctx;
};

/* 0, -EINVAL for a size that is no multiple of a page, -ENOMEM, or what the host failed with. */
int ram_init(struct ram *ram, const char *name, u64 size);
void ram_free(struct ram *ram);

/* All zeros again, pages given back to the host. Marks every page written. */
void ram_clear(struct ram *ram);

/* Tell that [offset, offset + len) is being written behind the harts' stores. */
void ram_written(struct ram *ram, u64 offset, u64 len);

/* Zeros in whole pages, given back to the host; only pages that held something are marked. */
void ram_zero(struct ram *ram, u64 offset, u64 len);

/* True when `len` bytes, a multiple of 32, are all zeros. */
bool ram_is_zero(const u8 *data, u64 len);

/*
 * The next extent of pages that may hold something other than zeros, from *offset on: sets
 * *offset and *len, in bytes, multiples of a page. False when there is none. Never touches memory.
 */
bool ram_next_data(const struct ram *ram, u64 *offset, u64 *len);

static inline void ram_mark(struct ram *ram, u64 offset)
{
	u64 page = offset >> PAGE_SHIFT;

	ram->dirty[page] = 1;
	if (unlikely(ram->code[page])) {
		ram->code[page] = 0;
		ram->code_written(ram->code_ctx, page << PAGE_SHIFT);
	}
}

#endif
