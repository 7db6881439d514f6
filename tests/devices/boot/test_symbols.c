/* SPDX-License-Identifier: MIT */
/*
 * Tests symbol look-up: the nearest name is found, functions are preferred, internal names are left
 * out, and there is no name for addresses outside the image.
 */
#include "tests/cmocka.h"

#include "loader_fixture.h"

#include <string.h>

static const struct {
	u64 addr;
	const char *name;
} names[] = {
	{ELF_SEGMENT0, ""}, /* before the first symbol */
	{ELF_SEGMENT0 + 0xf, ""},
	{ELF_SEGMENT0 + 0x10, "_start"}, /* not the local label at the same place */
	{ELF_SEGMENT0 + 0x12, "_start+0x2"},
	{ELF_SEGMENT0 + 0x34, "_start+0x24"}, /* beyond its size, but nothing is nearer */
	/* not a function, but preferred to the label that marks an end */
	{ELF_SEGMENT0 + 0x38, "handler"},
	{ELF_SEGMENT0 + 0x3f, "handler+0x7"},
	{ELF_SEGMENT0 + 0x40, "main"},
	{ELF_SEGMENT0 + 0x4f, "main+0xf"},
	{ELF_SEGMENT0 + 0x50, "main+0x10"}, /* a label inside a function */
	{ELF_SEGMENT0 + 0x5a, "main+0x1a"}, /* .Lx and $x are ignored */
	{ELF_SEGMENT0 + 0x84, "inner+0x34"}, /* after main's end */
	{ELF_SEGMENT0 + 0x1ff, "inner+0x1af"},
	{ELF_SEGMENT0 + 0x200, ""}, /* between the segments */
	{ELF_SEGMENT1, "tohost"},
	{ELF_SEGMENT1 + 0x7f, "tohost+0x7f"},
	{ELF_SEGMENT1 + 0x80, ""},
	{0x1234, ""}, /* a number, not an address */
	{0, ""},
	{UINT64_MAX, ""},
};

static void symbols_load(struct fixture *f)
{
	static struct sample sample;
	struct loader_image image;

	sample_make(&sample, SAMPLE_ELF);
	fixture_open(f);
	fixture_file(f, sample.data, sample.size);
	assert_int_equal(loader_program(&f->loader, f->path, &image), 0);
}

static void test_names(void **state)
{
	static struct fixture f;
	char text[64];

	symbols_load(&f);
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		bool found = symbols_name(&f.symbols, names[i].addr, text, sizeof(text));

		assert_string_equal(text, names[i].name);
		assert_int_equal(found, names[i].name[0] != 0);
	}
	fixture_close(&f);
}

/* A name from a hostile file cannot control the terminal that shows it; it is found as it is. */
static void test_hostile_names(void **state)
{
	static const char hostile[] = "\033[2J";
	static struct sample sample;
	static struct fixture f;
	struct loader_image image;
	char text[64];
	u64 addr;

	sample_make(&sample, SAMPLE_ELF);
	memcpy(memmem(sample.data, sample.size, "main", sizeof("main")), hostile, sizeof(hostile));
	fixture_open(&f);
	fixture_file(&f, sample.data, sample.size);
	assert_int_equal(loader_program(&f.loader, f.path, &image), 0);
	assert_true(symbols_name(&f.symbols, ELF_SEGMENT0 + 0x40, text, sizeof(text)));
	assert_string_equal(text, "\\x1b[2J");
	assert_true(symbols_name_code(&f.symbols, ELF_SEGMENT0 + 0x44, text, sizeof(text)));
	assert_string_equal(text, "\\x1b[2J+0x4");
	assert_true(symbols_find(&f.symbols, hostile, &addr));
	fixture_close(&f);
}

/* Symbols of data do not name code, nor does the last function name what follows its section. */
static void test_code_names(void **state)
{
	static struct fixture f;
	char text[64];
	u64 begin, end;

	symbols_load(&f);
	assert_true(symbols_name_code(&f.symbols, ELF_SEGMENT0 + 0xff, text, sizeof(text)));
	assert_string_equal(text, "inner+0xaf");
	assert_true(symbols_around(&f.symbols, ELF_SEGMENT0 + 0xff, &begin, &end));
	assert_int_equal(begin, ELF_SEGMENT0 + 0x50);
	assert_int_equal(end, ELF_SEGMENT0 + 0x100);
	assert_false(symbols_name_code(&f.symbols, ELF_SEGMENT0 + 0x100, text, sizeof(text)));
	assert_string_equal(text, "");
	assert_false(symbols_name_code(&f.symbols, ELF_SEGMENT1, text, sizeof(text)));
	assert_false(symbols_around(&f.symbols, ELF_SEGMENT1, &begin, &end));
	fixture_close(&f);
}

static void test_find(void **state)
{
	static struct fixture f;
	u64 addr = 7;

	symbols_load(&f);
	assert_true(symbols_find(&f.symbols, "tohost", &addr));
	assert_int_equal(addr, ELF_SEGMENT1);
	assert_true(symbols_find(&f.symbols, "inner", &addr));
	assert_int_equal(addr, ELF_SEGMENT0 + 0x50);
	assert_true(symbols_find(&f.symbols, "limit", &addr));
	assert_int_equal(addr, 0x1234);
	addr = 7;
	assert_false(symbols_find(&f.symbols, "fromhost", &addr));
	assert_false(symbols_find(&f.symbols, "$x", &addr));
	assert_false(symbols_find(&f.symbols, "", &addr));
	assert_int_equal(addr, 7);
	fixture_close(&f);
}

