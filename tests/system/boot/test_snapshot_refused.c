/* SPDX-License-Identifier: MIT */
/*
 * Snapshots that cannot be saved or loaded: refusals have QEMU's wording and change nothing, and
 * what fails in the midst leaves a machine that can be reset.
 */
#include "tests/system/boot/snapshot_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/board/snapshot/snapshot.h"
#include "devices/board/timing/timing.h"
#include "tests/devices/block/image_place.h"
#include "tests/system/boot/boot.h"

static void test_what_cannot_be_saved(void **state)
{
	struct board_config config = config_of(&simple_guest);
	struct board *board;

	assert_int_equal(sh("truncate -s 64K flash && qemu-img create -f raw raw 1M"), 0);
	config.disks[1].format = BOARD_FORMAT_RAW;
	board = make_board(&config);
	check_refused(board, save, "x", "Device 'b' is writable but does not support snapshots");
	check_refused(board, load, "x", "Device 'b' is writable but does not support snapshots");
	board_free(board);

	config.disks[1].format = BOARD_FORMAT_QCOW2;
	config.disks[1].readonly = true;
	board = make_board(&config);
	must(save(board, "x"));
	must(load(board, "x"));
	board_free(board);

	config.pflash[1].file = at("flash");
	board = make_board(&config);
	check_refused(board, save, "y",
		      "Device 'pflash1' is writable but does not support snapshots");
	board_free(board);

	config.pflash[1].snapshot = true;
	board = make_board(&config);
	must(save(board, "z"));
	must(load(board, "z"));
	board_free(board);

	config.pflash[1].file = NULL;
	config.disks[0].readonly = true;
	board = make_board(&config);
	check_refused(board, save, "y", "no block device can store vmstate for snapshot");
	check_refused(board, load, "x", "no block device can store vmstate for snapshot");
	end_machine(board);
	check_images();
}

/* A state of another machine, or of another program, is refused before anything is loaded. */
static void test_another_machines(void **state)
{
	static const char *const differs[] = { "hart1 (only here)", "ram",
					       "harts.isa.extensions.word", "console (only there)",
					       "harts.identity.implementation (0 there, 1 here)" };
	char text[256];
	struct board_config config = config_of(&simple_guest);
	struct board *board = make_board(&config);

	run_to(board, 10000);
	must(save(board, "x"));
	board_free(board);
	for (unsigned n = 0; n < ARRAY_SIZE(differs); n++) {
		struct board_config other = config;

		snprintf(text, sizeof(text),
			 "Snapshot 'x' is of another machine, which differs in %s: start the same "
			 "version of Baya with the options with which it was saved",
			 differs[n]);
		if (n == 0)
			other.harts = 2;
		if (n == 1)
			other.ram_size = 64 * MiB;
		if (n == 2)
			other.cpu = "rv64,sstc=off";
		if (n == 3)
			other.device_count--;
		if (n == 4)
			other.cpu = "max,mimpid=1";
		board = make_board(&other);
		run_to(board, 5000);
		fill(board, 0, 0x77);
		check_refused(board, load, "x", text);
		check_filled(board, 0, 0x77);
		assert_int_equal(retired(board), 5000);
		board_free(board);
	}
	assert_int_equal(sh("qemu-img snapshot -c q a.qcow2 && qemu-img snapshot -c q b.qcow2"), 0);
	board = make_board(&config);
	check_refused(board, load, "q",
		      "No disk has the machine's state in snapshot 'q': give the disk that has it, "
		      "too; if disks alone were saved, qemu-img snapshot -a reverts to it");
	end_machine(board);
	check_images();
}

/* Another version's state is loaded; a refusal says which version saved it. */
static void test_another_versions(void **state)
{
	struct board_config config = config_of(&simple_guest);
	struct board *board;

	config.version = "1-gabc";
	board = make_board(&config);
	run_to(board, 10000);
	must(save(board, "x"));
	board_free(board);
	config.version = "2";
	board = make_board(&config);
	must(load(board, "x"));
	assert_int_equal(retired(board), 10000);
	board_free(board);
	config.harts = 2;
	board = make_board(&config);
	check_refused(board, load, "x",
		      "Snapshot 'x' is of another machine, which differs in hart1 (only here): "
		      "start the same version of Baya with the options with which it was saved "
		      "(baya 1-gabc saved it; this is baya 2)");
	end_machine(board);
}

