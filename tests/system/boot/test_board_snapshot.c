/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of machine and disks: a loaded machine reaches the same state as the one that was
 * saved, whatever ran in between, in the same process or the next; refusals have QEMU's wording and
 * change nothing; and qemu-img finds no fault with the images.
 */
#include "tests/board.h"
#include "tests/system/boot/boot.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/board/machine.h"
#include "devices/board/snapshot/snapshot.h"
#include "tests/devices/block/image_place.h"

#define DISK_SIZE (8 * MiB)

struct guest {
	const char *program; /* NULL: the bundled one */
	unsigned harts;
	u64 saved, further; /* instructions */
	const char *core;
	enum board_engine engine;
	enum board_aia aia;
	unsigned aclint; /* 1: there is one */
};

static const struct guest guests[] = {
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

static const struct guest simple = { NULL, 1, 3000000, 1000000, NULL, ENGINE_THREADED,
				     BOARD_AIA_NONE, 0 };

static struct board_error error;

/* Makes a configuration with the images a.qcow2 as "a" and b.qcow2 as "b". */
static struct board_config config_of(const struct guest *guest)
{
	static const struct virtio_blk_properties a = { .drive = "a" }, b = { .drive = "b" };
	const bool bundled = !guest->program;

	return (struct board_config){
		.harts = guest->harts,
		.ram_size = 128 * MiB,
		.program = guest->program,
		.kernel = bundled ? BAYA_KERNEL : NULL,
		.initrd = bundled ? BAYA_ROMS "/initramfs.cpio.gz" : NULL,
		.append = bundled ? BOOT_WORK : NULL,
		.disks = {
			{ .id = "a", .file = strdup(at("a.qcow2")), .format = BOARD_FORMAT_QCOW2 },
			{ .id = "b", .file = strdup(at("b.qcow2")), .format = BOARD_FORMAT_QCOW2 },
		},
		.disk_count = 2,
		.devices = {
			{ .type = "virtio-blk", .transport = DEVICE_MMIO, .properties = &a },
			{ .type = "virtio-blk", .transport = DEVICE_PCI, .properties = &b },
			{ .type = "virtio-serial", .transport = DEVICE_MMIO },
		},
		.device_count = 3,
		.engine = guest->engine,
		.aia = guest->aia,
		.aclint = guest->aclint != 0,
		.clock = CLOCK_VIRTUAL,
		.timing = guest->core,
		.cores = BAYA_CORES,
	};
}

static struct board *start(const struct guest *guest)
{
	const struct board_config config = config_of(guest);

	return make_board(&config);
}

static void end(struct board *board)
{
	const struct board_config config = board->config;

	board_free(board);
	for (unsigned n = 0; n < config.disk_count; n++)
		free((char *)(uintptr_t)config.disks[n].file);
}

static int make_images(void **state)
{
	place_make(1);
	for (const char *name = "ab"; *name; name++)
		assert_int_equal(sh("qemu-img create -f qcow2 %c.qcow2 8M", *name), 0);
	return 0;
}

/* Checks the images while nobody has them open. */
static void check_images(void)
{
	for (const char *name = "ab"; *name; name++)
		assert_int_equal(sh("qemu-img check %c.qcow2", *name), 0);
}

static void run_to(struct board *board, u64 count)
{
	enum board_exit left;

	board_limit(board, count);
	do
		left = board_run(board);
	while (left == BOARD_SLICE);
	assert_true(left == BOARD_LIMIT || left == BOARD_ENDED);
}

static u64 hash_of(struct board *board)
{
	return state_hash(&board->platform.state);
}

static u64 retired(struct board *board)
{
	return board->platform.journal.instructions(board);
}

/* Fills the disk as a guest would; the request is done when the function returns. */
static void fill(struct board *board, unsigned n, u8 value)
{
	u8 *data = malloc(DISK_SIZE / 2);
	struct iovec iov = { data, DISK_SIZE / 2 };

	memset(data, value, iov.iov_len);
	assert_int_equal(disk_write(&board->nodes[n]->disk, 1234 * DISK_SECTOR, &iov, 1), 0);
	free(data);
}

static void check_filled(struct board *board, unsigned n, u8 value)
{
	u8 *data = malloc(DISK_SIZE / 2);
	struct iovec iov = { data, DISK_SIZE / 2 };

	assert_int_equal(disk_read(&board->nodes[n]->disk, 1234 * DISK_SECTOR, &iov, 1), 0);
	for (size_t i = 0; i < DISK_SIZE / 2; i++)
		assert_int_equal(data[i], value);
	free(data);
}

static int save(struct board *board, const char *tag)
{
	const struct board_snapshot_request request = { .tag = tag };

	return board_snapshot_save(board, &request, &error);
}

static int load(struct board *board, const char *tag)
{
	const struct board_snapshot_request request = { .tag = tag };

	return board_snapshot_load(board, &request, &error);
}

static void must(int failed)
{
	if (failed)
		fail_msg("%s", error.text);
}

/* The call must be refused with these words, and the machine must be unchanged. */
static void check_refused(struct board *board, int (*call)(struct board *, const char *),
			  const char *tag, const char *text)
{
	u64 before = hash_of(board);

	assert_int_equal(call(board, tag), -1);
	assert_string_equal(error.text, text);
	assert_true(hash_of(board) == before);
}

static void goes_on(const struct guest *guest)
{
	struct board *board = start(guest);
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
	end(board);
	check_images();
	board = start(guest);
	must(load(board, "one"));
	assert_true(hash_of(board) == saved);
	run_to(board, guest->saved + guest->further);
	assert_true(hash_of(board) == later);
	end(board);
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
	struct board *board = start(&simple);
	struct disk_snapshot *list;
	u64 hashes[2], at_two;
	unsigned count;

	for (unsigned n = 0; n < 2; n++) {
		run_to(board, simple.saved + n * 100000);
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
	run_to(board, simple.saved + 200000);
	fill(board, 0, 7);
	at_two = hash_of(board);
	must(board_snapshot_save(board, &again, &error));
	must(board_snapshot_list(board, NULL, &list, &count, &error));
	assert_int_equal(count, 2);
	assert_string_equal(list[0].name, "one");
	assert_string_equal(list[1].name, "two");
	assert_int_equal(list[1].clock, clock_now(&board->platform.clock));
	assert_true(list[1].state_size > MiB);
	free(list);
	must(board_snapshot_delete(board, &gone, &error));
	must(board_snapshot_delete(board, &gone, &error));
	check_refused(board, load, "one", "Snapshot 'one' does not exist in one or more devices");
	fill(board, 0, 9);
	must(load(board, "two"));
	assert_true(hash_of(board) == at_two);
	check_filled(board, 0, 7);
	must(board_snapshot_list(board, "b", &list, &count, &error));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].name, "two");
	assert_int_equal(list[0].state_size, 0);
	free(list);
	end(board);
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
	board = start(&simple);
	run_to(board, 10000);
	fill(board, 0, 5);
	must(board_snapshot_save(board, &again, &error));
	fill(board, 0, 6);
	must(load(board, "x"));
	check_filled(board, 0, 5);
	end(board);
	check_images();
	assert_false(sh("for n in a b; do qemu-img snapshot -l $n.qcow2 >$n; "
			"test $(grep -c ' x ' $n) = 1 || exit; done"));
}

