/* SPDX-License-Identifier: MIT */
/*
 * Tests guard pages as the host reports them: around memory and guest RAM, and below the stacks of
 * threads.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/guard.h"
#include "bus/ram.h"
#include "tests/cmocka.h"

/* Returns whether the whole range is mapped without any access right. */
static bool is_guard(uintptr_t begin, uintptr_t end)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long first, behind;
	char line[400], rights[5];

	assert_non_null(maps);
	while (begin < end && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %4s", &first, &behind, rights) == 3 && first <= begin &&
		    begin < behind && !strncmp(rights, "---", 3))
			begin = behind;
	fclose(maps);
	return begin >= end;
}

static void assert_guarded(const u8 *place, u64 size)
{
	uintptr_t begin = (uintptr_t)place, end = begin + size;

	assert_true(is_guard(begin - GUARD_SIZE, begin));
	assert_true(is_guard(end, end + GUARD_SIZE));
}

/* Returns whether a process that reads there is killed. */
static bool is_deadly(const volatile u8 *byte)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		fclose(stderr);
		_exit(*byte & 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return !WIFEXITED(status) || WEXITSTATUS(status);
}

static void test_reserve(void **state)
{
	for (u64 alignment = PAGE_SIZE; alignment <= 4 * MiB; alignment *= 2) {
		u8 *place = guard_reserve(3 * PAGE_SIZE, alignment);

		assert_non_null(place);
		assert_int_equal((uintptr_t)place % alignment, 0);
		assert_guarded(place, 3 * PAGE_SIZE);
		assert_true(is_deadly(place));
		assert_int_equal(mprotect(place, 3 * PAGE_SIZE, PROT_READ | PROT_WRITE), 0);
		memset(place, 1, 3 * PAGE_SIZE);
		guard_release(place, 3 * PAGE_SIZE);
	}
}

static void test_ram(void **state)
{
	struct ram ram;

	assert_int_equal(ram_init(&ram, 5 * PAGE_SIZE), 0);
	memset(ram.host, 1, ram.size);
	assert_guarded(ram.host, ram.size);
	assert_false(is_deadly(ram.host));
	assert_true(is_deadly(ram.host - 1));
	assert_true(is_deadly(ram.host + ram.size));
	ram_free(&ram);
}

/* Finds the thread's own stack, and the library's description of it. */
static void *guard_look(void *ctx)
{
	pthread_attr_t own;
	size_t size;
	void *stack;

	assert_int_equal(pthread_getattr_np(pthread_self(), &own), 0);
	assert_int_equal(pthread_attr_getstack(&own, &stack, &size), 0);
	pthread_attr_destroy(&own);
	*(bool *)ctx = is_guard((uintptr_t)stack - GUARD_SIZE, (uintptr_t)stack);
	return NULL;
}

static void test_threads(void **state)
{
	bool guarded = false;
	pthread_t thread;

	guard_threads();
	assert_int_equal(pthread_create(&thread, NULL, guard_look, &guarded), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(guarded);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_reserve),
	cmocka_unit_test(test_ram),
	cmocka_unit_test(test_threads),
	{ 0 },
};
