/* SPDX-License-Identifier: MIT */
/* Maps the memory for native code twice (see arena.h). */
#include "cpu/jit/arena.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static void *map(int fd, size_t size, int prot)
{
	void *at = mmap(NULL, size, prot, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
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
	if (arena->write)
		munmap(arena->write, arena->size);
	if (arena->run)
		munmap((void *)(uintptr_t)arena->run, arena->size);
	*arena = (struct jit_arena){ 0 };
}
