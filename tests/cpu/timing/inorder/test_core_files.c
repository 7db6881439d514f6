/* SPDX-License-Identifier: MIT */
/*
 * Tests core files: those that come with Baya are accepted, and an error in a file is reported in
 * one line with its place.
 */
#include "cpu/timing/core.h"
#include "cpu/timing/kind.h"
#include "tests/cmocka.h"
#include "tests/cpu/random.h"
#include "tests/cpu/timing/inorder/core_files.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A change of a correct file, which is the only error in it. */
struct change {
	const char *name; /* the parameter; NULL: the kind's line */
	const char *value; /* its new value and unit; NULL: the line is removed */
	const char *more; /* another line at the end; NULL: none */
	const char *error; /* a part of the message; NULL: the file is accepted */
};

static void put_value(FILE *file, const struct timing_param *param)
{
	const char *word = param->unit;

	if (!strchr(word, '|')) {
		fprintf(file, "%llu %s", param->value, param->unit);
		return;
	}
	for (u64 n = 0; n < param->value; n++)
		word += strcspn(word, "|") + 1;
	fprintf(file, "%.*s", (int)strcspn(word, "|"), word);
}

static void put_file(FILE *file, const struct timing_kind *kind, const struct change *change)
{
	if (change->name || change->value)
		fprintf(file, "kind = %s\n", change->name ? kind->name : change->value);
	for (unsigned n = 0; n < kind->count; n++) {
		bool changed = change->name && !strcmp(change->name, kind->params[n].name);

		if (changed && !change->value)
			continue;
		fprintf(file, "%s = ", kind->params[n].name);
		if (changed)
			fputs(change->value, file);
		else
			put_value(file, &kind->params[n]);
		fputs(" # where it was read\n", file);
	}
	fprintf(file, "%s\n", change->more ? change->more : "");
}

static int read_changed(const struct timing_kind *kind, const struct change *change,
			struct timing_core *core, struct timing_error *error)
{
	char path[] = "/tmp/baya-core-XXXXXX";
	int handle = mkstemp(path), result;
	FILE *file = fdopen(handle, "w");

	assert_non_null(file);
	put_file(file, kind, change);
	fclose(file);
	result = timing_core_read(core, path, error);
	unlink(path);
	return result;
}

static const struct change changes[] = {
	{ "core.clock", "1000 Hz", NULL, NULL },
	{ "core.clock", NULL, NULL, ": core.clock is missing, in Hz, from 1000 to 100000000000" },
	{ "icache.replacement", NULL, NULL, ": icache.replacement is missing, one of "
					    "lru|random|fifo" },
	{ "core.clock", "1000 Hz", "icache.colour = 3 sets",
	  ":140: a core of kind inorder has no parameter 'icache.colour'" },
	{ "core.clock", "1000 Hz", "core.clock = 1000 Hz", ":140: core.clock is given twice" },
	{ "core.clock", "1000 Hz", "core.clock", ":140: 'core.clock' is no PARAMETER = VALUE UNIT" },
	{ "icache.line", "16 bits", NULL, ": icache.line: its unit is 'bytes', not 'bits'" },
	{ "icache.line", "16", NULL, ": icache.line: its unit is 'bytes', not ''" },
	{ "icache.line", "-16 bytes", NULL, "'-16 bytes' is not a number from 16 to 128" },
	{ "icache.line", "4096 bytes", NULL, "'4096 bytes' is not a number from 16 to 128" },
	{ "icache.line", "99999999999999999999 bytes", NULL, "is not a number from 16 to 128" },
	{ "icache.line", "sixteen", NULL, "'sixteen' is not a number from 16 to 128" },
	{ "icache.line", "48 bytes", NULL, "icache.line must be a power of two" },
	{ "dcache.line", "48 bytes", NULL, "dcache.line must be a power of two" },
	{ "dcache.sets", "100 sets", NULL, "dcache.sets must be a power of two" },
	{ "dcache.ways", "3 ways", NULL, "dcache.ways must be a power of two where" },
	{ "icache.ways", "3 ways", NULL, "icache.ways must be a power of two where" },
	{ "l2.sets", "3 sets", NULL, "l2.sets must be a power of two" },
	{ "itlb.entries", "0 entries", NULL, "itlb.entries: '0 entries' is not a number from 1" },
	{ "memory.width", "12 bytes", NULL, "memory.width must be a power of two" },
	{ "fetch.width", "32 bytes", NULL, "fetch.width must be a power of two and at most" },
	{ "bht.entries", "100 counters", NULL, "bht.entries must be a power of two" },
	{ "btb.entries", "28 targets", NULL, "btb.entries must be a power of two where btb.tags" },
	{ "load.address", "3 cycles", NULL, "load.address must be less than load.latency" },
	{ "issue.commit", "1 instructions", NULL, NULL },
	{ "vector.dlen", NULL, NULL, ": vector.dlen is missing, in bits, from 64 to 1024" },
	{ "vector.vlen", "192 bits", NULL, "vector.vlen must be 0, 128, 256, 512 or 1024" },
	{ "vector.vlen", "64 bits", NULL, "vector.vlen must be 0, 128, 256, 512 or 1024" },
	{ "vector.vlen", "2048 bits", NULL, "'2048 bits' is not a number from 0 to 1024" },
	{ "vector.vlen", "256 bits", NULL, "vector.vlen must be 0 where dcache.policy is through" },
	{ "icache.replacement", "newest", NULL, "'newest' is none of lru|random|fifo" },
	{ "icache.replacement", "lru|random", NULL, "'lru|random' is none of lru|random|fifo" },
	{ "icache.replacement", "fifo", NULL, NULL },
	{ NULL, "magic", NULL, ":1: there is no kind 'magic' of timing models" },
	{ NULL, NULL, NULL, ":1: 'kind = NAME' comes first" },
};

