/* SPDX-License-Identifier: MIT */
/* Properties of -device: those that change a device, and those that only say what is so anyway. */
#include "options_line.h"

#define DISK "-drive file=a,if=none,id=d -device virtio-blk-pci,drive=d,"

static const struct virtio_blk_properties *disk_of(const char *text)
{
	const struct board_config *board = &parse_well(text)->board;

	assert_int_equal(board->device_count, 1);
	return board->devices[0].properties;
}

static void test_disk(void **state)
{
	static const struct mistake refusals[] = {
		{ DISK "queue-size=1000", "-device virtio-blk-pci: queue-size: '1000' is no power of "
					  "two; give 128, 256, 512 or 1024" },
		{ DISK "queue-size=2", "-device virtio-blk-pci: queue-size: '2' is out of range; "
				       "accepted: 4 to 1024" },
		{ DISK "discard=maybe", "-device virtio-blk-pci: discard: 'maybe' is not accepted; "
					"accepted: on|off" },
	};
	const struct virtio_blk_properties *disk = disk_of(DISK "id=x");

	assert_int_equal(disk->queue_size, 256);
	assert_true(disk->discard && disk->write_zeroes);
	disk = disk_of(DISK "queue-size=1024,discard=off,write-zeroes=false");
	assert_int_equal(disk->queue_size, 1024);
	assert_false(disk->discard || disk->write_zeroes);
	check_errors_are(refusals, ARRAY_SIZE(refusals));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_disk),
	{ 0 },
};