/* Snapshots of one disk only, with the state in the other; and the errors of QMP. */
static void test_disks_that_are_named(void **state)
{
	const char *const both[] = { "a", "b" }, *const b[] = { "b" }, *const none[] = { "c" };
	struct board_snapshot_request request = { "x", "b", b, 1, false };
	struct board *board = start(&simple);
	struct disk_snapshot *list;
	unsigned count;

	run_to(board, 10000);
	must(board_snapshot_save(board, &request, &error));
	check_refused(board, load, "x", "Snapshot 'x' does not exist in one or more devices");
	must(board_snapshot_list(board, NULL, &list, &count, &error));
	assert_int_equal(count, 0);
	free(list);
	fill(board, 0, 5);
	fill(board, 1, 5);
	run_to(board, 20000);
	must(board_snapshot_load(board, &request, &error));
	assert_int_equal(retired(board), 10000);
	check_filled(board, 0, 5);
	check_filled(board, 1, 0);
	request.vmstate = "a";
	assert_int_equal(board_snapshot_load(board, &request, &error), -1);
	assert_string_equal(error.text, "vmstate block device 'a' does not exist");
	request.devices = none;
	assert_int_equal(board_snapshot_delete(board, &request, &error), -1);
	assert_string_equal(error.text, "No block device node 'c'");
	request = (struct board_snapshot_request){ "y", "b", both, 2, false };
	must(board_snapshot_save(board, &request, &error));
	request.vmstate = "a";
	assert_int_equal(board_snapshot_load(board, &request, &error), -1);
	assert_string_equal(error.text, "This is a disk-only snapshot. Revert to it  offline using "
					"qemu-img");
	end(board);
	check_images();
}