static void what_is_wrong_is_said(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(changes); n++) {
		const struct change *change = &changes[n];
		struct timing_error error = { .usage = false };
		struct timing_core core;
		int result = read_changed(&timing_inorder, change, &core, &error);

		if (change->error ? !result : result)
			fail_msg("%u: %s", n, result ? error.text : "was read");
		if (!result)
			continue;
		assert_true(error.usage);
		assert_null(strchr(error.text, '\n'));
		if (!strstr(error.text, change->error) ||
		    strncmp(error.text, "/tmp/baya-core-", strlen("/tmp/baya-core-")))
			fail_msg("'%s' does not say '%s'", error.text, change->error);
	}
}

static void every_kind_reads_what_its_table_says(void **state)
{
	const struct change none = { .name = "" };

	for (unsigned n = 0; timing_kinds[n]; n++) {
		struct timing_error error;
		struct timing_core core;

		if (read_changed(timing_kinds[n], &none, &core, &error) < 0)
			fail_msg("%s", error.text);
		for (unsigned k = 0; k < timing_kinds[n]->count; k++)
			assert_int_equal(core.values[k], timing_kinds[n]->params[k].value);
	}
}

static void files_that_come_with_baya_are_read(void **state)
{
	glob_t files = core_files(CORES);

	for (size_t n = 0; n < files.gl_pathc; n++) {
		struct timing_error error;
		struct timing_core core;

		if (timing_core_read(&core, files.gl_pathv[n], &error) < 0)
			fail_msg("%s", error.text);
	}
	globfree(&files);
}

static void a_file_that_is_not_there_is_no_mistake_in_it(void **state)
{
	struct timing_error error;
	struct timing_core core;

	assert_int_equal(timing_core_read(&core, CORES "/none.core", &error), -1);
	assert_false(error.usage);
	assert_string_equal(error.text, CORES "/none.core: No such file or directory");
	error.usage = true;
	assert_int_equal(timing_core_read(&core, CORES, &error), -1);
	assert_false(error.usage);
	assert_string_equal(error.text, CORES ": Is a directory");
}

