/* SPDX-License-Identifier: MIT */
/*
 * Tests the flash bank: command cycles as drivers send them, the CFI table, locking, and the
 * backing file.
 */
#include "tests/devices/fixture_state.h"

#include "devices/block/disk.h"
#include "devices/block/flash.h"
#include "devices/memmap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READY 0x00800080u
#define BOTH(code) ((code) << 16 | (code))

struct machine {
	struct fixture f;
	struct flash flash;
	unsigned remaps;
};

static void count_remap(void *ctx)
{
	((struct machine *)ctx)->remaps++;
}

static struct machine *flash_attached(const struct flash_config *config, int expected)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	fixture_init(&machine->f, CLOCK_VIRTUAL);
	assert_int_equal(flash_attach(&machine->flash, &machine->f.platform, FIXTURE_BASE, config),
			 expected);
	machine->f.platform.bus.remapped = count_remap;
	machine->f.platform.bus.ctx = machine;
	if (!expected)
		platform_reset(&machine->f.platform);
	return machine;
}

static struct machine *flash_make(const char *file, bool readonly, int expected)
{
	const struct flash_config config = { .name = "flash0", .file = file,
					     .readonly = readonly };

	return flash_attached(&config, expected);
}

static void unmake(struct machine *machine, bool attached)
{
	if (attached)
		flash_free(&machine->flash);
	fixture_free(&machine->f);
	free(machine);
}

static int setup(void **state)
{
	*state = flash_make(NULL, false, 0);
	return 0;
}

static int teardown(void **state)
{
	unmake(*state, true);
	return 0;
}

/* Writes a temporary file of `size` bytes, whose values count up. */
static void write_file(char *name, size_t size)
{
	int fd = mkstemp(strcpy(name, "/tmp/baya-flash-XXXXXX"));
	FILE *file = fdopen(fd, "w");

	assert_non_null(file);
	for (size_t i = 0; i < size; i++)
		fputc((int)(i & 0xff), file);
	fclose(file);
}

static u32 flash_get(struct machine *m, u64 offset)
{
	return (u32)fixture_read(&m->f, offset, 4);
}

static void flash_set(struct machine *m, u64 offset, u32 value)
{
	fixture_write(&m->f, offset, 4, value);
}

static void program(struct machine *m, u64 offset, u32 value)
{
	flash_set(m, offset, BOTH(0x40));
	flash_set(m, offset, value);
}

static void test_erased_bank_is_not_resident(void **state)
{
	struct machine *m = *state;
	u64 at = 0, len;

	assert_int_equal(flash_get(m, 0), UINT32_MAX);
	assert_int_equal(fixture_read(&m->f, FLASH_BANK_SIZE - 8, 8), UINT64_MAX);
	assert_int_equal(fixture_read(&m->f, 3, 1), 0xff);
	flash_set(m, 0, BOTH(0x20)); /* this erases a block that is erased already */
	flash_set(m, 0, BOTH(0xd0));
	assert_false(ram_next_data(&m->flash.ram, &at, &len));
}

static void test_cfi_query(void **state)
{
	static const struct {
		u8 word, value;
	} rows[] = {
		{ 0x10, 'Q' }, { 0x11, 'R' }, { 0x12, 'Y' }, { 0x13, 1 }, { 0x14, 0 },
		{ 0x15, 0x31 }, { 0x27, 24 }, { 0x2a, 11 }, { 0x2c, 1 }, { 0x2d, 127 }, { 0x2e, 0 },
		{ 0x2f, 0 }, { 0x30, 2 }, { 0x31, 'P' }, { 0x32, 'R' }, { 0x33, 'I' },
		{ 0x34, '1' }, { 0x35, '0' }, { 0x3f, 1 }, { 0xff, 0 },
	};
	struct machine *m = *state;

	flash_set(m, 0x55 * 4, BOTH(0x98));
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(flash_get(m, 4u * rows[i].word), BOTH((u32)rows[i].value));
		assert_int_equal(fixture_read(&m->f, 4u * rows[i].word + 2, 2), rows[i].value);
		assert_int_equal(fixture_read(&m->f, 4u * rows[i].word + 3, 1), 0);
	}
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(flash_get(m, 0x40), UINT32_MAX);
}

