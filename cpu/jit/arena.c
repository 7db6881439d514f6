/* SPDX-License-Identifier: MIT */
/* Maps the memory for native code twice (see arena.h). */
#include "cpu/jit/arena.h"

#include "bus/guard.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static u8 *map(int fd, size_t size, int prot)
{
	u8 *room = guard_reserve(size);

	if (!room)
		return NULL;
	if (mmap(room, size, prot, MAP_SHARED | MAP_FIXED, fd, 0) != MAP_FAILED)
		return room;
	guard_release(room, size);
	return NULL;
}

static void unmap(const u8 *at, size_t size)
{
	if (at)
		guard_release((void *)(uintptr_t)at, size);
}

int jit_arena_init(struct jit_arena *arena, size_t size)
{
	int fd = memfd_create("baya-jit", MFD_CLOEXEC), error = 0;

	*arena = (struct jit_arena){ .size = size };
	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) == 0) {
		arena->write = map(fd, size, PROT_READ | PROT_WRITE);
		arena->run = map(fd, size, PROT_READ | PROT_EXEC);
	}
	if (!arena->write || !arena->run) {
		error = -errno;
		jit_arena_free(arena);
	}
	close(fd);
	return error;
}

void jit_arena_free(struct jit_arena *arena)
{
	unmap(arena->write, arena->size);
	unmap(arena->run, arena->size);
	*arena = (struct jit_arena){ 0 };
}
