/* SPDX-License-Identifier: MIT */
/*
 * Tests hostile qcow2 images, which are made from the recipes in qcow2/ and from random changes to
 * them: an image must be refused, or all operations on it must end and leave an image that can be
 * opened again. BAYA_FUZZ_SEED, BAYA_FUZZ_COUNT and BAYA_FUZZ_SECONDS in the environment choose
 * another run (qcow2/fuzz does); a failure prints the recipe of the image that failed.
 */
#include "image_place.h"
#include "qcow2_recipe.h"

#include "devices/block/disk_commit.h"
#include "devices/block/disk_snapshot.h"
#include "tests/cpu/random.h"
#include "tests/part.h"
#include "tests/setting.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define COUNT_DEFAULT 4000
#define RECIPES_MAX 64
#define CPU_SECONDS 20 /* for one image */
#define WRITE_MAX (64 * KiB)
#define FILE_LIMIT (256 * MiB) /* far more than the size of any image here */

static struct recipe recipes[RECIPES_MAX], current;
static const char *paths[RECIPES_MAX];
static unsigned recipe_count;
static u64 seed;
static u8 file[RECIPE_FILE_MAX], bytes[WRITE_MAX];

/* --- the report of a failure --- */

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

static void say_recipe(void)
{
	dprintf(STDERR_FILENO, "The recipe of the image:\n");
	recipe_print(&current, STDERR_FILENO);
}

const char *__asan_default_options(void)
{
	return "handle_abort=1:allocator_may_return_null=1:max_allocation_size_mb=512";
}

const char *__ubsan_default_options(void)
{
	return "abort_on_error=1";
}

static void on_end(int number)
{
	say_recipe();
	signal(number, SIG_DFL);
	raise(number);
}

static void watch(void)
{
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(say_recipe);
	else
		for (unsigned n = 0; n < 3; n++)
			signal((int[]){ SIGSEGV, SIGBUS, SIGABRT }[n], on_end);
	signal(SIGPROF, on_end);
}

static void allow_seconds(unsigned seconds)
{
	const struct itimerval limit = { .it_value.tv_sec = seconds };

	setitimer(ITIMER_PROF, &limit, NULL);
}

/* --- operations on an image --- */

static void fuzz_save(struct disk *disk, u64 name, u64 state)
{
	struct disk_snapshot about = { .name = { (char)('a' + name % 4) } };
	struct disk_set set = { &disk, 1, 0, 0 };
	char why[QCOW2_WHY] = "";

	state %= WRITE_MAX;
	if (state && (disk_state_begin(disk, why) || disk_state_put(disk, bytes, state) ||
		      disk_state_end(disk, &about.state_size)))
		disk_state_abandon(disk);
	else
		disk_set_create(&set, &about, state ? disk : NULL, why);
}

static void fuzz_load(struct disk *disk, u64 name, bool drop)
{
	struct disk_set set = { &disk, 1, 0, 0 };
	char text[] = { (char)('a' + name % 4), 0 }, why[QCOW2_WHY] = "";
	struct disk_saved *saved;

	if (!disk_saved_open(&saved, disk, text, why)) {
		disk_saved_read(saved, 0, bytes, MIN(disk_saved_size(saved), WRITE_MAX));
		disk_saved_close(saved);
	}
	if (drop)
		disk_set_delete(&set, text, why);
	else
		disk_set_apply(&set, text, why);
}

static void transfer(struct disk *disk, const struct recipe_step *step)
{
	u64 offset = step->n[0] / DISK_SECTOR % disk->sectors * DISK_SECTOR;
	u64 size = align_up(MAX(step->n[1] % WRITE_MAX, 1), DISK_SECTOR);
	struct iovec iov = { .iov_base = bytes };

	iov.iov_len = size = MIN(size, disk->sectors * DISK_SECTOR - offset);
	if (step->verb == RECIPE_READ)
		disk_read(disk, offset, &iov, 1);
	else if (!disk->readonly && step->verb == RECIPE_WRITE)
		disk_write(disk, offset, &iov, 1);
	else if (!disk->readonly)
		disk_zero(disk, offset, size, true);
}

static void fuzz_grow(struct disk *disk, u64 bytes_more)
{
	char why[QCOW2_WHY];

	disk_grow(disk, disk->sectors * DISK_SECTOR + align_up(bytes_more % GiB, DISK_SECTOR), why);
}

