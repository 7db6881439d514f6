/* SPDX-License-Identifier: MIT */
/*
 * --compare: two machines that boot the bundled guest agree; a fault in one, at an instruction of
 * the test's choice, is found at exactly that instruction, and again from the file that is written,
 * which holds what was written to disks; a damaged file is refused.
 */
#include "devices/board/machine.h"
#include "tests/board.h"

#include "cpu/debug/observe.h"
#include "cpu/engine/threaded.h"
#include "devices/block/disk_copy.h"
#include "devices/block/qcow2.h"
#include "devices/board/compare/differ.h"
#include "tests/cpu/random.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RAM_SIZE (128 * MiB)
#define END 4000000 /* instructions of a run with a fault */

enum kind { FAULT_REGISTER, FAULT_FLOAT, FAULT_CSR, FAULT_MEMORY, FAULT_BLOCK };

/* The fault in hart 0, and the number of steps since reset after which it happens. */
struct fault {
	struct watch watch; /* it watches nothing: by its calls the tier finds the fault */
	enum kind kind;
	u64 at;
	u64 pc, retired; /* of the instruction; `retired` is the count before it */
};

static void break_hart(struct hart *hart, enum kind kind)
{
	u64 word = 0x600d;

	switch (kind) {
	case FAULT_REGISTER:
	case FAULT_BLOCK:
		hart->x[4] ^= BIT(40);
		break;
	case FAULT_FLOAT:
		hart->f[31] ^= 1;
		break;
	case FAULT_CSR:
		hart->mscratch ^= BIT(50);
		break;
	case FAULT_MEMORY:
		assert_true(bus_dma_write(&hart->platform->bus, DRAM_BASE + RAM_SIZE - 8, &word,
					  sizeof(word)));
		break;
	}
}

/* Injects a fault that only happens when the instruction is run together with others. */
static enum hart_exit run_past(struct hart *hart, struct fault *fault)
{
	u64 before = hart->steps;
	enum hart_exit left = threaded_run(hart);

	if (before < fault->at && hart->steps >= fault->at && hart->steps - before > 1)
		break_hart(hart, fault->kind);
	return left;
}

/* Runs threaded code, except for one instruction. */
static enum hart_exit faulty_run(struct hart *hart)
{
	struct fault *fault = container_of(hart->watch, struct fault, watch);
	u64 limit = hart->limit;
	enum hart_exit left;
	bool now;

	if (!hart->watch)
		return threaded_run(hart);
	if (fault->kind == FAULT_BLOCK)
		return run_past(hart, fault);
	now = hart->steps + 1 == fault->at;
	if (now) {
		fault->pc = hart->pc;
		fault->retired = hart_retired(hart);
		hart->limit = fault->at;
	} else if (hart->steps < fault->at) {
		hart->limit = MIN(limit, fault->at - 1);
	}
	left = threaded_run(hart);
	hart->limit = limit;
	if (now && left == EXIT_NEXT && hart->steps == fault->at)
		break_hart(hart, fault->kind);
	return left;
}

struct run {
	struct board *board;
	struct fault fault;
	char file[40]; /* the reproducer */
	const char *disk; /* NULL: any will do */
	enum board_format format;
	enum board_engine engine, reference; /* the same: threaded and interp */
	FILE *log;
	char *text;
	size_t size;
};

static struct board_config config_of(const struct run *run, unsigned harts, const char *restore)
{
	static const struct virtio_blk_properties disk = { .drive = "disk" };

	return (struct board_config){
		.harts = harts,
		.ram_size = RAM_SIZE,
		.kernel = BAYA_KERNEL,
		.initrd = BAYA_ROMS "/initramfs.cpio.gz",
		.append = "console=ttyS0",
		.disks = { { .id = "disk",
			     .file = run->disk ? run->disk : BAYA_ROMS "/Image.gz",
			     .format = run->format,
			     .readonly = !run->disk } },
		.disk_count = 1,
		.devices = {
			{ .type = "virtio-blk", .transport = DEVICE_MMIO, .properties = &disk },
			{ .type = "virtio-serial", .transport = DEVICE_MMIO },
			{ .type = "virtio-rng", .transport = DEVICE_MMIO },
		},
		.device_count = 3,
		.engine = run->engine == run->reference ? ENGINE_THREADED : run->engine,
		.reference = run->engine == run->reference ? ENGINE_INTERP : run->reference,
		.clock = CLOCK_VIRTUAL,
		.compare = true,
		.compare_file = run->file,
		.command = "baya 'as asked'",
		.version = "0.9-gabc",
		.restore = restore,
	};
}

