/* SPDX-License-Identifier: MIT */
/*
 * Tests journals in files: what was recorded is read again, in the same order; a file that ends
 * early keeps its whole records; and a damaged one is refused, whatever was changed in it.
 */
#include "bus/clock.h"
#include "bus/journal_file.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION "1.2-test"
#define STATE 0x123456789abcdef0ull

static void sink_put(void *ctx, const u8 *data, size_t size)
{
}

static void sink_ask(void *ctx, u8 *data, size_t size)
{
	memset(data, 0x5a, size);
}

static u64 count(void *ctx)
{
	return *(const u64 *)ctx;
}

/* Returns a file with two puts and an answer; the caller frees *bytes. */
static size_t record(char **bytes)
{
	struct clock clock;
	struct journal journal;
	u64 instructions = 10;
	size_t size;
	FILE *file = open_memstream(bytes, &size);

	assert_non_null(file);
	clock_init(&clock, CLOCK_VIRTUAL);
	journal_init(&journal, &clock);
	journal.instructions = count;
	journal.instructions_ctx = &instructions;
	journal_register(&journal, &(struct journal_sink){ .name = "console", .put = sink_put });
	journal_register(&journal, &(struct journal_sink){ .name = "disk 1", .ask = sink_ask });
	assert_int_equal(journal_file_start(&journal, file, VERSION, STATE), 0);
	journal_put(&journal, 0, "first", 5);
	instructions = 20;
	clock_advance(&clock, 300);
	journal_ask(&journal, 1, (u8[7]){ 0 }, 7);
	journal_put(&journal, 0, "last", 4);
	assert_int_equal(journal.error, 0);
	assert_int_equal(journal.count, 0);
	journal_free(&journal);
	clock_free(&clock);
	assert_int_equal(fclose(file), 0);
	return size;
}

static int read_bytes(struct journal_file *from, const char *bytes, size_t size)
{
	FILE *file = fmemopen((void *)bytes, size, "r");
	int failed;

	assert_non_null(file);
	failed = journal_file_read(from, file);
	fclose(file);
	return failed;
}

static void check_record(const struct journal *journal, size_t n, struct journal_record expected,
			 const char *data)
{
	const struct journal_record *record = &journal->records[n];

	assert_int_equal(record->instructions, expected.instructions);
	assert_int_equal(record->time, expected.time);
	assert_int_equal(record->sink, expected.sink);
	assert_int_equal(record->asked, expected.asked);
	assert_int_equal(record->size, strlen(data));
	assert_memory_equal(journal->bytes + record->offset, data, strlen(data));
}

static void test_what_is_written_is_read(void **unused)
{
	struct journal_file from;
	char *bytes;
	size_t size = record(&bytes);

	assert_int_equal(read_bytes(&from, bytes, size), 0);
	assert_string_equal(from.version, VERSION);
	assert_true(from.state == STATE);
	assert_int_equal(from.journal.sink_count, 2);
	assert_string_equal(from.journal.sinks[1].name, "disk 1");
	assert_int_equal(from.journal.count, 3);
	check_record(&from.journal, 0, (struct journal_record){ .instructions = 10 }, "first");
	check_record(&from.journal, 1, (struct journal_record){ 300, 20, 1, 0, 0, true },
		     "ZZZZZZZ");
	check_record(&from.journal, 2, (struct journal_record){ 300, 20, 0, 0, 0, false }, "last");
	journal_file_free(&from);
	free(bytes);
}

static void test_a_file_that_ends_early_keeps_whole_records(void **unused)
{
	char *bytes;
	size_t size = record(&bytes), text = (size_t)(strstr(bytes, "\n\n") + 2 - bytes);
	const size_t ends[] = { text, text + 24 + 5, text + 2 * 24 + 5 + 7, size };

	for (size_t end = 1; end < size; end++) {
		struct journal_file from;
		size_t whole = 0;
		int failed = read_bytes(&from, bytes, end);

		while (ends[whole + 1] <= end)
			whole++;
		if (end < text)
			assert_int_equal(failed, -EINVAL);
		else
			assert_int_equal(failed, end == ends[whole] ? 0 : -ENODATA);
		assert_int_equal(from.journal.count, end < text ? 0 : whole);
		journal_file_free(&from);
	}
	free(bytes);
}

