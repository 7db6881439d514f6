/* SPDX-License-Identifier: MIT */
/*
 * Tests the memory of native code as the host's system reports it: no address range of the process
 * may be both writable and executable, with either kind of arena, while there is native code.
 */
#include "tests/cpu/jit/native.h"

#include "cpu/jit/impl.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

static void ignore_text(void *ctx, const char *text)
{
}

static void ignore_end(void *ctx)
{
}

static void no_name(void *ctx, struct hart *hart, char *text, size_t size)
{
	*text = '\0';
}

/* The rights of the two mappings of the arena, as /proc/self/maps writes them. */
struct rights {
	char write[5], run[5];
};

static void note_mapping(const struct jit_arena *arena, const char *line, struct rights *rights)
{
	u64 begin, end;
	char now[5];

	assert_int_equal(sscanf(line, "%llx-%llx %4s", &begin, &end, now), 3);
	if (now[1] == 'w' && now[2] == 'x')
		fail_msg("this may be written and executed: %s", line);
	if ((uintptr_t)arena->write >= begin && (uintptr_t)arena->write < end)
		memcpy(rights->write, now, sizeof(now));
	if ((uintptr_t)arena->run >= begin && (uintptr_t)arena->run < end)
		memcpy(rights->run, now, sizeof(now));
}

/* Shared memory, of which both mappings are parts, is marked "s". */
static void check_maps(const struct jit_arena *arena)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	struct rights rights = { 0 };
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		note_mapping(arena, line, &rights);
	fclose(maps);
	assert_string_equal(rights.write, "rw-s");
	assert_string_equal(rights.run, "r-xs");
}

/* Runs addi t0, t0, 1 and a jump back to it in native code, with one kind of arena. */
static void check_arena(const struct jit_listing *listing)
{
	struct native_machine native;

	native_setup_with(&native, &(struct jit_config){ .only = JIT_ALL, .listing = *listing });
	check_maps(&native.jit->arena);
	native_put(&native, RAM_BASE, (const u32[]){ 0x00128293, 0xffdff06f }, 2);
	native.machine->hart.pc = RAM_BASE;
	hart_run(&native.machine->hart, jit_run, 1000);
	assert_int_equal(native.machine->hart.x[5], 500);
	assert_true(native.jit->stats.native > 0);
	check_maps(&native.jit->arena);
	native_teardown(&native);
}

static void test_memfd(void **unused)
{
	check_arena(&(struct jit_listing){ 0 });
}

static void test_anonymous(void **unused)
{
	check_arena(&(struct jit_listing){
		.perf_map = ignore_text, .done = ignore_end, .name = no_name });
}

/* With a limit on the size of files, a memfd of this size cannot be made. */
static void test_limited_files(void **unused)
{
	struct rlimit before, less;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	less = (struct rlimit){ .rlim_cur = 64 * KiB, .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	check_arena(&(struct jit_listing){ 0 });
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_memfd),
	cmocka_unit_test(test_anonymous),
	cmocka_unit_test(test_limited_files),
	{ 0 },
};