/* The reproducer is a new file, or the one that is restored. */
static void start(struct run *run, unsigned harts, const char *restore)
{
	struct board_config config = config_of(run, harts, restore);

	assert_true(!restore || strlen(restore) < sizeof(run->file));
	strcpy(run->file, restore ? restore : "/tmp/baya-compare-XXXXXX");
	if (!restore)
		close(mkstemp(run->file));
	run->log = open_memstream(&run->text, &run->size);
	assert_non_null(run->log);
	config.log_file = run->log;
	run->board = make_board(&config);
}

static void make_faulty(struct run *run, enum kind kind, u64 at)
{
	run->fault = (struct fault){ .kind = kind, .at = at };
	run->board->harts.tier = faulty_run;
	watch_attach(&run->fault.watch, run->board->harts.hart[0]);
}

static enum board_exit go(struct run *run, u64 count)
{
	enum board_exit left = run_board_to(run->board, count);

	fflush(run->log);
	return left;
}

static void finish(struct run *run)
{
	board_free(run->board);
	fclose(run->log);
	free(run->text);
}

static void test_agree(void **state)
{
	static const unsigned harts[] = { 1, 4, BOARD_HARTS_MAX };
	struct run run = { 0 };

	for (unsigned n = 0; n < ARRAY_SIZE(harts); n++) {
		start(&run, harts[n], NULL);
		/* Input reaches both machines. */
		assert_int_equal(go(&run, 11 * END / 2), BOARD_LIMIT);
		chardev_put(board_serial(run.board), &run.board->platform.journal,
			    (const u8 *)"x\n", 2);
		assert_int_equal(go(&run, 6 * END), BOARD_LIMIT);
		assert_string_equal(run.text, "");
		unlink(run.file);
		finish(&run);
	}
}

/* Any engine may be compared with any other. */
static void test_pairs(void **state)
{
	for (unsigned n = 0; n < ENGINE_COUNT * ENGINE_COUNT; n++) {
		struct run run = { .engine = n % ENGINE_COUNT, .reference = n / ENGINE_COUNT };

		if (run.engine == run.reference)
			continue;
		start(&run, 2, NULL);
		assert_int_equal(go(&run, 2 * END), BOARD_LIMIT);
		assert_string_equal(run.text, "");
		unlink(run.file);
		finish(&run);
	}
}

/* Runs to `count` instructions without a second machine; returns the hash of its state. */
static u64 run_alone(struct run *run, const struct state_image *from, u64 count)
{
	struct board_config config = config_of(run, 2, NULL);

	config.compare = false;
	config.engine = run->engine;
	run->board = make_board(&config);
	if (from)
		assert_int_equal(state_load(&run->board->platform.state, from->data, from->size),
				 0);
	run->log = stderr;
	assert_int_equal(go(run, count), BOARD_LIMIT);
	return state_hash(&run->board->platform.state);
}

/* A machine that one engine has saved goes on alike in all. */
static void test_saved(void **state)
{
	u64 wanted = 0;

	for (unsigned n = 0; n < ENGINE_COUNT * ENGINE_COUNT; n++) {
		struct run first = { .engine = n % ENGINE_COUNT };
		struct run second = { .engine = n / ENGINE_COUNT };
		struct state_image image = { 0 };
		u64 hash;

		run_alone(&first, NULL, END / 2);
		assert_int_equal(state_save(&first.board->platform.state, &image), 0);
		board_free(first.board);
		hash = run_alone(&second, &image, END);
		board_free(second.board);
		free(image.data);
		wanted = n ? wanted : hash;
		assert_int_equal(hash, wanted);
	}
}

static void expect(const struct run *run, const char *format, u64 number)
{
	char wanted[80];

	snprintf(wanted, sizeof(wanted), format, number);
	if (!strstr(run->text, wanted))
		fail_msg("no '%s' in what was said:\n%s", wanted, run->text);
}

/* The difference is noticed at the end of the turn, which is 5000 cycles of the machine. */
static void found(const struct run *run)
{
	const char *seen = strstr(run->text, "the tiers differ after ");
	unsigned long long after;

	assert_non_null(seen);
	assert_int_equal(sscanf(seen, "the tiers differ after %llu ", &after), 1);
	assert_in_range(after, run->fault.retired, run->fault.retired + 5000);
	expect(run, "the first to differ is the instruction after %llu: ", run->fault.retired);
	expect(run, " at 0x%llx", run->fault.pc);
}

/* Each difference must be reported as what it is. */
static const char *const difference[] = {
	[FAULT_REGISTER] = ": hart0.x[4]: ", [FAULT_FLOAT] = ": hart0.f[31]: ",
	[FAULT_CSR] = ": hart0.mscratch: ", [FAULT_MEMORY] = ": ram+0x7fffff8: 0xd 0x0",
};

