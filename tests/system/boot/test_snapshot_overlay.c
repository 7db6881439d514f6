/* SPDX-License-Identifier: MIT */
/* Snapshots of machines whose disks are used with -snapshot, which leave the images as they are. */
#include "tests/system/boot/snapshot_machine.h"

#include <stdlib.h>
#include <string.h>

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

/* The images hold the snapshots `one` and `two`, of which the hashes are returned. */
static void save_two(u64 hashes[2])
{
	struct board *board;

	assert_int_equal(sh("head -c 8M /dev/zero | tr '\\0' '\\5' >base && "
			    "qemu-img create -f qcow2 -F raw -b base b.qcow2"),
			 0);
	board = start_machine(&simple_guest);
	for (unsigned n = 0; n < 2; n++) {
		run_to(board, 100000 * (n + 1));
		fill(board, 0, (u8)(n + 1));
		hashes[n] = hash_of(board);
		must(save(board, n ? "two" : "one"));
		fill(board, 1, 7);
	}
	fill(board, 0, 9);
	end_machine(board);
	assert_int_equal(sh("md5sum a.qcow2 b.qcow2 base >sums"), 0);
}

/* The machine loads one of the two; its disks have what they had then. */
static void load_one_of(struct board *board, unsigned n, const u64 hashes[2])
{
	must(load(board, n ? "two" : "one"));
	assert_true(hash_of(board) == hashes[n]);
	check_filled(board, 0, (u8)(n + 1));
	check_filled(board, 1, n ? 7 : 5);
}

static void check_list(struct board *board, const char *const *names, unsigned expected)
{
	struct disk_snapshot *list;
	unsigned count;

	must(board_snapshot_list(board, NULL, &list, &count, &snapshot_error));
	assert_int_equal(count, expected);
	for (unsigned n = 0; n < count; n++)
		assert_string_equal(list[n].name, names[n]);
	free(list);
}

/* Two machines at once go on from the snapshots of one image, each by itself. */
static void test_of_the_image(void **state)
{
	static const char *const saved[] = { "one", "two", "mine" };
	struct board_config config = config_of_overlays();
	struct board *boards[2];
	u64 hashes[2], mine;

	save_two(hashes);
	for (unsigned n = 0; n < 2; n++)
		boards[n] = make_board(&config);
	check_filled(boards[0], 0, 9);
	for (unsigned n = 0; n < 4; n++) {
		load_one_of(boards[n / 2], n % 2, hashes);
		fill(boards[n / 2], 0, (u8)(20 + n));
		run_to(boards[n / 2], 300000);
	}
	check_filled(boards[0], 0, 21);
	/* A snapshot stays based on one of the image's while another one is used. */
	load_one_of(boards[0], 0, hashes);
	fill(boards[0], 0, 30);
	run_to(boards[0], 250000);
	mine = hash_of(boards[0]);
	must(save(boards[0], "mine"));
	check_list(boards[0], saved, 3);
	check_list(boards[1], saved, 2);
	for (unsigned n = 0; n < 2; n++) {
		load_one_of(boards[0], n, hashes);
		fill(boards[0], 1, 40);
		must(load(boards[0], "mine"));
		assert_true(hash_of(boards[0]) == mine);
		check_filled(boards[0], 0, 30);
		check_filled(boards[0], 1, 5);
	}
	assert_int_equal(board_commit_disks(boards[0], "a", &snapshot_error), -1);
	/* They are deleted, or replaced, for one machine. */
	must(drop(boards[0], "two"));
	check_refused(boards[0], load, "two",
		      "Snapshot 'two' does not exist in one or more devices");
	check_refused(boards[0], save, "one",
		      "Snapshot 'one' already exists in one or more devices");
	load_one_of(boards[1], 1, hashes);
	for (unsigned n = 0; n < 2; n++)
		board_free(boards[n]);
	assert_int_equal(sh("md5sum -c sums"), 0);
}

/* Without snapshots of its own, what is written can be committed, and the image's ones stay. */
static void test_commit_beside(void **state)
{
	struct board_config config = config_of_overlays();
	struct board *board;
	u64 hashes[2];

	save_two(hashes);
	board = make_board(&config);
	fill(board, 0, 50);
	must(board_commit_disks(board, "a", &snapshot_error));
	for (unsigned n = 0; n < 2; n++)
		load_one_of(board, n, hashes);
	must(drop(board, "one"));
	board_free(board);
	check_images();
	board = make_board(&config);
	check_filled(board, 0, 50);
	load_one_of(board, 0, hashes);
	board_free(board);
}

/* A snapshot that was replaced in one image alone is not mixed with the other's older one. */
static void test_replaced_in_one(void **state)
{
	const struct board_snapshot_request again = { .tag = "two", .replace = true };
	struct board_config config = config_of_overlays();
	struct board *board;
	u64 hashes[2];

	save_two(hashes);
	config.disks[0].snapshot = false;
	board = make_board(&config);
	load_one_of(board, 0, hashes);
	must(board_snapshot_save(board, &again, &snapshot_error));
	must(load(board, "two"));
	board_free(board);
	board = make_board(&config);
	check_refused(board, load, "two",
		      "Snapshot 'two' was made on device 'b' at another time than on device 'a': "
		      "load another one");
	load_one_of(board, 0, hashes);
	board_free(board);
}

/* A list of snapshots that cannot be read is told at the start. */
static void test_a_damaged_list(void **state)
{
	struct board_config config = config_of_overlays();
	struct board_error error;
	u64 hashes[2];

	save_two(hashes);
	assert_int_equal(sh("printf '\\377' | dd of=a.qcow2 bs=1 seek=60 conv=notrunc"), 0);
	assert_null(board_create(&config, &error));
	assert_non_null(strstr(error.text, "a.qcow2: is damaged: its snapshot table is invalid"));
	config.disks[0].snapshot = false;
	config.disks[0].readonly = true;
	board_free(make_board(&config));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_images, place_remove)

int main(void)
{
	struct CMUnitTest tests[] = {
		TEST(test_in_the_overlay),
		TEST(test_of_the_image),
		TEST(test_commit_beside),
		TEST(test_replaced_in_one),
		TEST(test_a_damaged_list),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
