/* SPDX-License-Identifier: MIT */
/*
 * Guest memory in memory of the process, a memfd or a file: mapping, page marks, and the search for
 * pages that may not be zero. Owns the descriptor, the mapping and the marks. It knows neither
 * physical addresses (bus.c does) nor instructions.
 */
#include "bus/ram.h"

#include "bus/guard.h"
#include "bus/huge.h"
#include "bus/ram_file.h"
#include "bus/resident.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int open_memory(const struct ram *ram, const char *name)
{
	int fd;

	if (ram->backing.file && ram->backing.share)
		return ram_file_open(ram->backing.file, ram->size);
	fd = memfd_create(name, MFD_CLOEXEC);
	if (fd < 0 || !ftruncate(fd, (off_t)ram->size))
		return fd < 0 ? -errno : fd;
	close(fd);
	return -errno;
}

static void touch(const struct ram *ram)
{
	for (u64 at = 0; at < ram->size; at += PAGE_SIZE) {
		volatile u8 *byte = ram->host + at;

		*byte = *byte;
	}
}

/*
 * Makes the host allocate all pages of the memory. Returns 0 or a positive errno, as
 * posix_fallocate() does.
 */
static int allocate(const struct ram *ram)
{
	if (!ram->backing.in_process)
		return posix_fallocate(ram->fd, 0, (off_t)ram->size);
	if (!madvise(ram->host, ram->size, MADV_POPULATE_WRITE))
		return 0;
	if (errno != EINVAL)
		return errno;
	/* Linux before 5.14 cannot report that there is too little memory. */
	touch(ram);
	return 0;
}

/* Gives pages back to the host, so that they read as zeros; returns whether the host did so. */
static bool give_back(const struct ram *ram, u64 offset, u64 len)
{
	if (ram->backing.in_process)
		return !madvise(ram->host + offset, len, MADV_DONTNEED);
	return !fallocate(ram->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
			  (off_t)len);
}