static void test_fault(void **state)
{
	u64 seed = 77;

	for (enum kind kind = FAULT_REGISTER; kind <= FAULT_MEMORY; kind++) {
		u64 at = 1000000 + random_u64(&seed) % (END - 1500000);
		struct run run = { 0 }, again = { 0 };

		start(&run, 1, NULL);
		make_faulty(&run, kind, at);
		assert_int_equal(go(&run, END), BOARD_DIFFER);
		found(&run);
		expect(&run, difference[kind], 0);
		/* The comparison has ended. */
		assert_int_equal(board_run(run.board), BOARD_DIFFER);

		start(&again, 1, run.file);
		assert_true(harts_retired(&again.board->harts) <= run.fault.retired);
		assert_true(harts_retired(&again.board->harts) + 200 > run.fault.retired);
		make_faulty(&again, kind, at);
		assert_int_equal(go(&again, END), BOARD_DIFFER);
		assert_int_equal(again.fault.retired, run.fault.retired);
		found(&again);
		unlink(run.file);
		finish(&again);
		finish(&run);
	}
}

/* The fault in threaded code is also found by native code beside it. */
static void test_fault_by_native(void **state)
{
	struct run run = { .engine = ENGINE_THREADED, .reference = ENGINE_JIT };

	start(&run, 1, NULL);
	make_faulty(&run, FAULT_REGISTER, 1500000);
	assert_int_equal(go(&run, END), BOARD_DIFFER);
	found(&run);
	expect(&run, "(tested, jit)", 0);
	unlink(run.file);
	finish(&run);
}

static void test_fault_of_block(void **state)
{
	struct run run = { 0 };

	start(&run, 1, NULL);
	make_faulty(&run, FAULT_BLOCK, 1500000);
	assert_int_equal(go(&run, END), BOARD_DIFFER);
	expect(&run, "one at a time the instructions agree", 0);
	expect(&run, difference[FAULT_REGISTER], 0);
	unlink(run.file);
	finish(&run);
}

/* The fault is also found with several harts, and when the host's input came in between. */
static void test_fault_of_four(void **state)
{
	struct run run = { 0 };

	start(&run, 4, NULL);
	make_faulty(&run, FAULT_REGISTER, 2000000);
	assert_int_equal(go(&run, 1000000), BOARD_LIMIT);
	chardev_put(board_serial(run.board), &run.board->platform.journal, (const u8 *)"hello", 5);
	assert_int_equal(go(&run, 4 * END), BOARD_DIFFER);
	expect(&run, "hart %llu in ", 0);
	expect(&run, " at 0x%llx", run.fault.pc);
	expect(&run, difference[FAULT_REGISTER], 0);
	unlink(run.file);
	finish(&run);
}

/* The host's input shortly before the fault is in the file as well. */
static void test_fault_after_input(void **state)
{
	struct run run = { 0 }, again = { 0 };

	start(&run, 1, NULL);
	assert_int_equal(go(&run, 1000000), BOARD_LIMIT);
	make_faulty(&run, FAULT_REGISTER, run.board->harts.hart[0]->steps + 9);
	chardev_put(board_serial(run.board), &run.board->platform.journal, (const u8 *)"hello", 5);
	assert_int_equal(go(&run, END), BOARD_DIFFER);
	found(&run);
	assert_int_equal(run.fault.retired, 1000008);

	start(&again, 1, run.file);
	assert_int_equal(again.board->uart.count, 5);
	unlink(run.file);
	finish(&again);
	finish(&run);
}

#define DISK_SIZE (64 * KiB + DISK_SECTOR)
#define WRITTEN_AT (DISK_SIZE - 5000)

/* Writes to the image, whose format is raw or qcow2. */
static void change_disk(const struct run *run, const char *text)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)text, .iov_len = strlen(text) };
	char why[QCOW2_WHY];
	struct disk disk;

	assert_int_equal(disk_open(&disk, run->disk, false), 0);
	if (run->format == BOARD_FORMAT_QCOW2)
		assert_int_equal(disk_use_qcow2(&disk, run->disk, 0, why), 0);
	assert_int_equal(disk_write(&disk, 1000, &iov, 1), 0);
	disk_close(&disk);
}

static void make_disk(struct run *run, char *path)
{
	int fd;

	strcpy(path, "/tmp/baya-disk-XXXXXX");
	fd = mkstemp(path);
	assert_int_equal(run->format == BOARD_FORMAT_QCOW2 ? qcow2_create(fd, DISK_SIZE) :
							     ftruncate(fd, DISK_SIZE),
			 0);
	close(fd);
	run->disk = path;
	change_disk(run, "image");
}

/* Writes to the disk as the guest does; then both machines have a common state. */
static void write_disk(struct board *board)
{
	char text[] = "written";
	struct iovec iov = { .iov_base = text, .iov_len = sizeof(text) };

	assert_int_equal(disk_write(&board->nodes[0]->disk, WRITTEN_AT, &iov, 1), 0);
	disk_copy_mark(board->nodes[0]->disk.copy);
}