/* Models begin cold in a state without any. */
static void test_a_state_without_models(void **state)
{
	struct board_config config = config_of(&simple_guest);
	struct board *board;

	for (unsigned n = 0; n < 2; n++) {
		config.cpu = "cva6";
		config.timing = n ? "cva6" : NULL;
		board = make_board(&config);
		run_to(board, n ? 500 : 10000);
		must((n ? load : save)(board, "x"));
		assert_int_equal(retired(board), 10000);
		(n ? end_machine : board_free)(board);
	}
}

/* A core without a vector unit takes V from the default model; the message says how to save. */
static void test_vectors_without_a_model(void **state)
{
	struct board_config config = config_of(&simple_guest);
	struct board *board = make_board(&config);

	run_to(board, 10000);
	must(save(board, "x"));
	board_free(board);
	config.timing = "cva6,memory.latency=60";
	board = make_board(&config);
	check_refused(board, load, "x",
		      "Snapshot 'x' is of a machine with vectors, and core 'cva6' has no vector "
		      "unit: save the machine with v=off in -cpu, as in -cpu max,v=off");
	end_machine(board);
}

static void time_by(struct board *board, const char *core)
{
	FILE *out = fopen("/dev/null", "we");

	assert_non_null(out);
	board_timing_command(board, core, out);
	fclose(out);
}

/* A model that began in a running machine is loaded by one that has it from the start. */
static void test_a_model_that_came_later(void **state)
{
	struct board_config config = config_of(&simple_guest);
	u64 cycles[2];

	for (unsigned n = 0; n < 2; n++) {
		struct board *board;

		config.cpu = "cva6";
		config.timing = n ? "cva6" : NULL;
		board = make_board(&config);
		run_to(board, n ? 500 : 10000);
		if (n == 0) {
			time_by(board, "cva6");
			run_to(board, 12000);
		}
		must((n ? load : save)(board, "x"));
		assert_int_equal(retired(board), 12000);
		run_to(board, 20000);
		cycles[n] = hart_cycles(board->harts.hart[0]);
		(n ? end_machine : board_free)(board);
	}
	assert_true(cycles[0] > 20000);
	assert_int_equal(cycles[1], cycles[0]);
}

/* Changes a byte behind the only occurrence of some bytes in a file. */
static void patch(const char *name, const char *bytes, size_t size, size_t skip, u8 value)
{
	FILE *file = fopen(at(name), "r+b");
	struct stat about;
	unsigned found = 0;
	u8 *data;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &about), 0);
	data = malloc((size_t)about.st_size);
	assert_int_equal(fread(data, 1, (size_t)about.st_size, file), about.st_size);
	for (size_t n = 0; n + size < (size_t)about.st_size; n++)
		if (!memcmp(data + n, bytes, size)) {
			fseek(file, (long)(n + size + skip), SEEK_SET);
			fputc(value, file);
			found++;
		}
	assert_int_equal(found, 1);
	fclose(file);
	free(data);
}

static int drop(struct board *board, const char *tag)
{
	const struct board_snapshot_request request = { .tag = tag };

	return board_snapshot_delete(board, &request, &snapshot_error);
}

/* A state with another byte is refused as such, whatever it seems to say now. */
static void test_a_damaged_state(void **state)
{
	static const struct {
		const char *before;
		size_t size, skip;
		u8 value;
	} changes[] = {
		{ "\4priv\1\0\0\0\1\0\0\0", 13, 0, 2 },
		{ "\7console", 8, 3, 4 },
		{ "\6latest\10\0\0\0\1\0\0\0", 15, 1, 0x77 },
		{ "bayahash", 8, 0, 0x77 },
		{ "bayahas", 7, 0, 'i' },
	};
	struct board *board;

	for (unsigned n = 0; n < ARRAY_SIZE(changes); n++) {
		board = start_machine(&simple_guest);
		run_to(board, 1000000);
		must(save(board, "x"));
		end_machine(board);
		patch("a.qcow2", changes[n].before, changes[n].size, changes[n].skip,
		      changes[n].value);
		board = start_machine(&simple_guest);
		run_to(board, 5000);
		fill(board, 0, 0x77);
		check_refused(board, load, "x",
			      "Snapshot 'x' is damaged: its bytes are not those that were saved; "
			      "load another one, or use a copy of the image");
		check_filled(board, 0, 0x77);
		assert_int_equal(retired(board), 5000);
		must(drop(board, "x"));
		end_machine(board);
	}
}

