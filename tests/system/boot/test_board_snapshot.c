/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of machine and disks: a loaded machine reaches the same state as the one that was
 * saved, whatever ran in between, in the same process or the next; and qemu-img finds no fault with
 * the images.
 */
#include "tests/system/boot/snapshot_machine.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board/snapshot/snapshot.h"
#include "tests/devices/block/image_place.h"
#include "tests/system/boot/boot.h"

static const struct snapshot_guest guests[] = {
	{ BAYA_GUESTS "/smp.elf", 4, 60000, 70000, NULL, ENGINE_THREADED, BOARD_AIA_NONE, 0 },
	{ BAYA_GUESTS "/smp.elf", 64, 900000, 900000, NULL, ENGINE_INTERP, BOARD_AIA_APLIC, 0 },
	{ BAYA_GUESTS "/smp.elf", 4, 60000, 70000, "simple", ENGINE_THREADED, BOARD_AIA_NONE, 0 },
	{ BAYA_GUESTS "/smp.elf", 4, 60000, 70000, "cva6", ENGINE_THREADED, BOARD_AIA_NONE, 0 },
	{ BAYA_GUESTS "/waiting.elf", 1, 4000, 4000, "c906", ENGINE_THREADED, BOARD_AIA_NONE, 0 },
	/* This is in the midst of software interrupts from hart to hart. */
	{ BAYA_GUESTS "/aclint.elf", 2, 60000, 20000, NULL, ENGINE_THREADED, BOARD_AIA_NONE, 1 },
	/* The guest has ended by then. */
	{ BAYA_GUESTS "/waiting.elf", 1, 5000, 70000, NULL, ENGINE_THREADED, BOARD_AIA_NONE, 0 },
	{ NULL, 4, 60000000, 9000000, NULL, ENGINE_THREADED, BOARD_AIA_APLIC_IMSIC, 0 },
	{ NULL, 1, 3000000, 400000, NULL, ENGINE_INTERP, BOARD_AIA_NONE, 0 },
};

static void goes_on(const struct snapshot_guest *guest)
{
	struct board *board = start_machine(guest);
	u64 saved, later;

	run_to(board, guest->saved);
	fill(board, 0, 0x11);
	saved = hash_of(board);
	must(save(board, "one"));
	assert_true(hash_of(board) == saved);
	fill(board, 0, 0x22);
	fill(board, 1, 0x33);
	run_to(board, guest->saved + guest->further);
	later = hash_of(board);
	assert_true(later != saved);
	/* The state is loaded twice, the second time into a machine that has run elsewhere. */
	for (unsigned n = 0; n < 2; n++) {
		must(load(board, "one"));
		assert_true(hash_of(board) == saved);
		assert_int_equal(retired(board), guest->saved);
		check_filled(board, 0, 0x11);
		check_filled(board, 1, 0);
		run_to(board, guest->saved + (n ? guest->further : guest->further / 3));
	}
	assert_true(hash_of(board) == later);
	end_machine(board);
	check_images();
	board = start_machine(guest);
	must(load(board, "one"));
	assert_true(hash_of(board) == saved);
	run_to(board, guest->saved + guest->further);
	assert_true(hash_of(board) == later);
	end_machine(board);
	check_images();
}

static void test_goes_on_the_same(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(guests); n++) {
		/* Guest tests exist only where their compiler is installed. */
		if (guests[n].program && access(guests[n].program, R_OK))
			continue;
		goes_on(&guests[n]);
		place_remove(state);
		make_images(state);
	}
}

/* Several snapshots, one of them replaced, one deleted; qemu-img lists the same ones. */
static void test_several(void **state)
{
	const struct board_snapshot_request again = { .tag = "two", .replace = true };
	const struct board_snapshot_request gone = { .tag = "one" };
	struct board *board = start_machine(&simple_guest);
	struct disk_snapshot *list;
	u64 hashes[2], at_two;
	unsigned count;

	for (unsigned n = 0; n < 2; n++) {
		run_to(board, simple_guest.saved + n * 100000);
		fill(board, 0, (u8)(n + 1));
		hashes[n] = hash_of(board);
		must(save(board, n ? "two" : "one"));
	}
	check_refused(board, save, "two", "Snapshot 'two' already exists in one or more devices");
	must(load(board, "one"));
	assert_true(hash_of(board) == hashes[0]);
	check_filled(board, 0, 1);
	must(load(board, "two"));
	assert_true(hash_of(board) == hashes[1]);
	check_filled(board, 0, 2);
	run_to(board, simple_guest.saved + 200000);
	fill(board, 0, 7);
	at_two = hash_of(board);
	must(board_snapshot_save(board, &again, &snapshot_error));
	must(board_snapshot_list(board, NULL, &list, &count, &snapshot_error));
	assert_int_equal(count, 2);
	assert_string_equal(list[0].name, "one");
	assert_string_equal(list[1].name, "two");
	assert_int_equal(list[1].clock, clock_now(&board->platform.clock));
	assert_true(list[1].state_size > MiB);
	free(list);
	must(board_snapshot_delete(board, &gone, &snapshot_error));
	must(board_snapshot_delete(board, &gone, &snapshot_error));
	check_refused(board, load, "one", "Snapshot 'one' does not exist in one or more devices");
	fill(board, 0, 9);
	must(load(board, "two"));
	assert_true(hash_of(board) == at_two);
	check_filled(board, 0, 7);
	must(board_snapshot_list(board, "b", &list, &count, &snapshot_error));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].name, "two");
	assert_int_equal(list[0].state_size, 0);
	free(list);
	end_machine(board);
	check_images();
	assert_false(sh("for n in a b; do qemu-img snapshot -l $n.qcow2 >list; "
			"! grep ' one ' list && test $(grep -c ' two ' list) = 1 || exit; done"));
}