static void test_identifier(void **state)
{
	struct machine *m = *state;

	flash_set(m, 0, BOTH(0x90));
	assert_int_equal(flash_get(m, 0), BOTH(0x89));
	assert_int_equal(flash_get(m, 4), BOTH(0x18));
	assert_int_equal(flash_get(m, 3 * FLASH_BLOCK_SIZE + 8), 0); /* not locked */
}

static void test_word_program(void **state)
{
	struct machine *m = *state;

	program(m, 0x1000, 0x12345678);
	assert_int_equal(flash_get(m, 0x1000), READY);
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(flash_get(m, 0x1000), 0x12345678);
	assert_int_equal(flash_get(m, 0x1004), UINT32_MAX);
	program(m, 0x1000, 0xffff00ff); /* only clears bits */
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(flash_get(m, 0x1000), 0x12340078);
	flash_set(m, 0x2000, BOTH(0x10)); /* half a word */
	fixture_write(&m->f, 0x2002, 2, 0xbeef);
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(flash_get(m, 0x2000), 0xbeefffff);
}

static void test_array_is_rom_on_the_bus(void **state)
{
	struct machine *m = *state;
	struct bus *bus = &m->f.platform.bus;

	program(m, 0, 0x00000013);
	assert_null(bus_find(bus, FIXTURE_BASE)->ram);
	unsigned remaps = m->remaps;
	m->flash.ram.dirty[0] = 0;
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(m->remaps, remaps + 1);
	assert_ptr_equal(bus_find(bus, FIXTURE_BASE)->ram, &m->flash.ram);
	assert_null(bus_dma_map(bus, FIXTURE_BASE, 4, true));
	flash_set(m, 0, BOTH(0x70));
	assert_null(bus_find(bus, FIXTURE_BASE)->ram);
	assert_int_equal(m->remaps, remaps + 2);
	program(m, 0, 0);
	assert_int_equal(m->flash.ram.dirty[0], 1);
}

static void test_erase(void **state)
{
	struct machine *m = *state;
	u64 block = 5 * FLASH_BLOCK_SIZE;

	program(m, block - 4, 1);
	program(m, block, 2);
	program(m, block + FLASH_BLOCK_SIZE - 4, 3);
	program(m, block + FLASH_BLOCK_SIZE, 4);
	flash_set(m, block + 0x1230, BOTH(0x20));
	flash_set(m, block + 0x1230, BOTH(0xd0));
	assert_int_equal(flash_get(m, block), READY);
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(flash_get(m, block - 4), 1);
	assert_int_equal(flash_get(m, block), UINT32_MAX);
	assert_int_equal(flash_get(m, block + FLASH_BLOCK_SIZE - 4), UINT32_MAX);
	assert_int_equal(flash_get(m, block + FLASH_BLOCK_SIZE), 4);
}

static void test_wrong_second_cycle(void **state)
{
	static const struct {
		u32 first, second;
	} rows[] = { { 0x20, 0x20 }, { 0x60, 0x55 }, { 0xe8, 1024 }, { 0xe8, 0xffff } };
	struct machine *m = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		flash_set(m, 0, BOTH(rows[i].first));
		flash_set(m, 0, BOTH(rows[i].second));
		assert_int_equal(flash_get(m, 0), READY | BOTH(0x30));
		flash_set(m, 0, BOTH(0x50));
		flash_set(m, 0, BOTH(0x70));
		assert_int_equal(flash_get(m, 0), READY);
	}
}

static void test_locks_are_accepted(void **state)
{
	static const u32 codes[] = { 0x01, 0xd0, 0x2f };
	struct machine *m = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(codes); i++) {
		flash_set(m, 0, BOTH(0x60));
		flash_set(m, 0, BOTH(codes[i]));
		assert_int_equal(flash_get(m, 0), READY);
	}
	program(m, 0, 0);
	assert_int_equal(flash_get(m, 0), READY);
}

static void buffered(struct machine *m, u64 offset, u32 words)
{
	flash_set(m, offset, BOTH(0xe8));
	assert_int_equal(flash_get(m, offset), READY);
	flash_set(m, offset, BOTH(words - 1));
	for (u32 i = 0; i < words; i++)
		flash_set(m, offset + 4 * i, 0xa0000000 + i);
}