static void values_are_set_one_by_one(void **state)
{
	struct timing_error error = { .where = "--timing" };
	struct timing_core core;

	assert_int_equal(timing_core_read(&core, CORES "/rocket.core", &error), 0);
	assert_int_equal(timing_core_set(&core, "memory.latency=60", &error), 0);
	assert_int_equal(timing_core_set(&core, "memory.latency=60 cycles", &error), 0);
	assert_int_equal(timing_core_set(&core, "dcache.replacement=lru", &error), 0);
	assert_int_equal(timing_core_check(&core, &error), 0);
	snprintf(error.where, sizeof(error.where), "--timing");
	assert_int_equal(timing_core_set(&core, "dcache.sets=48", &error), 0);
	assert_int_equal(timing_core_check(&core, &error), -1);
	assert_string_equal(error.text, "--timing: dcache.sets must be a power of two");
	assert_int_equal(timing_core_set(&core, "dcache.sets", &error), -1);
	assert_string_equal(error.text, "--timing: 'dcache.sets' is no PARAMETER=VALUE");
}

#define DAMAGES 300 /* for each file */

/* Returns how many bytes were read, or 0. */
static size_t get_file(const char *path, char *text, size_t room)
{
	FILE *file = fopen(path, "r");
	size_t size;

	assert_non_null(file);
	size = fread(text, 1, room, file);
	fclose(file);
	return size;
}

/* Changes a few bytes, or copies a part to another place. */
static void core_files_damage(char *text, size_t size, u64 *seed)
{
	size_t from = random_u64(seed) % size, to = random_u64(seed) % size;
	size_t length = MIN(random_u64(seed) % 100, size - MAX(from, to));

	if (random_u64(seed) >> 63)
		memmove(text + to, text + from, length);
	for (u64 n = random_u64(seed) % 4; n; n--) {
		size_t at = random_u64(seed) % size;

		text[at] = (char)random_u64(seed);
	}
}

static int read_text(const char *text, size_t size, struct timing_core *core,
		     struct timing_error *error)
{
	char path[] = "/tmp/baya-core-XXXXXX";
	int handle = mkstemp(path), result;

	assert_int_equal(write(handle, text, size), size);
	close(handle);
	result = timing_core_read(core, path, error);
	unlink(path);
	return result;
}

/* Whatever a file contains, it is read with allowed values, or a line reports the error. */
static void damaged_files_are_refused_or_read(void **state)
{
	static char whole[65536], text[sizeof(whole)];
	glob_t files = core_files(CORES);
	u64 seed = 5;

	for (size_t n = 0; n < DAMAGES * files.gl_pathc; n++) {
		size_t size = get_file(files.gl_pathv[n % files.gl_pathc], whole, sizeof(whole));
		struct timing_error error = { .usage = false };
		struct timing_core core;

		memcpy(text, whole, size);
		core_files_damage(text, size, &seed);
		if (read_text(text, size, &core, &error) == 0) {
			assert_int_equal(timing_core_check(&core, &error), 0);
			continue;
		}
		assert_true(error.usage);
		for (const char *at = error.text; *at; at++)
			assert_false(iscntrl((unsigned char)*at));
	}
	globfree(&files);
}

/* If long lines were not refused, the end of one would be read as another line. */
static void long_lines_are_refused(void **state)
{
	struct timing_error error;
	struct timing_core core;
	char text[1000];

	memset(text, '#', sizeof(text));
	assert_int_equal(read_text(text, sizeof(text), &core, &error), -1);
	assert_non_null(strstr(error.text, ":1: is longer than 510 characters"));
}

/* Zeros are refused at once, as a file of zeros may be endless (such as /dev/zero). */
static void zeros_are_no_text(void **state)
{
	struct timing_error error;
	struct timing_core core;

	assert_int_equal(timing_core_read(&core, "/dev/zero", &error), -1);
	assert_string_equal(error.text, "/dev/zero:1: is no text");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(what_is_wrong_is_said),
	cmocka_unit_test(every_kind_reads_what_its_table_says),
	cmocka_unit_test(files_that_come_with_baya_are_read),
	cmocka_unit_test(a_file_that_is_not_there_is_no_mistake_in_it),
	cmocka_unit_test(values_are_set_one_by_one),
	cmocka_unit_test(damaged_files_are_refused_or_read),
	cmocka_unit_test(long_lines_are_refused),
	cmocka_unit_test(zeros_are_no_text),
	{ 0 },
};
