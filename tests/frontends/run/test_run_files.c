/* SPDX-License-Identifier: MIT */
/* Tests that files about a run are not touched if the machine cannot collect their contents. */
#include "frontends/cli/options.h"
#include "frontends/host/exit_code.h"
#include "frontends/run/files.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int __wrap_board_coverage_write(struct board *board, void *file);

/* The board's function needs what board_coverage_begin has made, which fails in these tests. */
int __wrap_board_coverage_write(struct board *board, void *file)
{
	fail();
	return 0;
}

static void expect_old(const struct options *options, const char *path)
{
	struct run_files files;
	char text[8];
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("old", file);
	fclose(file);
	/* The fake board has no memory for coverage and for samples. */
	assert_int_equal(run_files_open(&files, NULL, options), EXIT_HOST);
	assert_int_equal(run_files_close(&files, NULL, options), EXIT_WELL);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	assert_string_equal(text, "old");
}

static void test_no_memory(void **state)
{
	char path[] = "/tmp/baya-files-XXXXXX";
	const struct options coverage = { .coverage = path }, profile = { .profile.path = path };

	close(mkstemp(path));
	expect_old(&coverage, path);
	expect_old(&profile, path);
	unlink(path);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_no_memory),
	{ 0 },
};