static void test_buffered_program(void **state)
{
	static const u32 counts[] = { 1, 2, 32, 1023, 1024 };
	struct machine *m = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(counts); i++) {
		u64 offset = (i + 1) * FLASH_BLOCK_SIZE + 2 * FLASH_BUFFER_SIZE;

		buffered(m, offset, counts[i]);
		flash_set(m, offset, BOTH(0xd0));
		assert_int_equal(flash_get(m, offset), READY);
		flash_set(m, offset, BOTH(0xff));
		for (u32 word = 0; word < counts[i]; word++)
			assert_int_equal(flash_get(m, offset + 4 * word), 0xa0000000 + word);
		assert_int_equal(flash_get(m, offset + 4 * counts[i]), UINT32_MAX);
		assert_int_equal(flash_get(m, offset - 4), UINT32_MAX);
	}
}

static void test_buffered_program_not_confirmed(void **state)
{
	struct machine *m = *state;

	buffered(m, 0, 4);
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(flash_get(m, 0), READY | BOTH(0x30));
	flash_set(m, 0, BOTH(0x50));
	assert_int_equal(flash_get(m, 0), UINT32_MAX);
}

static void test_buffered_program_leaves_its_window(void **state)
{
	struct machine *m = *state;

	flash_set(m, 0, BOTH(0xe8));
	flash_set(m, 0, BOTH(7));
	flash_set(m, FLASH_BUFFER_SIZE - 4, 1);
	flash_set(m, FLASH_BUFFER_SIZE, 2);
	assert_int_equal(flash_get(m, 0), READY | BOTH(0x30));
}

static void test_unknown_command_reads_the_array(void **state)
{
	struct machine *m = *state;

	program(m, 0, 0x11223344);
	for (u32 code = 0; code < 256; code++) {
		if (code == 0x10 || code == 0x40 || code == 0xe8)
			continue; /* these take data */
		flash_set(m, 0, BOTH(0x70));
		flash_set(m, 0, code);
		/* this ends any command, at least as a wrong second cycle */
		flash_set(m, 0, BOTH(0xff));
		flash_set(m, 0, BOTH(0xff));
		assert_int_equal(flash_get(m, 0), 0x11223344);
	}
}

static void test_file_is_read_and_written(void **state)
{
	char name[64];
	u8 byte[4];

	write_file(name, 3000);
	struct machine *m = flash_make(name, false, 0);

	assert_int_equal(flash_get(m, 0), 0x03020100);
	assert_int_equal(flash_get(m, 2996), 0xb7b6b5b4);
	assert_int_equal(flash_get(m, 3000), UINT32_MAX);
	assert_int_equal(flash_get(m, FLASH_BANK_SIZE - 4), UINT32_MAX);
	program(m, 4, 0xff00ff00);
	program(m, 8192, 0x01020304); /* beyond the file's end: the gap becomes erased flash */
	unmake(m, true);

	FILE *file = fopen(name, "r");
	assert_int_equal(fseek(file, 4, SEEK_SET), 0);
	assert_int_equal(fread(byte, 1, 4, file), 4);
	assert_memory_equal(byte, "\x00\x05\x00\x07", 4);
	fclose(file);

	m = flash_make(name, true, 0);
	assert_int_equal(flash_get(m, 4), 0x07000500);
	assert_int_equal(flash_get(m, 3000), UINT32_MAX);
	assert_int_equal(flash_get(m, 8188), UINT32_MAX);
	assert_int_equal(flash_get(m, 8192), 0x01020304);
	unmake(m, true);

	m = flash_make(name, false, 0);
	flash_set(m, 0, BOTH(0x20));
	flash_set(m, 0, BOTH(0xd0));
	assert_int_equal(flash_get(m, 0), READY);
	unmake(m, true);
	m = flash_make(name, false, 0);
	assert_int_equal(flash_get(m, 0), UINT32_MAX);
	assert_int_equal(flash_get(m, 8192), UINT32_MAX);
	assert_int_equal(m->flash.file_size, 8196);
	unmake(m, true);
	unlink(name);
}

static bool patch(struct machine *m, u64 offset, const void *data, u64 size)
{
	const struct region *region = bus_find(&m->f.platform.bus, FIXTURE_BASE);

	return region->patch(region->ctx, offset, data, size);
}