/* A host that stops between the new one and the end of the old one leaves two of the name. */
static void test_replaces_all_of_the_name(void **state)
{
	const struct board_snapshot_request again = { .tag = "x", .replace = true };
	struct board *board;

	assert_int_equal(sh("for n in a a b; do qemu-img snapshot -c x $n.qcow2; done"), 0);
	board = start_machine(&simple_guest);
	run_to(board, 10000);
	fill(board, 0, 5);
	must(board_snapshot_save(board, &again, &snapshot_error));
	fill(board, 0, 6);
	must(load(board, "x"));
	check_filled(board, 0, 5);
	end_machine(board);
	check_images();
	assert_false(sh("for n in a b; do qemu-img snapshot -l $n.qcow2 >$n; "
			"test $(grep -c ' x ' $n) = 1 || exit; done"));
}

/* Snapshots of one disk only, with the state in the other; and the errors of QMP. */
static void test_disks_that_are_named(void **state)
{
	const char *const both[] = { "a", "b" }, *const b[] = { "b" }, *const none[] = { "c" };
	struct board_snapshot_request request = { "x", "b", b, 1, false };
	struct board *board = start_machine(&simple_guest);
	struct disk_snapshot *list;
	unsigned count;

	run_to(board, 10000);
	must(board_snapshot_save(board, &request, &snapshot_error));
	check_refused(board, load, "x", "Snapshot 'x' does not exist in one or more devices");
	must(board_snapshot_list(board, NULL, &list, &count, &snapshot_error));
	assert_int_equal(count, 0);
	free(list);
	fill(board, 0, 5);
	fill(board, 1, 5);
	run_to(board, 20000);
	must(board_snapshot_load(board, &request, &snapshot_error));
	assert_int_equal(retired(board), 10000);
	check_filled(board, 0, 5);
	check_filled(board, 1, 0);
	request.vmstate = "a";
	assert_int_equal(board_snapshot_load(board, &request, &snapshot_error), -1);
	assert_string_equal(snapshot_error.text, "vmstate block device 'a' does not exist");
	request.devices = none;
	assert_int_equal(board_snapshot_delete(board, &request, &snapshot_error), -1);
	assert_string_equal(snapshot_error.text, "No block device node 'c'");
	request = (struct board_snapshot_request){ "y", "b", both, 2, false };
	must(board_snapshot_save(board, &request, &snapshot_error));
	request.vmstate = "a";
	assert_int_equal(board_snapshot_load(board, &request, &snapshot_error), -1);
	assert_string_equal(snapshot_error.text,
			    "This is a disk-only snapshot. Revert to it  offline using "
			    "qemu-img");
	request.vmstate = NULL;
	assert_int_equal(board_snapshot_load(board, &request, &snapshot_error), -1);
	assert_string_equal(snapshot_error.text,
			    "Snapshot 'y' has the machine's state in device 'b' and not in 'a': "
			    "give each device of the machine the disk that it had");
	end_machine(board);
	check_images();
}

/*
 * The machine's state is found wherever its disk is among the machine's, but it is refused if the
 * devices have exchanged their disks.
 */
static void test_order_of_disks(void **state)
{
	struct board_config config = config_of(&simple_guest);
	struct board_disk first = config.disks[0];
	struct board *board = make_board(&config);

	run_to(board, 10000);
	must(board_snapshot_save(board, &(struct board_snapshot_request){ .tag = "x" },
				 &snapshot_error));
	board_free(board);
	config.disks[0] = config.disks[1];
	config.disks[1] = first;
	board = make_board(&config);
	must(load(board, "x"));
	assert_int_equal(retired(board), 10000);
	board_free(board);
	config.disks[0].id = "a";
	config.disks[1].id = "b";
	board = make_board(&config);
	check_refused(board, load, "x",
		      "Snapshot 'x' has the machine's state in device 'b' and not in 'a': give "
		      "each device of the machine the disk that it had");
	end_machine(board);
	check_images();
}

static void test_what_runs_twice(void **state)
{
	struct board_config config = config_of(&simple_guest), raw = config;
	struct board *board = make_board(&config);

	journal_record_start(&board->platform.journal);
	check_refused(board, save, "x",
		      "there are no snapshots while a journal is recorded or replayed");
	end_machine(board);
	raw.disks[0].file = raw.disks[1].file = BAYA_ROMS "/Image.gz";
	raw.disks[0].format = raw.disks[1].format = BOARD_FORMAT_RAW;
	raw.compare = true;
	board = make_board(&raw);
	check_refused(board, save, "x",
		      "there are no snapshots with --compare and --restore, "
		      "which write nothing to disks");
	board_free(board);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_images, place_remove)

int main(void)
{
	struct CMUnitTest tests[] = {
		TEST(test_goes_on_the_same),
		TEST(test_several),
		TEST(test_replaces_all_of_the_name),
		TEST(test_disks_that_are_named),
		TEST(test_order_of_disks),
		TEST(test_what_runs_twice),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