static void test_what_cannot_be_saved(void **state)
{
	struct board_config config = config_of(&simple);
	struct board *board;

	assert_int_equal(sh("truncate -s 64K flash && qemu-img create -f raw raw 1M"), 0);
	config.disks[1].snapshot = true;
	board = make_board(&config);
	check_refused(board, save, "x", "Device 'b' is writable but does not support snapshots");
	check_refused(board, load, "x", "Device 'b' is writable but does not support snapshots");
	board_free(board);

	config.disks[1].snapshot = false;
	config.disks[1].readonly = true;
	board = make_board(&config);
	must(save(board, "x"));
	must(load(board, "x"));
	board_free(board);

	config.pflash[1] = at("flash");
	board = make_board(&config);
	check_refused(board, save, "y",
		      "Device 'pflash1' is writable but does not support snapshots");
	board_free(board);

	config.pflash[1] = NULL;
	config.disks[0].readonly = true;
	board = make_board(&config);
	check_refused(board, save, "y", "no block device can store vmstate for snapshot");
	check_refused(board, load, "x", "no block device can store vmstate for snapshot");
	end(board);
	check_images();
}

/* A state of another machine, or of another program, is refused before anything is loaded. */
static void test_another_machines(void **state)
{
	static const char *const differs[] = { "hart1", "ram", "harts.isa.extensions.word" };
	char text[256];
	struct board_config config = config_of(&simple);
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
		      "This is a disk-only snapshot. Revert to it  offline using qemu-img");
	end(board);
	check_images();
}

/* Models begin cold in a state without any. */
static void test_a_state_without_models(void **state)
{
	struct board_config config = config_of(&simple);
	struct board *board;

	for (unsigned n = 0; n < 2; n++) {
		config.cpu = "cva6";
		config.timing = n ? "cva6" : NULL;
		board = make_board(&config);
		run_to(board, n ? 500 : 10000);
		must((n ? load : save)(board, "x"));
		assert_int_equal(retired(board), 10000);
		(n ? end : board_free)(board);
	}
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

/* An impossible value is noticed when all is loaded: then the machine can only be reset. */
static void test_a_damaged_state(void **state)
{
	/* Values of a hart, and of the clock, which a reset does not set: the time's last byte. */
	static const struct {
		const char *header;
		size_t size, skip;
		u8 value;
	} fields[] = {
		{ "\4priv\1\0\0\0\1\0\0\0", 13, 0, 2 },
		{ "\6latest\10\0\0\0\1\0\0\0", 15, 7, 0xff },
	};
	struct board *board = start(&simple);
	u64 now;

	run_to(board, 1000000);
	must(save(board, "x"));
	end(board);
	for (unsigned n = 0; n < ARRAY_SIZE(fields); n++) {
		patch("a.qcow2", fields[n].header, fields[n].size, fields[n].skip, fields[n].value);
		board = start(&simple);
		run_to(board, 500000);
		now = clock_now(&board->platform.clock);
		fill(board, 0, 0x77);
		assert_int_equal(load(board, "x"), -2);
		assert_string_equal(error.text, "Snapshot 'x' is damaged; the disks already have "
						"its contents; the machine was reset");
		check_filled(board, 0, 0);
		assert_int_equal(board->harts.hart[0]->pc, BOOT_ROM_BASE);
		assert_int_equal(clock_now(&board->platform.clock), now);
		run_to(board, retired(board) + 500000);
		assert_in_range(clock_now(&board->platform.clock), now + 1, now + CLOCK_HZ);
		end(board);
	}
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
	struct board *board = start(&simple);
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
		assert_int_equal(board_snapshot_save(board, &again, &error), -1);
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
		assert_non_null(strstr(error.text, n ? "Device 'b'" : "Device 'a'"));
		assert_int_equal(strstr(error.text, "the machine was reset") != NULL, n);
		if (n)
			assert_int_equal(board->harts.hart[0]->pc, BOOT_ROM_BASE);
		else
			assert_true(hash_of(board) == before);
		close(make_readonly(board, (unsigned)n, kept));
	}
	must(load(board, "x"));
	assert_true(hash_of(board) == saved);
	check_filled(board, 0, 1);
	end(board);
	/* Clusters that could not be freed without writing are leaked; all else is right. */
	for (const char *name = "ab"; *name; name++)
		assert_int_equal(sh("qemu-img check %c.qcow2 || test $? = 3", *name), 0);
}

/* A program's open files are the host's: they are not saved, and a loaded one has none. */
static void test_files_that_are_open(void **state)
{
	struct board *board = start(&simple);
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
	end(board);
	check_images();
}

static void test_what_runs_twice(void **state)
{
	struct board_config config = config_of(&simple), raw = config;
	struct board *board = make_board(&config);

	journal_record_start(&board->platform.journal);
	check_refused(board, save, "x",
		      "there are no snapshots while a journal is recorded or replayed");
	end(board);
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
		TEST(test_what_cannot_be_saved),
		TEST(test_another_machines),
		TEST(test_a_state_without_models),
		TEST(test_a_damaged_state),
		TEST(test_a_disk_that_fails),
		TEST(test_files_that_are_open),
		TEST(test_what_runs_twice),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
