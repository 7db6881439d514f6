/* SPDX-License-Identifier: MIT */
/*
 * Explaining changes nothing: at points of a boot, each hart, each trap that it remembers and
 * accesses of all kinds are explained, and the machine's state stays the same. A machine that was
 * loaded remembers no trap, and is explained by its CSRs.
 */
#include "tests/setting.h"
#include "tests/state_copy.h"
#include "tests/system/boot/boot.h"

#include "devices/board/explain/explain.h"
#include "tests/cpu/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS 8
#define BOOT_MILLIONS 64
#define HARTS 2
#define TRAPS 64 /* that a hart remembers */
#define ROUNDS 1000

static void explain_all(struct boot *boot, FILE *out)
{
	static const u64 addresses[] = {
		0, 0x10000000, 0x80000000, 0x80200000, 0xffffffff80000000, 0x3ffffff000,
		0xff60000000000000, BIT(62),
	};

	board_explain(boot->board, out);
	for (unsigned hart = 0; hart < HARTS; hart++) {
		board_info_traps(boot->board, hart, out);
		for (unsigned n = 0; n < ARRAY_SIZE(addresses); n++)
			for (unsigned type = BOARD_READ; type <= BOARD_EXECUTE; type++)
				board_explain_access(boot->board,
						     &(struct board_memory){ .hart = hart,
									     .addr = addresses[n] },
						     (enum board_access)type, out);
	}
}

/* Explains each trap that info traps lists, by its number. */
static unsigned explain_listed(struct boot *boot, unsigned hart, FILE *out)
{
	unsigned long long number;
	unsigned explained = 0;
	char *text = NULL;
	size_t size = 0;
	FILE *list = open_memstream(&text, &size);

	board_info_traps(boot->board, hart, list);
	fclose(list);
	for (char *line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
		assert_int_equal(sscanf(line, "%llu", &number), 1);
		assert_true(board_explain_trap(boot->board, hart, number, out));
		explained++;
	}
	free(text);
	assert_false(board_explain_trap(boot->board, hart, UINT64_MAX, out));
	return explained;
}

static void test_changes_nothing(void **unused)
{
	const struct boot_config config = { .harts = HARTS, .engine = ENGINE_THREADED };
	u64 millions = setting("BAYA_BOOT_MILLIONS", BOOT_MILLIONS);
	FILE *out = fopen("/dev/null", "w");
	unsigned explained = 0;
	struct boot boot;

	boot_start(&boot, &config);
	for (unsigned n = 1; n <= POINTS; n++) {
		u64 hash;

		boot_run_to(&boot, MIN(millions, (u64)BOOT_MILLIONS) * 1000000 / POINTS * n, NULL);
		hash = boot_hash(&boot);
		explain_all(&boot, out);
		for (unsigned hart = 0; hart < HARTS; hart++)
			explained += explain_listed(&boot, hart, out);
		assert_int_equal(boot_hash(&boot), hash);
	}
	assert_in_range(explained, TRAPS, HARTS * TRAPS * POINTS);
	fclose(out);
	boot_free(&boot);
}

static void test_loaded(void **unused)
{
	const struct boot_config config = { .harts = HARTS, .engine = ENGINE_THREADED };
	struct boot from, to;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	boot_start(&from, &config);
	boot_start(&to, &config);
	boot_run_to(&from, 8000000, NULL);
	assert_int_equal(state_copy(boot_state(&to), boot_state(&from)), 0);
	board_explain(to.board, out);
	fclose(out);
	assert_non_null(strstr(text, "hart 0: "));
	assert_non_null(strstr(text, "by mcause, mepc, mtval and mstatus, "));
	assert_null(strstr(text, "the last trap:"));
	assert_false(board_explain_trap(to.board, 0, 0, stdout));
	free(text);
	boot_free(&from);
	boot_free(&to);
}

/* Puts random bits into an element of a field, unless the part's post_load() refuses them. */
static bool scramble(const struct state_part *part, u64 *seed)
{
	const struct state_field *field = &part->type->fields[random_u64(seed) % part->type->count];
	u8 *element =
		(u8 *)part->self + field->offset + random_u64(seed) % field->count * field->size;
	u64 bits = random_u64(seed), old;

	if (random_u64(seed) & 1)
		bits &= random_u64(seed) & random_u64(seed);
	if (field->boolean)
		bits &= 1;
	memcpy(&old, element, field->size);
	memcpy(element, &bits, field->size);
	if (!part->type->post_load || !part->type->post_load(part->self))
		return true;
	memcpy(element, &old, field->size);
	assert_int_equal(part->type->post_load(part->self), 0);
	return false;
}

/* Whatever is in the registers of a hart and the interrupt controllers can be explained. */
static void test_hostile(struct boot_config config)
{
	static const char *const names[] = { "hart0", "plic", "aplic", "imsic" };
	FILE *out = fopen("/dev/null", "w");
	unsigned explained = 0;
	struct boot boot;
	u64 seed = 7;

	config.harts = HARTS;
	boot_start(&boot, &config);
	boot_run_to(&boot, 1000000, NULL);
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned n = 0; n < boot_state(&boot)->count; n++) {
			const struct state_part *part = &boot_state(&boot)->parts[n];
			bool wanted = false;

			for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
				wanted = wanted || !strcmp(part->name, names[i]);
			if (!wanted || !scramble(part, &seed))
				continue;
			explain_all(&boot, out);
			explained++;
		}
	assert_in_range(explained, ROUNDS, 3 * ROUNDS);
	fclose(out);
	boot_free(&boot);
}

static void test_hostile_plic(void **unused)
{
	test_hostile((struct boot_config){ .engine = ENGINE_THREADED });
}

static void test_hostile_imsic(void **unused)
{
	test_hostile((struct boot_config){ .engine = ENGINE_THREADED,
					   .aia = BOARD_AIA_APLIC_IMSIC });
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_changes_nothing),
	cmocka_unit_test(test_loaded),
	cmocka_unit_test(test_hostile_plic),
	cmocka_unit_test(test_hostile_imsic),
	{ 0 },
};