static void test_debugger_writes_the_array(void **state)
{
	struct machine *m = *state;
	u32 word = 0x12345678;

	assert_true(patch(m, 4, NULL, 4));
	assert_int_equal(flash_get(m, 4), UINT32_MAX);
	assert_true(patch(m, 4, &word, sizeof(word)));
	assert_int_equal(flash_get(m, 4), word);
	assert_int_equal(flash_get(m, 8), UINT32_MAX);
	flash_set(m, 0, BOTH(0x70));
	word = ~word; /* this sets bits, which programming cannot do */
	assert_true(patch(m, 4, &word, sizeof(word)));
	assert_int_equal(flash_get(m, 4), READY);
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(flash_get(m, 4), word);
}

static void test_debugger_leaves_the_file(void **state)
{
	char name[64];
	u32 word = 0x12345678;

	write_file(name, 4096);
	for (unsigned readonly = 0; readonly < 2; readonly++) {
		struct machine *m = flash_make(name, readonly, 0);

		assert_int_equal(patch(m, 0, NULL, 4), !readonly);
		assert_int_equal(patch(m, 0, &word, 4), !readonly);
		assert_int_equal(flash_get(m, 0), readonly ? 0x03020100 : word);
		unmake(m, true);
	}
	unlink(name);
}

static void test_empty_file_grows(void **state)
{
	char name[64];

	write_file(name, 0);
	struct machine *m = flash_make(name, false, 0);

	program(m, 0x10000, 0x55aa55aa);
	unmake(m, true);
	m = flash_make(name, true, 0);
	assert_int_equal(flash_get(m, 0), UINT32_MAX);
	assert_int_equal(flash_get(m, 0x10000), 0x55aa55aa);
	unmake(m, true);
	unlink(name);
}

static void test_readonly_is_locked(void **state)
{
	char name[64];

	write_file(name, 4096);
	struct machine *m = flash_make(name, true, 0);

	program(m, 0, 0);
	assert_int_equal(flash_get(m, 0), READY | BOTH(0x12));
	flash_set(m, 0, BOTH(0x50));
	flash_set(m, 0, BOTH(0x20));
	flash_set(m, 0, BOTH(0xd0));
	assert_int_equal(flash_get(m, 0), READY | BOTH(0x22));
	flash_set(m, 0, BOTH(0x50));
	assert_int_equal(flash_get(m, 0), 0x03020100);
	unmake(m, true);
	unlink(name);
}

/* While one machine writes a file, no other can open it; any number can read a file. */
static void test_one_writer(void **state)
{
	char name[64];

	write_file(name, 4096);
	struct machine *m = flash_make(name, false, 0);

	unmake(flash_make(name, false, -EBUSY), false);
	unmake(flash_make(name, true, -EBUSY), false);
	unmake(m, true);
	m = flash_make(name, true, 0);
	unmake(flash_make(name, true, 0), true);
	unmake(flash_make(name, false, 0), true);
	unmake(m, true);
	unlink(name);
}

/* The guest can write, but the file does not change. */
static void test_snapshot_leaves_the_file(void **state)
{
	char name[64];
	const struct flash_config config = { .name = "flash0", .file = name, .snapshot = true };
	struct machine *m;

	write_file(name, 4096);
	assert_int_equal(chmod(name, 0400), 0);
	m = flash_attached(&config, 0);
	assert_int_equal(m->flash.fd, -1);
	flash_set(m, 0, BOTH(0x20));
	flash_set(m, 0, BOTH(0xd0));
	program(m, 8, 0x12345678);
	assert_int_equal(flash_get(m, 0), READY);
	flash_set(m, 0, BOTH(0xff));
	assert_int_equal(flash_get(m, 0), UINT32_MAX);
	assert_int_equal(flash_get(m, 8), 0x12345678);
	unmake(m, true);
	m = flash_make(name, true, 0);
	assert_int_equal(flash_get(m, 0), 0x03020100);
	assert_int_equal(flash_get(m, 8), 0x0b0a0908);
	unmake(m, true);
	unlink(name);
}

/* An image in another format is refused: a guest that programmed it as flash would destroy it. */
static void test_other_formats(void **state)
{
	char name[64];
	struct flash_config config = { .name = "flash0", .file = name };
	struct machine *m;

	write_file(name, 4096);
	FILE *file = fopen(name, "r+");

	fputs("KDMV", file);
	fclose(file);
	m = flash_attached(&config, -EMEDIUMTYPE);
	assert_string_equal(m->flash.format, "vmdk");
	unmake(m, false);
	config.raw = true;
	m = flash_attached(&config, 0);
	assert_int_equal(flash_get(m, 4), 0x07060504);
	unmake(m, true);
	unlink(name);
}

