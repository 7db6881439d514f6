/* SPDX-License-Identifier: MIT */
/* Snapshots of machines whose disks are used with -snapshot, which leave the images as they are. */
#include "tests/system/boot/snapshot_machine.h"

#include <stdlib.h>

#include "devices/board/plug/nodes.h"
#include "devices/board/snapshot/snapshot.h"
#include "tests/devices/block/image_place.h"
#include "tests/system/boot/boot.h"

/* Makes the configuration with -snapshot. */
static struct board_config config_of_overlays(void)
{
	struct board_config config = config_of(&simple_guest);

	for (unsigned n = 0; n < config.disk_count; n++)
		config.disks[n].snapshot = true;
	return config;
}

static int drop(struct board *board, const char *tag)
{
	const struct board_snapshot_request request = { .tag = tag };

	return board_snapshot_delete(board, &request, &snapshot_error);
}

/* A machine is saved and loaded by its temporary files alone; one disk is raw. */
static void test_in_the_overlay(void **state)
{
	struct board_config config = config_of_overlays();
	struct board *board;
	u64 hashes[2];

	assert_int_equal(sh("qemu-img create -f raw b.raw 8M && md5sum a.qcow2 b.raw >sums"), 0);
	config.disks[1].format = BOARD_FORMAT_RAW;
	config.disks[1].file = at("b.raw");
	board = make_board(&config);
	for (unsigned n = 0; n < 2; n++) {
		run_to(board, 100000 * (n + 1));
		fill(board, 0, (u8)(n + 1));
		fill(board, 1, (u8)(n + 3));
		hashes[n] = hash_of(board);
		must(save(board, n ? "two" : "one"));
	}
	fill(board, 0, 7);
	for (unsigned n = 0; n < 4; n++) {
		run_to(board, retired(board) + 100000);
		must(load(board, n % 2 ? "two" : "one"));
		assert_true(hash_of(board) == hashes[n % 2]);
		check_filled(board, 0, (u8)(n % 2 + 1));
		check_filled(board, 1, (u8)(n % 2 + 3));
		fill(board, 1, 8);
	}
	assert_int_equal(board_commit_disks(board, "b", &snapshot_error), -1);
	must(drop(board, "one"));
	check_refused(board, load, "one", "Snapshot 'one' does not exist in one or more devices");
	must(drop(board, "two"));
	board_free(board);
	assert_int_equal(sh("md5sum -c sums"), 0);
	board = make_board(&config);
	check_refused(board, load, "two", "Snapshot 'two' does not exist in one or more devices");
	board_free(board);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_images, place_remove)

int main(void)
{
	struct CMUnitTest tests[] = {
		TEST(test_in_the_overlay),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