/* Maps memory of the process, which needs no descriptor, because no other process can map it. */
static int map_private(struct ram *ram)
{
	ram->host = guard_reserve(ram->size, HUGE_PAGE);
	if (!ram->host)
		return -errno;
	if (mmap(ram->host, ram->size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
		return -errno;
	if (!ram->backing.sparse)
		huge_prefer(ram->host, ram->size);
	return ram->backing.prealloc ? -allocate(ram) : 0;
}

static int map_shared(struct ram *ram, const char *name)
{
	const struct ram_backing *backing = &ram->backing;

	ram->fd = open_memory(ram, name);
	if (ram->fd < 0)
		return ram->fd;
	if (backing->prealloc) {
		int failed = allocate(ram);

		if (failed)
			return -failed;
	}
	ram->host = guard_reserve(ram->size, PAGE_SIZE);
	if (!ram->host)
		return -errno;
	if (mmap(ram->host, ram->size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_NORESERVE | MAP_FIXED, ram->fd, 0) == MAP_FAILED)
		return -errno;
	/*
	 * The file is not mapped privately, because ram_next_data() could not find what was written
	 * to such a mapping.
	 */
	return backing->file && !backing->share ?
		       ram_file_copy(backing->file, ram->host, ram->size) :
		       0;
}

static u64 areas(const struct ram *ram)
{
	return ((ram->size >> PAGE_SHIFT) + RAM_AREA - 1) / RAM_AREA;
}

/* Returns the number of pages in an area; the last area may have fewer. */
static u64 area_pages(const struct ram *ram, u64 area)
{
	return MIN((ram->size >> PAGE_SHIFT) - area * RAM_AREA, (u64)RAM_AREA);
}

int ram_init(struct ram *ram, u64 size)
{
	const struct ram_backing backing = { .in_process = true, .sparse = true };

	return ram_init_backed(ram, NULL, size, &backing);
}

int ram_init_backed(struct ram *ram, const char *name, u64 size, const struct ram_backing *backing)
{
	*ram = (struct ram){ .fd = -1, .size = size, .backing = *backing };
	if (!size || size & ~PAGE_MASK || size > INT64_MAX)
		return -EINVAL;
	int error = backing->in_process ? map_private(ram) : map_shared(ram, name);

	ram->dirty = calloc(size >> PAGE_SHIFT, 1);
	ram->dirty_areas = calloc(areas(ram), 1);
	ram->watch = calloc(size >> PAGE_SHIFT, sizeof(*ram->watch));
	if (!error && (!ram->dirty || !ram->dirty_areas || !ram->watch))
		error = -ENOMEM;
	if (error)
		ram_free(ram);
	return error;
}

void ram_free(struct ram *ram)
{
	if (ram->host)
		guard_release(ram->host, ram->size);
	if (ram->fd >= 0)
		close(ram->fd);
	free(ram->dirty);
	free(ram->dirty_areas);
	free(ram->watch);
	*ram = (struct ram){ .fd = -1 };
}

/* Sets pages to zeros and gives them back to the host. If it refuses, they stay resident. */
static void ram_punch(struct ram *ram, u64 offset, u64 len)
{
	if (!give_back(ram, offset, len))
		memset(ram->host + offset, 0, len);
}

void ram_clear(struct ram *ram)
{
	u64 at, len;

	for (at = 0; ram_next_data(ram, &at, &len); at += len)
		ram_mark_range(ram, at, len);
	if (!ram->backing.file)
		ram_punch(ram, 0, ram->size);
	/*
	 * Preallocated pages are allocated again. If that fails, the host allocates each when it is
	 * used.
	 */
	if (ram->backing.prealloc)
		allocate(ram);
}

static void tell_code(struct ram *ram, u64 offset, u64 len)
{
	u64 *marks = &ram->watch[offset >> PAGE_SHIFT].code;

	if (!(*marks & ram_pieces(offset, len)))
		return;
	*marks = 0;
	ram->code_writes++;
	ram->before_code_write(ram->code_ctx, offset, len);
}

void ram_notify(struct ram *ram, u64 offset, u64 len)
{
	tell_code(ram, offset, len);
	if (ram->watch[offset >> PAGE_SHIFT].tables)
		ram->before_tables_write(ram->tables_ctx, ram->host + offset, len);
}

void ram_mark_entry(struct ram *ram, u64 offset, u64 len)
{
	u64 page = offset >> PAGE_SHIFT;

	ram->dirty[page] = 1;
	ram->dirty_areas[page / RAM_AREA] = 1;
	tell_code(ram, offset, len);
}

void ram_mark_range(struct ram *ram, u64 offset, u64 len)
{
	u64 end = offset + len;

	while (offset < end) {
		u64 part = MIN(end - offset, PAGE_SIZE - (offset & ~PAGE_MASK));

		ram_mark(ram, offset, part);
		offset += part;
	}
}

bool ram_next_dirty(const struct ram *ram, u64 *page)
{
	for (u64 area = *page / RAM_AREA; area < areas(ram); area++) {
		u64 from = MAX(*page, area * RAM_AREA);
		u64 left = area * RAM_AREA + area_pages(ram, area) - from;
		const u8 *found = NULL;

		if (ram->dirty_areas[area])
			found = memchr(ram->dirty + from, 1, left);
		if (found) {
			*page = (u64)(found - ram->dirty);
			return true;
		}
	}
	return false;
}

void ram_clean(struct ram *ram)
{
	for (u64 area = 0; area < areas(ram); area++) {
		if (!ram->dirty_areas[area])
			continue;
		memset(ram->dirty + area * RAM_AREA, 0, area_pages(ram, area));
		ram->dirty_areas[area] = 0;
	}
}

bool ram_is_zero(const u8 *data, u64 len)
{
	for (u64 done = 0; done < len; done += 32) {
		u64 words[4];

		memcpy(words, data + done, sizeof(words));
		if (words[0] | words[1] | words[2] | words[3])
			return false;
	}
	return true;
}

/*
 * Finds the next extent as ram_next_data() does, but none from `end` on, because the host's search
 * takes longer the more memory it covers.
 */
static bool next_data_before(const struct ram *ram, u64 end, u64 *offset, u64 *len)
{
	off_t data, hole;
	u64 start, stop;

	if (*offset >= end)
		return false;
	if (ram->backing.in_process)
		return resident_next(ram->host, end, offset, len);
	data = lseek(ram->fd, (off_t)*offset, SEEK_DATA);
	if (data < 0 && errno == ENXIO)
		return false;
	/*
	 * If the host cannot find holes, everything counts as data, which is slower but still
	 * right.
	 */
	start = data < 0 ? *offset : MAX(*offset, align_down((u64)data, PAGE_SIZE));
	if (start >= end)
		return false; /* the data is after the end, or after the memory in its file */
	hole = lseek(ram->fd, (off_t)start, SEEK_HOLE);
	stop = hole < 0 ? end : align_up((u64)hole, PAGE_SIZE);
	*offset = start;
	*len = MIN(stop, end) - start;
	return true;
}

bool ram_next_data(const struct ram *ram, u64 *offset, u64 *len)
{
	return next_data_before(ram, ram->size, offset, len);
}

void ram_discard(struct ram *ram, u64 offset, u64 len)
{
	ram_mark_range(ram, offset, len);
	ram_punch(ram, offset, len);
}

void ram_zero(struct ram *ram, u64 offset, u64 len)
{
	u64 end = offset + len, extent;

	for (u64 at = offset; next_data_before(ram, end, &at, &extent); at += extent) {
		for (u64 page = at; page < at + extent; page += PAGE_SIZE)
			if (!ram_is_zero(ram->host + page, PAGE_SIZE))
				ram_mark(ram, page, PAGE_SIZE);
		ram_punch(ram, at, extent);
	}
}