/* Whatever byte is changed, the records that are accepted are in order and of known sinks. */
static void test_a_damaged_file_is_refused_or_in_order(void **unused)
{
	char *bytes;
	size_t size = record(&bytes);

	for (size_t at = 0; at < size * 8; at++) {
		struct journal_file from;

		bytes[at / 8] ^= (char)BIT(at % 8);
		read_bytes(&from, bytes, size);
		for (size_t n = 0; n < from.journal.count; n++) {
			const struct journal_record *one = &from.journal.records[n];

			assert_true(one->sink < from.journal.sink_count);
			assert_true(one->offset + one->size <= from.journal.byte_count);
			assert_true(!n || (one->time >= one[-1].time &&
					   one->instructions >= one[-1].instructions));
		}
		journal_file_free(&from);
		bytes[at / 8] ^= (char)BIT(at % 8);
	}
	free(bytes);
}

static void test_other_texts_are_refused(void **unused)
{
	static const struct {
		const char *text;
		int expected;
	} rows[] = {
		{ "baya-journal 2\nversion 1\nstate 0\n\n", -EPROTO },
		{ "baya-journal 1\nversion 1\n\n", -EINVAL },
		{ "baya-journal 1\nversion 1\nstate x\n\n", -EINVAL },
		{ "baya-journal 1\nversion 1\nstate 0\nother\n\n", -EINVAL },
		{ "baya-journal 1\nversion 1\nstate 0\nsink a\nsink a\n\n", -EINVAL },
		{ "baya-journal 1\nversion \033[2J\nstate 0\n\n", -EINVAL },
		{ "baya-journal 1\nversion 1\nstate 0\nsink a\n\n", 0 },
		{ "\n\n", -EINVAL },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		struct journal_file from;

		assert_int_equal(read_bytes(&from, rows[n].text, strlen(rows[n].text)),
				 rows[n].expected);
		journal_file_free(&from);
	}
}

/* A recording does not begin on a full disk, and ends when the disk becomes full. */
static void test_a_full_disk_ends_the_recording(void **unused)
{
	FILE *file = tmpfile(), *full = fopen("/dev/full", "we");
	struct clock clock;
	struct journal journal;

	assert_non_null(file);
	assert_non_null(full);
	clock_init(&clock, CLOCK_VIRTUAL);
	journal_init(&journal, &clock);
	journal_register(&journal, &(struct journal_sink){ .name = "console", .put = sink_put });
	assert_int_equal(journal_file_start(&journal, full, VERSION, STATE), -ENOSPC);
	assert_false(journal.recording);
	assert_int_equal(journal_file_start(&journal, file, VERSION, STATE), 0);
	dup2(fileno(full), fileno(file));
	journal_put(&journal, 0, "lost", 4);
	assert_int_equal(journal.error, -ENOSPC);
	assert_false(journal.recording);
	journal_free(&journal);
	clock_free(&clock);
	fclose(file);
	fclose(full);
}

static void test_the_sink_that_differs_is_named(void **unused)
{
	static const char *const names[][3] = {
		{ "a", "b", NULL }, { "a", "b", "c" }, { "b", "a", NULL },
	};
	struct journal journals[ARRAY_SIZE(names)];

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++) {
		journal_init(&journals[n], NULL);
		for (unsigned i = 0; i < 3 && names[n][i]; i++)
			journal_register(&journals[n],
					 &(struct journal_sink){ .name = names[n][i] });
	}
	assert_null(journal_other_sink(&journals[0], &journals[0]));
	assert_string_equal(journal_other_sink(&journals[0], &journals[1]), "c");
	assert_string_equal(journal_other_sink(&journals[1], &journals[0]), "c");
	assert_string_equal(journal_other_sink(&journals[0], &journals[2]), "a");
	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		journal_free(&journals[n]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_is_read),
		cmocka_unit_test(test_a_file_that_ends_early_keeps_whole_records),
		cmocka_unit_test(test_a_damaged_file_is_refused_or_in_order),
		cmocka_unit_test(test_other_texts_are_refused),
		cmocka_unit_test(test_a_full_disk_ends_the_recording),
		cmocka_unit_test(test_the_sink_that_differs_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