static void expect_on_disk(struct board *board, u64 offset, const char *expected)
{
	char text[8] = { 0 };
	struct iovec iov = { .iov_base = text, .iov_len = strlen(expected) };

	assert_int_equal(disk_read(&board->nodes[0]->disk, offset, &iov, 1), 0);
	assert_string_equal(text, expected);
}

static void expect_refused(const struct run *run, const char *restore, const char *why)
{
	struct board_config config = config_of(run, 1, restore);
	struct board_error error = { .exit_code = 0 };

	config.compare = false;
	assert_null(board_create(&config, &error));
	assert_int_equal(error.exit_code, 3);
	if (!strstr(error.text, why))
		fail_msg("not '%s', but: %s", why, error.text);
}

/* A file that is cut anywhere is refused; one that is changed anywhere is refused or harmless. */
static void damage(const struct run *run)
{
	u64 seed = 5;
	long size;
	FILE *file = fopen(run->file, "r+e");

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	for (unsigned n = 0; n < 20; n++) {
		struct board_config config = config_of(run, 1, run->file);
		struct board_error error;
		struct board *board;
		/* Most of the file is memory; its beginning and end are tried more densely. */
		long at = n < 10 ? 8192 + (long)(random_u64(&seed) % 4096) :
				   size - 1 - (long)(random_u64(&seed) % 8192);
		int old;

		fseek(file, at, SEEK_SET);
		old = fgetc(file);
		fseek(file, at, SEEK_SET);
		fputc(old ^ 1 << n % 8, file);
		fflush(file);
		config.compare = false;
		board = board_create(&config, &error);
		board_free(board);
		if (!board)
			assert_int_equal(error.exit_code, 3);
		fseek(file, at, SEEK_SET);
		fputc(old, file);
		fflush(file);
	}
	fclose(file);
	for (unsigned n = 0; n < 4; n++) {
		size = n == 0 ? size - 1 : (long)(random_u64(&seed) % (u64)size);
		assert_int_equal(truncate(run->file, size), 0);
		expect_refused(run, run->file, size < 8192 ? "is no machine" : "is damaged");
	}
}

static void compare_disk(enum board_format format)
{
	struct run run = { .format = format }, again;
	char path[40], text[256] = { 0 };
	FILE *file;

	make_disk(&run, path);
	again = run;
	start(&run, 1, NULL);
	write_disk(run.board);
	write_disk(run.board->compare->reference);
	make_faulty(&run, FAULT_REGISTER, 1000000);
	assert_int_equal(go(&run, END), BOARD_DIFFER);
	found(&run);
	finish(&run);

	file = fopen(run.file, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) == sizeof(text) - 1);
	fclose(file);
	assert_non_null(strstr(text, "\nversion: 0.9-gabc\n"));
	assert_non_null(strstr(text, "\ncommand: baya 'as asked'\n"));

	start(&again, 1, run.file);
	expect_on_disk(again.board, WRITTEN_AT, "written");
	expect_on_disk(again.board->compare->reference, WRITTEN_AT, "written");
	expect_on_disk(again.board, 1000, "image");
	make_faulty(&again, FAULT_REGISTER, 1000000);
	assert_int_equal(go(&again, END), BOARD_DIFFER);
	found(&again);
	expect_on_disk(again.board, WRITTEN_AT, "written");
	finish(&again);

	change_disk(&run, "I");
	expect_refused(&again, run.file, "is not the image of state ");
	change_disk(&run, "i");
	damage(&again);
	unlink(path);
	unlink(run.file);
}

static void test_disk(void **state)
{
	compare_disk(BOARD_FORMAT_UNSAID);
	compare_disk(BOARD_FORMAT_QCOW2);
}

/* A file that is no state of this machine is refused in one line. */
static void test_bad_state(void **state)
{
	struct run run = { 0 };

	expect_refused(&run, BAYA_ROMS "/Image.gz", "is no machine that --compare has left");
	expect_refused(&run, "/nonexistent", "cannot be read: No such file");
	start(&run, 2, NULL);
	make_faulty(&run, FAULT_REGISTER, 1000);
	assert_int_equal(go(&run, END), BOARD_DIFFER);
	finish(&run);
	expect_refused(&run, run.file, "is of another machine; give the options of");
	unlink(run.file);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_agree),
	cmocka_unit_test(test_pairs),
	cmocka_unit_test(test_saved),
	cmocka_unit_test(test_fault_by_native),
	cmocka_unit_test(test_fault),
	cmocka_unit_test(test_fault_of_block),
	cmocka_unit_test(test_fault_of_four),
	cmocka_unit_test(test_fault_after_input),
	cmocka_unit_test(test_disk),
	cmocka_unit_test(test_bad_state),
	{ 0 },
};