/* A state that was saved without the hash is loaded. */
static void test_a_state_without_a_hash(void **state)
{
	struct board *board = start_machine(&simple_guest);
	struct disk *const disks[] = { &board->nodes[0]->disk, &board->nodes[1]->disk };
	struct disk_set set = { .disks = disks, .count = ARRAY_SIZE(disks) };
	struct disk_snapshot about = { .name = "x" };
	struct state_image image = { 0 };
	char why[QCOW2_WHY];
	u64 saved;

	run_to(board, 100000);
	saved = hash_of(board);
	assert_int_equal(state_save(&board->platform.state, &image), 0);
	assert_int_equal(disk_state_begin(disks[0], why), 0);
	assert_int_equal(disk_state_put(disks[0], image.data, image.size), 0);
	assert_int_equal(disk_state_end(disks[0], &about.state_size), 0);
	assert_int_equal(disk_set_create(&set, &about, disks[0], why), 0);
	run_to(board, 200000);
	must(load(board, "x"));
	assert_true(hash_of(board) == saved);
	end_machine(board);
	free(image.data);
}

static void make_priv_impossible(struct board *board)
{
	board->harts.hart[0]->priv = 2;
}

/* A reset does not set the time. */
static void make_time_impossible(struct board *board)
{
	board->platform.clock.latest = UINT64_MAX;
}

/* An impossible value is noticed when all is loaded: then the machine can only be reset. */
static void test_an_impossible_state(void **state)
{
	static void (*const changes[])(struct board *) = { make_priv_impossible,
							   make_time_impossible };
	static const char *const parts[] = { "hart0", "clock" };
	struct board *board;
	char wanted[300];
	u64 now;

	for (unsigned n = 0; n < ARRAY_SIZE(changes); n++) {
		board = start_machine(&simple_guest);
		run_to(board, 1000000);
		changes[n](board);
		must(save(board, "x"));
		end_machine(board);
		board = start_machine(&simple_guest);
		run_to(board, 500000);
		now = clock_now(&board->platform.clock);
		fill(board, 0, 0x77);
		assert_int_equal(load(board, "x"), -2);
		snprintf(wanted, sizeof(wanted),
			 "Snapshot 'x' does not fit '%s', which may have other options: start the "
			 "same version of Baya with the options with which it was saved; the disks "
			 "already have its contents; the machine was reset",
			 parts[n]);
		assert_string_equal(snapshot_error.text, wanted);
		check_filled(board, 0, 0);
		assert_int_equal(board->harts.hart[0]->pc, BOOT_ROM_BASE);
		assert_int_equal(clock_now(&board->platform.clock), now);
		run_to(board, retired(board) + 500000);
		assert_in_range(clock_now(&board->platform.clock), now + 1, now + CLOCK_HZ);
		must(drop(board, "x"));
		end_machine(board);
	}
	check_images();
}

static int read_error; /* of the next state_read; 0: none */

int __real_state_read(struct state *state, const struct state_source *source);
int __wrap_state_read(struct state *state, const struct state_source *source);

int __wrap_state_read(struct state *state, const struct state_source *source)
{
	int error = read_error;

	read_error = 0;
	return error ? error : __real_state_read(state, source);
}

/* A host that fails while the state is read is not taken for a damaged snapshot. */
static void test_a_read_that_fails(void **state)
{
	struct board *board = start_machine(&simple_guest);

	run_to(board, 1000000);
	must(save(board, "x"));
	read_error = -ENOMEM;
	assert_int_equal(load(board, "x"), -2);
	assert_string_equal(
		snapshot_error.text,
		"Snapshot 'x' cannot be read: Cannot allocate memory; the disks already "
		"have its contents; the machine was reset");
	must(load(board, "x"));
	must(drop(board, "x"));
	end_machine(board);
	check_images();
}

