/* SPDX-License-Identifier: MIT */
/* Tests devices/block/disk_format.c with images that qemu-img makes. */
#include "devices/block/disk_format.h"

#include "image_place.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int setup(void **state)
{
	place_make(1);
	return 0;
}

static const struct {
	const char *options, *format; /* format NULL: it may be a raw image */
} images[] = {
	{ "qcow2 i 1M", "qcow2" },
	{ "qcow i 1M", "qcow2" },
	{ "vmdk i 1M", "vmdk" },
	{ "vmdk -o subformat=monolithicFlat i 1M", "vmdk" },
	{ "vmdk -o subformat=streamOptimized i 1M", "vmdk" },
	{ "vdi i 1M", "vdi" },
	{ "vhdx i 1M", "vhdx" },
	{ "vpc i 1M", "vpc" },
	{ "qed i 1M", "qed" },
	{ "parallels i 1M", "parallels" },
	{ "raw i 1M", NULL },
	{ "raw i 0", NULL },
	{ "raw i 1M && printf QED- >i", NULL },
	{ "raw i 0 && printf vhdxfile >i", "vhdx" },
};

static void test_formats(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(images); n++) {
		const char *found;
		int fd;

		assert_int_equal(sh("rm -f i; qemu-img create -f %s", images[n].options), 0);
		fd = open(at("i"), O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		found = disk_format(fd);
		close(fd);
		if (!found != !images[n].format || (found && strcmp(found, images[n].format)))
			fail_msg("%s looks like %s", images[n].options, found ? found : "raw");
	}
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_formats, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