/* Lets an image that is only read be written from here on; its list of snapshots may be damaged. */
static void fuzz_overlay(struct disk *disk)
{
	int error = disk->readonly ? disk_make_overlay(disk) : 0;

	assert_true(!error || error == -EINVAL || error == -EFBIG);
}

/* Commits to the backing file, or of an image that is only read the writes so far to the image. */
static void fuzz_commit(struct disk *disk)
{
	char why[QCOW2_WHY];

	fuzz_overlay(disk);
	if (disk_can_commit(disk))
		disk_commit(disk, at("i"), why);
}

static void fuzz_use(struct disk *disk, const struct recipe_step *step)
{
	switch (step->verb) {
	case RECIPE_GROW:
		fuzz_grow(disk, step->n[0]);
		break;
	case RECIPE_FLUSH:
		disk_flush(disk);
		break;
	case RECIPE_SAVE:
		if (disk_can_snapshot(disk))
			fuzz_save(disk, step->n[0], step->n[1]);
		break;
	case RECIPE_LOAD:
	case RECIPE_DROP:
		if (disk_can_snapshot(disk))
			fuzz_load(disk, step->n[0], step->verb == RECIPE_DROP);
		break;
	case RECIPE_OVERLAY:
		fuzz_overlay(disk);
		break;
	case RECIPE_COMMIT:
		fuzz_commit(disk);
		break;
	default:
		transfer(disk, step);
	}
}

static void open_again(struct disk *disk, bool readonly)
{
	disk_close(disk);
	if (open_image(disk, "i", readonly))
		fail_msg("the image does not open again: %s", image_why());
}

/*
 * Makes the recipe's image, and performs the recipe's operations on it. Returns whether the image
 * is accepted.
 */
static bool fuzz_serve(const struct recipe *recipe)
{
	bool readonly = recipe_setting(recipe, RECIPE_READONLY, 0);
	struct disk disk;
	struct stat st;

	current = *recipe;
	allow_seconds(CPU_SECONDS);
	put_file("i", file, recipe_cook(recipe, file));
	if (open_image(&disk, "i", readonly))
		return false;
	for (unsigned n = 0; n < recipe->count; n++) {
		const struct recipe_step *step = &recipe->steps[n];

		if (step->verb == RECIPE_REOPEN)
			open_again(&disk, readonly);
		else if (recipe_stage_of(step->verb) == RECIPE_USE)
			fuzz_use(&disk, step);
	}
	open_again(&disk, readonly);
	disk_close(&disk);
	assert_int_equal(stat(at("i"), &st), 0);
	assert_true(st.st_size < (s64)FILE_LIMIT);
	allow_seconds(0);
	return true;
}

/* --- random changes --- */

static u64 draw(u64 limit)
{
	return random_u64(&seed) % limit;
}

/*
 * Returns a random table entry: flags, and an offset that is in the file, at its edge, or outside.
 */
static u64 draw_entry(void)
{
	static const u64 flags[] = { 0, BIT(63), BIT(62), BIT(62) | BIT(63), 1, BIT(63) | 1,
				     BIT(56), 0x1fe, 511, BIT(61) };
	static const u64 places[] = { 0, BIT(40), BIT(55), 0x00fffffffffffe00, RECIPE_FILE_MAX };
	u64 flag = flags[draw(ARRAY_SIZE(flags))];

	switch (draw(4)) {
	case 0:
		return flag | places[draw(ARRAY_SIZE(places))];
	case 1:
		return flag | draw(64) << (9 + draw(4));
	case 2:
		return random_u64(&seed);
	default:
		return flag | draw(32) * 512;
	}
}

static u64 draw_number(void)
{
	static const u64 edges[] = { 0, 1, 2, 3, 7, 8, 63, 64, 65, 255, 511, 512, 513, 4096, 65535,
				     65536, 65537, INT32_MAX, BIT(31), UINT32_MAX, INT64_MAX,
				     UINT64_MAX, UINT64_MAX - 511 };

	switch (draw(3)) {
	case 0:
		return edges[draw(ARRAY_SIZE(edges))];
	case 1:
		return draw(1100);
	default:
		return draw_entry();
	}
}

/* Fields of the header, and of the first snapshot in the list. */
static const u64 header_fields[][2] = {
	{ 4, 4 }, { 8, 8 }, { 16, 4 }, { 20, 4 }, { 24, 8 }, { 32, 4 }, { 36, 4 }, { 40, 8 },
	{ 48, 8 }, { 56, 4 }, { 60, 4 }, { 64, 8 }, { 72, 8 }, { 80, 8 }, { 88, 8 }, { 96, 4 },
	{ 100, 4 }, { 104, 4 }, { 108, 4 },
};
static const u64 list_fields[][2] = {
	{ 0, 8 }, { 8, 4 }, { 12, 2 }, { 14, 2 }, { 32, 4 }, { 36, 4 }, { 40, 8 }, { 48, 8 },
};