static void test_bad_files(void **state)
{
	char name[64];

	unmake(flash_make("/nonexistent/flash", false, -ENOENT), false);
	unmake(flash_make("/tmp", true, -EINVAL), false);
	write_file(name, 16);
	assert_int_equal(truncate(name, FLASH_BANK_SIZE + 1), 0);
	unmake(flash_make(name, false, -EFBIG), false);
	assert_int_equal(truncate(name, FLASH_BANK_SIZE), 0);
	unmake(flash_make(name, false, 0), true);
	unlink(name);
}

static void count_failures(void *ctx, const struct disk_failure *failure)
{
	unsigned *count = ctx;

	assert_string_equal(failure->operation, "write");
	assert_int_equal(failure->error, -ENOSPC);
	assert_int_equal(failure->action, DISK_REPORT);
	assert_int_equal(failure->first, !*count);
	++*count;
}

/*
 * If the host's disk is full, the guest sees a program or erase error, and the array does not
 * change.
 */
static void test_host_error_reaches_the_guest(void **state)
{
	struct machine *m = *state;
	unsigned count = 0;

	m->flash.report = count_failures;
	m->flash.report_ctx = &count;
	m->flash.fd = open("/dev/full", O_RDWR);
	assert_true(m->flash.fd >= 0);
	program(m, 0, 0);
	assert_int_equal(flash_get(m, 0), READY | BOTH(0x10));
	assert_int_equal(count, 1);
	flash_set(m, 0, BOTH(0x50));
	assert_int_equal(flash_get(m, 0), UINT32_MAX);
	m->flash.file_size = FLASH_BANK_SIZE;
	flash_set(m, 0, BOTH(0x20));
	flash_set(m, 0, BOTH(0xd0));
	assert_int_equal(flash_get(m, 0), READY | BOTH(0x20));
	assert_int_equal(count, 2);
}

static void test_sweep(void **state)
{
	struct machine *m = *state;

	program(m, 0, 0);
	fixture_sweep(&m->f, FLASH_BANK_SIZE, 99991, 200);
}

static void test_state(void **state)
{
	struct machine *m = *state;
	struct state_image image = { 0 };

	program(m, 0x100, 0xcafe);
	buffered(m, 0x3000, 8);
	fixture_state_roundtrip(&m->f);
	flash_set(m, 0x3000, BOTH(0xd0));
	flash_set(m, 0x3000, BOTH(0xff));
	assert_int_equal(flash_get(m, 0x301c), 0xa0000007);
	assert_int_equal(flash_get(m, 0x100), 0xcafe);
	fixture_state_roundtrip(&m->f);
	assert_ptr_equal(bus_find(&m->f.platform.bus, FIXTURE_BASE)->ram, &m->flash.ram);

	m->flash.mode = 200; /* a hostile file */
	assert_int_equal(state_save(&m->f.platform.state, &image), 0);
	m->flash.mode = 0;
	assert_int_not_equal(state_load(&m->f.platform.state, image.data, image.size), 0);
	platform_reset(&m->f.platform);
	assert_int_equal(flash_get(m, 0x100), 0xcafe);
	free(image.data);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

const struct CMUnitTest unit_tests[] = {
	UNIT(test_erased_bank_is_not_resident),
	UNIT(test_cfi_query),
	UNIT(test_identifier),
	UNIT(test_word_program),
	UNIT(test_array_is_rom_on_the_bus),
	UNIT(test_erase),
	UNIT(test_wrong_second_cycle),
	UNIT(test_locks_are_accepted),
	UNIT(test_buffered_program),
	UNIT(test_buffered_program_not_confirmed),
	UNIT(test_buffered_program_leaves_its_window),
	UNIT(test_unknown_command_reads_the_array),
	cmocka_unit_test(test_file_is_read_and_written),
	UNIT(test_debugger_writes_the_array),
	cmocka_unit_test(test_debugger_leaves_the_file),
	cmocka_unit_test(test_empty_file_grows),
	cmocka_unit_test(test_readonly_is_locked),
	cmocka_unit_test(test_one_writer),
	cmocka_unit_test(test_snapshot_leaves_the_file),
	cmocka_unit_test(test_other_formats),
	cmocka_unit_test(test_bad_files),
	UNIT(test_host_error_reaches_the_guest),
	UNIT(test_sweep),
	UNIT(test_state),
	{ 0 },
};
