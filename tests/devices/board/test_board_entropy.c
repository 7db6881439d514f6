/* SPDX-License-Identifier: MIT */
/* A sandbox refuses the host's random bytes: only machines that need them are refused. */
#include "tests/frontends/cli/options_line.h"

#include <errno.h>
#include <sys/random.h>

#include "devices/board/board.h"

ssize_t __wrap_getrandom(void *data, size_t size, unsigned flags);

ssize_t __wrap_getrandom(void *data, size_t size, unsigned flags)
{
	(void)data;
	(void)size;
	(void)flags;
	errno = EPERM;
	return -1;
}

/* Makes the machine of a command line; checks the error, unless it is NULL. */
static void check_machine(const char *line, const char *error)
{
	const struct options *options = parse_well(line);
	struct board_error said = { .text = "" };
	struct board *board = board_create(&options->board, &said);

	assert_int_equal(!board, !!error);
	if (error) {
		assert_string_equal(said.text, error);
		assert_int_equal(said.exit_code, 3);
	}
	board_free(board);
}

static void test_refused(void **state)
{
	check_machine("-bios none", NULL);
	check_machine("-bios none -device virtio-rng-device --clock=virtual", NULL);
	check_machine("-bios none -cpu max,zkr=on --clock=virtual", NULL);
	check_machine("-bios none -device virtio-rng-device",
		      "-device virtio-rng: getrandom, from which random bytes come, is refused: "
		      "Operation not permitted; allow it in the sandbox, or give --clock=virtual");
	check_machine("-bios none -cpu max,zkr=on",
		      "-cpu with zkr: getrandom, from which random bytes come, is refused: "
		      "Operation not permitted; allow it in the sandbox, or give --clock=virtual");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_refused),
	{ 0 },
};