static struct recipe_step draw_step(enum recipe_stage stage)
{
	struct recipe_step step = { .n = { draw_number(), draw_entry(), draw_number() } };
	const u64 *field = header_fields[draw(ARRAY_SIZE(header_fields))];

	do
		step.verb = (enum recipe_verb)draw(RECIPE_VERBS);
	while (recipe_stage_of(step.verb) != stage);
	if (step.verb == RECIPE_LIST)
		field = list_fields[draw(ARRAY_SIZE(list_fields))];
	if (step.verb == RECIPE_LIST || step.verb == RECIPE_HEADER) {
		step.n[0] = field[0] + (step.verb == RECIPE_LIST ? 72 * draw(2) : 0);
		step.n[1] = field[1];
		step.n[2] = draw(2) ? draw_number() : draw(40) << 9;
	} else if (stage != RECIPE_DAMAGE) {
		step.n[0] = draw(stage == RECIPE_USE ? 128 * KiB : 130);
		step.n[1] = draw(stage == RECIPE_USE ? 16 * KiB : 12);
	} else if (step.verb == RECIPE_LENGTH) {
		step.n[0] = draw(64 * KiB);
	} else if (draw(2)) {
		step.n[0] = draw(40);
	}
	return step;
}

static void change(struct recipe *recipe)
{
	struct recipe_step step =
		draw_step(draw(4) ? RECIPE_DAMAGE : (enum recipe_stage)draw(RECIPE_USE));
	u64 at = draw(recipe->count + 1ull);

	if (recipe->count && !draw(3)) {
		at = draw(recipe->count);
		recipe->steps[at].n[draw(3)] = draw_number();
	} else if (recipe->count < RECIPE_STEPS) {
		memmove(&recipe->steps[at + 1], &recipe->steps[at],
			(recipe->count - at) * sizeof(step));
		recipe->steps[at] = step;
		recipe->count++;
	}
}

static void make_recipe(struct recipe *recipe)
{
	*recipe = recipes[draw(recipe_count)];
	for (u64 n = draw(4) + 1; n; n--)
		change(recipe);
	for (u64 n = draw(8); n && recipe->count < RECIPE_STEPS; n--)
		recipe->steps[recipe->count++] = draw_step(RECIPE_USE);
}

/* --- the tests --- */

static int setup(void **state)
{
	place_make(1);
	memset(bytes, 'B', sizeof(bytes));
	put_file("base", bytes, sizeof(bytes));
	watch();
	return 0;
}

static void test_recipes(void **state)
{
	for (unsigned n = 0; n < recipe_count; n++)
		if (fuzz_serve(&recipes[n]) == recipe_setting(&recipes[n], RECIPE_REFUSED, 0))
			fail_msg("%s: is %s", paths[n], *image_why() ? image_why() : "taken");
}

static void test_changes(void **state)
{
	u64 first = setting("BAYA_FUZZ_SEED", 1);
	u64 count = setting("BAYA_FUZZ_COUNT", part_of(COUNT_DEFAULT));
	u64 seconds = setting("BAYA_FUZZ_SECONDS", 0), taken = 0, n;
	time_t end = time(NULL) + (time_t)seconds;
	struct recipe recipe;

	for (n = 0; seconds ? time(NULL) < end : n < count; n++) {
		seed = (first + n) * 0x9e3779b97f4a7c15ull | 1;
		make_recipe(&recipe);
		taken += fuzz_serve(&recipe);
	}
	print_message("seeds from %llu: %llu images, %llu taken\n", first, n, taken);
	/* Both outcomes must have occurred: otherwise the changes are too weak or too strong. */
	if (n >= COUNT_DEFAULT)
		assert_in_range(taken, n / 10, n / 10 * 9);
}

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_recipes),
					    cmocka_unit_test(test_changes) };
	unsigned line;

	for (int n = 1; n < count && recipe_count < RECIPES_MAX; n++) {
		paths[recipe_count] = arguments[n];
		if (!recipe_read(&recipes[recipe_count++], arguments[n], &line)) {
			fprintf(stderr, "%s:%u: not understood\n", arguments[n], line);
			return 1;
		}
	}
	return recipe_count ? cmocka_run_group_tests(tests, setup, place_remove) : 1;
}