/* Makes the host refuse writes to the image, or not; returns what it did before. */
static int make_readonly(struct board *board, unsigned n, int before)
{
	int fd = board->nodes[n]->disk.fd, kept = dup(fd);
	int other = before < 0 ? open(board->nodes[n]->config.file, O_RDONLY) : before;

	assert_true(other >= 0 && kept >= 0);
	assert_int_equal(dup2(other, fd), fd);
	close(other);
	return kept;
}

/* The host refuses in the middle: a save then changes nothing, a load needs a reset. */
static void test_a_disk_that_fails(void **state)
{
	struct board *board = start_machine(&simple_guest);
	const struct board_snapshot_request again = { .tag = "x", .replace = true };
	u64 before, saved;

	run_to(board, 100000);
	fill(board, 0, 1);
	fill(board, 1, 1);
	saved = hash_of(board);
	must(save(board, "x"));
	run_to(board, 200000);
	fill(board, 0, 2);
	before = hash_of(board);
	for (unsigned n = 0; n < 2; n++) {
		int kept = make_readonly(board, n, -1);

		assert_int_equal(save(board, "y"), -1);
		assert_int_equal(board_snapshot_save(board, &again, &snapshot_error), -1);
		assert_true(hash_of(board) == before);
		close(make_readonly(board, n, kept));
		check_refused(board, load, "y",
			      "Snapshot 'y' does not exist in one or more devices");
		check_filled(board, 0, 2);
	}
	must(load(board, "x"));
	assert_true(hash_of(board) == saved);
	/* The first image has been changed when the second cannot be. */
	run_to(board, 200000);
	fill(board, 0, 2);
	for (int n = 1; n >= 0; n--) {
		int kept = make_readonly(board, (unsigned)n, -1);

		before = hash_of(board);
		assert_int_equal(load(board, "x"), n ? -2 : -1);
		assert_non_null(strstr(snapshot_error.text, n ? "Device 'b'" : "Device 'a'"));
		assert_int_equal(strstr(snapshot_error.text, "the machine was reset") != NULL, n);
		if (n)
			assert_int_equal(board->harts.hart[0]->pc, BOOT_ROM_BASE);
		else
			assert_true(hash_of(board) == before);
		close(make_readonly(board, (unsigned)n, kept));
	}
	must(load(board, "x"));
	assert_true(hash_of(board) == saved);
	check_filled(board, 0, 1);
	end_machine(board);
	/* Clusters that could not be freed without writing are leaked; all else is right. */
	for (const char *name = "ab"; *name; name++)
		assert_int_equal(sh("qemu-img check %c.qcow2 || test $? = 3", *name), 0);
}

/* A program's open files are the host's: they are not saved, and a loaded one has none. */
static void test_files_that_are_open(void **state)
{
	struct board *board = start_machine(&simple_guest);
	int *file = &board->semihost.files[3];

	must(save(board, "x"));
	*file = open(at("log"), O_RDONLY);
	assert_true(*file >= 0);
	check_refused(board, save, "y",
		      "the program has files of the host open, by semihosting, of "
		      "which no state is kept");
	must(load(board, "x"));
	assert_int_equal(*file, -1);
	must(save(board, "y"));
	end_machine(board);
	check_images();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_images, place_remove)

int main(void)
{
	struct CMUnitTest tests[] = {
		TEST(test_what_cannot_be_saved),
		TEST(test_another_machines),
		TEST(test_another_versions),
		TEST(test_a_state_without_models),
		TEST(test_vectors_without_a_model),
		TEST(test_a_model_that_came_later),
		TEST(test_a_damaged_state),
		TEST(test_a_state_without_a_hash),
		TEST(test_an_impossible_state),
		TEST(test_a_read_that_fails),
		TEST(test_a_disk_that_fails),
		TEST(test_files_that_are_open),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
