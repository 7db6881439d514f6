/* SPDX-License-Identifier: MIT */
/*
 * A program that was built without the bundled guest (BAYA_BUNDLED_GUEST=OFF) says so, and what to
 * do instead; it boots a guest that a package of its own has put where the program looks for one.
 */
#include "frontends/cli/bundle.h"

#include <errno.h>
#include <string.h>

#include "frontends/cli/options.h"
#include "frontends/host/exit_code.h"
#include "tests/cmocka.h"

int __wrap_access(const char *path, int mode);

static bool packaged; /* whether there are files in share/baya */

int __wrap_access(const char *path, int mode)
{
	errno = ENOENT;
	return packaged && strstr(path, "/../share/baya/") ? 0 : -1;
}

static void test_without_guest(void **state)
{
	struct options options = { 0 };
	struct board_error error = { 0 };

	packaged = false;
	assert_int_equal(bundle_find(&options, "/usr/bin/baya", &error), -ENOENT);
	assert_int_equal(error.exit_code, EXIT_HOST);
	assert_string_equal(error.text,
			    "this Baya was built without a bundled guest; name a -kernel, or put "
			    "Image.gz and initramfs.cpio.gz of roms/guest/build into the program's "
			    "../share/baya");
	options_free(&options);
}

static void test_packaged_guest(void **state)
{
	struct options options = { 0 };
	struct board_error error = { 0 };

	packaged = true;
	assert_int_equal(bundle_find(&options, "/usr/bin/baya", &error), 0);
	assert_string_equal(options.board.kernel, "/usr/bin/../share/baya/Image.gz");
	assert_string_equal(options.board.initrd, "/usr/bin/../share/baya/initramfs.cpio.gz");
	options_free(&options);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_without_guest),
	cmocka_unit_test(test_packaged_guest),
	{ 0 },
};
