/* SPDX-License-Identifier: MIT */
/* Maps the memory for native code twice (see arena.h). */
#include "cpu/jit/arena.h"

#include "bus/guard.h"
#include "bus/huge.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Maps a file, or new memory if `fd` is negative, between guard pages. Returns NULL on failure,
 * with errno set.
 */
static u8 *map(int fd, size_t size, int prot)
{
	int flags = MAP_SHARED | MAP_FIXED | (fd < 0 ? MAP_ANONYMOUS : 0);
	u8 *room = guard_reserve(size, HUGE_PAGE);

	if (!room)
		return NULL;
	if (mmap(room, size, prot, flags, fd, 0) != MAP_FAILED)
		return room;
	guard_release(room, size);
	return NULL;
}

/* Maps the memory of another mapping a second time, for writing. Returns NULL on failure. */
static u8 *map_again(const u8 *first, size_t size)
{
	u8 *room = guard_reserve(size, HUGE_PAGE);

	if (!room)
		return NULL;
	/* A size of 0 leaves the old mapping where it is (mremap(2)). */
	if (mremap((void *)(uintptr_t)first, 0, size, MREMAP_MAYMOVE | MREMAP_FIXED, room) !=
		    MAP_FAILED &&
	    !mprotect(room, size, PROT_READ | PROT_WRITE))
		return room;
	guard_release(room, size);
	return NULL;
}

static void unmap(const u8 *at, size_t size)
{
	if (at)
		guard_release((void *)(uintptr_t)at, size);
}

static void map_memfd(struct jit_arena *arena)
{
	int fd = memfd_create("baya-jit", MFD_CLOEXEC);

	if (fd < 0)
		return;
	if (ftruncate(fd, (off_t)arena->size) == 0) {
		arena->write = map(fd, arena->size, PROT_READ | PROT_WRITE);
		arena->run = map(fd, arena->size, PROT_READ | PROT_EXEC);
	}
	close(fd);
}

static void map_anonymous(struct jit_arena *arena)
{
	arena->run = map(-1, arena->size, PROT_READ | PROT_EXEC);
	if (arena->run)
		arena->write = map_again(arena->run, arena->size);
}

int jit_arena_init(struct jit_arena *arena, size_t size, bool for_perf)
{
	int error;

	*arena = (struct jit_arena){ .size = size };
	if (!for_perf)
		map_memfd(arena);
	/* A memfd may be impossible: a limit of file sizes (ulimit -f) applies to it, too. */
	if (!arena->write && !arena->run)
		map_anonymous(arena);
	if (arena->write && arena->run)
		return 0;
	error = -errno;
	jit_arena_free(arena);
	return error;
}

void jit_arena_collapse(const struct jit_arena *arena, size_t at, size_t size)
{
	for (size_t half = 0; half < arena->size; half += jit_arena_half(arena)) {
		huge_collapse(arena->run + half + at, size);
		huge_collapse(arena->write + half + at, size);
	}
}

void jit_arena_free(struct jit_arena *arena)
{
	unmap(arena->write, arena->size);
	unmap(arena->run, arena->size);
	*arena = (struct jit_arena){ 0 };
}