/*
 * The symbols of a file whose segments are not in memory are taken for those of a process, whose
 * addresses are virtual.
 */
static void test_places(void **state)
{
	static struct sample sample;
	static struct fixture f;
	const struct board_symbols symbols = { .file = f.path };

	sample_make(&sample, SAMPLE_ELF);
	fixture_open(&f);
	fixture_file(&f, sample.data, sample.size);
	assert_int_equal(loader_symbols(&f.loader, &symbols, RAM_BASE), 0);
	assert_int_equal(symbols_place(&f.symbols, ELF_SEGMENT0), SYMBOLS_HOME);
	assert_int_equal(symbols_place(&f.symbols, ELF_SEGMENT0 + 0x200), SYMBOLS_NOWHERE);
	fixture_restart(&f);
	f.loader.ram_base = RAM_BASE + RAM_SIZE;
	assert_int_equal(loader_symbols(&f.loader, &symbols, RAM_BASE), 0);
	assert_int_equal(symbols_place(&f.symbols, ELF_SEGMENT0), SYMBOLS_LINKED);
	fixture_close(&f);
}

/* With an offset, symbols name the addresses where the code is, and not those that are linked. */
static void test_offset(void **state)
{
	static struct sample sample;
	static struct fixture f;
	const u64 offset = MiB;
	const struct board_symbols symbols = { .file = f.path, .offset = offset };
	u64 begin, end, addr;
	char text[64];

	sample_make(&sample, SAMPLE_ELF);
	fixture_open(&f);
	fixture_file(&f, sample.data, sample.size);
	assert_int_equal(loader_symbols(&f.loader, &symbols, RAM_BASE), 0);
	assert_int_equal(symbols_place(&f.symbols, ELF_SEGMENT0 + offset), SYMBOLS_HOME);
	assert_int_equal(symbols_place(&f.symbols, ELF_SEGMENT0), SYMBOLS_NOWHERE);
	assert_true(
		symbols_name_code(&f.symbols, ELF_SEGMENT0 + offset + 0xff, text, sizeof(text)));
	assert_string_equal(text, "inner+0xaf");
	assert_true(symbols_around(&f.symbols, ELF_SEGMENT0 + offset + 0xff, &begin, &end));
	assert_int_equal(end, ELF_SEGMENT0 + offset + 0x100);
	assert_true(symbols_find(&f.symbols, "tohost", &addr));
	assert_int_equal(addr, ELF_SEGMENT1 + offset);
	fixture_close(&f);
}

/*
 * A name in several files means the symbol of a file that the user named. If more than one of these
 * has it, elsewhere, it may mean either.
 */
static void test_same_name(void **state)
{
	static struct sample sample;
	static struct fixture f;
	const struct board_symbols bundled = { f.path, 0, true }, here = { f.path, MiB, false },
				   there = { f.path, 2 * MiB, false };
	u64 addr;

	sample_make(&sample, SAMPLE_ELF);
	fixture_open(&f);
	fixture_file(&f, sample.data, sample.size);
	assert_int_equal(loader_symbols(&f.loader, &bundled, RAM_BASE), 0);
	assert_true(symbols_find(&f.symbols, "main", &addr));
	assert_int_equal(addr, ELF_SEGMENT0 + 0x40);
	for (unsigned n = 0; n < 2; n++) { /* the same file twice is one place */
		assert_int_equal(loader_symbols(&f.loader, &here, RAM_BASE), 0);
		assert_true(symbols_find(&f.symbols, "main", &addr));
		assert_int_equal(addr, ELF_SEGMENT0 + 0x40 + MiB);
		assert_false(symbols_find_other(&f.symbols, "main", &addr));
	}
	assert_int_equal(loader_symbols(&f.loader, &there, RAM_BASE), 0);
	assert_true(symbols_find_other(&f.symbols, "main", &addr));
	assert_int_equal(addr, ELF_SEGMENT0 + 0x40 + 2 * MiB);
	fixture_close(&f);
}

static void test_short_buffers_and_empty_tables(void **state)
{
	static struct fixture f;
	struct symbols empty;
	char text[5] = "####";
	u64 addr;

	symbols_load(&f);
	assert_true(symbols_name(&f.symbols, ELF_SEGMENT0 + 0x12, text, sizeof(text)));
	assert_string_equal(text, "_sta");
	assert_false(symbols_name(&f.symbols, 0, text, sizeof(text)));
	assert_string_equal(text, "");
	fixture_close(&f);

	symbols_init(&empty);
	assert_false(symbols_name(&empty, ELF_SEGMENT0, text, sizeof(text)));
	assert_false(symbols_find(&empty, "main", &addr));
	symbols_free(&empty);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_names),
	cmocka_unit_test(test_hostile_names),
	cmocka_unit_test(test_code_names),
	cmocka_unit_test(test_find),
	cmocka_unit_test(test_places),
	cmocka_unit_test(test_offset),
	cmocka_unit_test(test_same_name),
	cmocka_unit_test(test_short_buffers_and_empty_tables),
	{ 0 },
};
