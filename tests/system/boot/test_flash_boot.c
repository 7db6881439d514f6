/* SPDX-License-Identifier: MIT */
/*
 * Where a machine starts that has code in flash, and the kernel and the files that firmware there
 * finds in fw_cfg. The rows of next_addr are those of QEMU since 8.1, with 7.2's for the second
 * bank alone.
 */
#include "tests/board.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "devices/boot/fwcfg.h"
#include "devices/memmap.h"

#define SECOND_BANK (FLASH_BASE + FLASH_BANK_SIZE)

/* The key of the user's first file, which is behind etc/boot-fail-wait. */
#define USER_FILE (FWCFG_FIRST_FILE + 1)

/* The boot ROM's words: where harts start, and where firmware continues. */
enum { ROM_START = 24, ROM_NEXT = 56 };

/* Code without a header, `j .`, which goes to RAM or into fw_cfg as it is. */
static const u8 kernel_code[] = { 0x6f, 0, 0, 0, 1, 2, 3 };
static const u8 newer_code[] = { 0x6f, 0, 0, 0, 4, 5, 6, 7, 8 };

static const char *const both_banks[2] = { "code", "code" };
static const char *const first_bank[2] = { "code" };

static void put(const char *name, const void *data, size_t size)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static int make_files(void **state)
{
	char folder[] = "/tmp/baya-flash-XXXXXX";
	gzFile packed;

	*state = strdup(mkdtemp(folder));
	if (!*state || chdir(*state) < 0)
		return -1;
	put("code", kernel_code, sizeof(kernel_code));
	put("kernel", kernel_code, sizeof(kernel_code));
	put("initrd", "files", 5);
	packed = gzopen("kernel.gz", "w");
	gzwrite(packed, kernel_code, sizeof(kernel_code));
	return gzclose(packed);
}

static int remove_files(void **state)
{
	static const char *const names[] = { "code", "kernel", "initrd", "kernel.gz" };

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		unlink(names[n]);
	rmdir(*state);
	free(*state);
	return 0;
}

static u64 rom_word(struct board *board, u64 offset)
{
	u64 value;

	assert_true(bus_load(&board_platform(board)->bus, BOOT_ROM_BASE + offset, 8, &value));
	return value;
}

/* The bytes of an item, and a zero behind them. */
static void expect_item(struct board *board, u16 key, const void *data, size_t size)
{
	struct bus *bus = &board_platform(board)->bus;
	u64 value;

	assert_true(bus_store(bus, FW_CFG_BASE + 8, 2, htobe16(key)));
	for (size_t n = 0; n <= size; n++) {
		assert_true(bus_load(bus, FW_CFG_BASE, 1, &value));
		assert_int_equal(value, n < size ? ((const u8 *)data)[n] : 0);
	}
}

static void expect_sized(struct board *board, u16 size_key, u16 key, const void *data, u32 size)
{
	u32 number = htole32(size);

	expect_item(board, size_key, &number, sizeof(number));
	expect_item(board, key, data, size);
}

static struct board_config config_of(const char *const banks[2], const char *kernel,
				     const char *bios)
{
	return (struct board_config){
		.harts = 2,
		.ram_size = 64 * MiB,
		.bios = bios,
		.kernel = kernel,
		/* Both banks may have one file. */
		.pflash = { { .file = banks[0], .readonly = true },
			    { .file = banks[1], .readonly = true } },
		.clock = CLOCK_VIRTUAL,
	};
}

static void test_start(void **state)
{
	static const struct {
		const char *banks[2], *kernel, *bios;
		u64 start, next;
	} rows[] = {
		{ { "code", "code" }, "kernel", NULL, DRAM_BASE, FLASH_BASE },
		{ { "code", NULL }, "kernel", NULL, DRAM_BASE, FLASH_BASE },
		{ { "code", "code" }, NULL, NULL, DRAM_BASE, FLASH_BASE },
		{ { "code", NULL }, "kernel", "none", FLASH_BASE, DRAM_BASE },
		{ { "code", NULL }, NULL, "none", FLASH_BASE, DRAM_BASE },
		{ { NULL, "code" }, "kernel", NULL, DRAM_BASE, KERNEL_BASE },
		{ { NULL, "code" }, NULL, NULL, DRAM_BASE, SECOND_BANK },
		{ { NULL, "code" }, NULL, "none", DRAM_BASE, DRAM_BASE },
		{ { NULL, NULL }, "kernel", NULL, DRAM_BASE, KERNEL_BASE },
	};

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		const struct board_config config =
			config_of(rows[n].banks, rows[n].kernel, rows[n].bios);
		struct board *board = make_board(&config);

		assert_int_equal(rom_word(board, ROM_START), rows[n].start);
		assert_int_equal(rom_word(board, ROM_NEXT), rows[n].next);
		board_free(board);
	}
}

static void test_kernel_in_fw_cfg(void **state)
{
	static const char *const kernels[] = { "kernel", "kernel.gz" };

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(kernels); n++) {
		struct board_config config = config_of(both_banks, kernels[n], NULL);
		struct board *board;
		u64 word;

		config.initrd = "initrd";
		config.append = "quiet";
		board = make_board(&config);
		expect_sized(board, FWCFG_KERNEL_SIZE, FWCFG_KERNEL_DATA, kernel_code,
			     sizeof(kernel_code));
		expect_sized(board, FWCFG_INITRD_SIZE, FWCFG_INITRD_DATA, "files", 5);
		expect_sized(board, FWCFG_CMDLINE_SIZE, FWCFG_CMDLINE_DATA, "quiet", 6);
		assert_true(bus_load(&board_platform(board)->bus, KERNEL_BASE, 4, &word));
		assert_int_equal(word, 0); /* nothing is in RAM */
		board_free(board);
	}
}

static void test_kernel_alone(void **state)
{
	struct board_config config = config_of(first_bank, "kernel", NULL);
	struct board *board = make_board(&config);

	(void)state;
	expect_sized(board, FWCFG_INITRD_SIZE, FWCFG_INITRD_DATA, "", 0);
	expect_sized(board, FWCFG_CMDLINE_SIZE, FWCFG_CMDLINE_DATA, "", 1);
	board_free(board);

	config.bios = "none";
	board = make_board(&config);
	expect_sized(board, FWCFG_KERNEL_SIZE, FWCFG_KERNEL_DATA, "", 0);
	board_free(board);
}

static void test_reset_reads_the_kernel_again(void **state)
{
	struct board_config config = config_of(both_banks, "kernel", NULL);
	struct board *board = make_board(&config);
	struct board_error error;

	(void)state;
	put("kernel", newer_code, sizeof(newer_code));
	assert_int_equal(board_reset(board, &error), 0);
	expect_sized(board, FWCFG_KERNEL_SIZE, FWCFG_KERNEL_DATA, newer_code, sizeof(newer_code));

	assert_int_equal(truncate("kernel", 0), 0);
	assert_int_equal(board_reset(board, &error), -1);
	assert_non_null(strstr(error.text, "kernel 'kernel': is empty"));
	expect_sized(board, FWCFG_KERNEL_SIZE, FWCFG_KERNEL_DATA, newer_code, sizeof(newer_code));
	board_free(board);
	put("kernel", kernel_code, sizeof(kernel_code));
}

static void test_too_large(void **state)
{
	struct board_config config = config_of(both_banks, "kernel", NULL);
	struct board_error error;

	(void)state;
	config.initrd = "initrd";
	assert_int_equal(truncate("initrd", (off_t)(4 * GiB)), 0);
	assert_null(board_create(&config, &error));
	assert_string_equal(error.text,
			    "initrd 'initrd': is larger than 4095 MiB; fw_cfg cannot hold it");
	assert_int_equal(error.exit_code, 3);
	put("initrd", "files", 5);
}

/* Makes a process that writes `bytes` into a new pipe, `times` times, while somebody reads. */
static pid_t write_to_pipe(const u8 *bytes, size_t size, unsigned times)
{
	FILE *pipe;
	pid_t writer;

	assert_int_equal(mkfifo("pipe", 0600), 0);
	writer = fork();
	assert_true(writer >= 0);
	if (writer)
		return writer;
	pipe = fopen("pipe", "w");
	for (unsigned n = 0; pipe && n < times; n++)
		fwrite(bytes, 1, size, pipe);
	_exit(pipe ? fclose(pipe) : 1);
}

/* A pipe is read to its end, unless more comes than a file may have. */
static void test_file_from_a_pipe(void **state)
{
	static const struct {
		unsigned times;
		const char *error;
	} rows[] = {
		{ 1, "" },
		{ 0, "-fw_cfg 'pipe': is a pipe into which nothing was written" },
		{ 2000, "-fw_cfg 'pipe': is larger than 256 MiB; -device loader puts it into RAM" },
	};
	static u8 bytes[200000]; /* more than a pipe holds */
	struct board_config config = config_of(both_banks, "kernel", NULL);

	(void)state;
	for (size_t n = 0; n < sizeof(bytes); n++)
		bytes[n] = (u8)(n % 251);
	config.fw_files[0] = (struct board_fw_file){ "opt/a", "pipe", NULL };
	config.fw_file_count = 1;
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		pid_t writer = write_to_pipe(bytes, sizeof(bytes), rows[n].times);
		struct board_error error = { .text = "" };
		struct board *board = board_create(&config, &error);

		assert_string_equal(error.text, rows[n].error);
		assert_int_equal(!board, !!*rows[n].error);
		if (board)
			expect_item(board, USER_FILE, bytes, sizeof(bytes));
		board_free(board);
		assert_int_equal(waitpid(writer, NULL, 0), writer);
		assert_int_equal(unlink("pipe"), 0);
	}
}

/* Two machines cannot both read a pipe, so neither waits for its writer. */
static void test_no_pipe_for_two_machines(void **state)
{
	struct board_config config = config_of(both_banks, "kernel", NULL);
	struct board_error error;

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	config.fw_files[0] = (struct board_fw_file){ "opt/a", "pipe", NULL };
	config.fw_file_count = 1;
	config.compare = true;
	assert_null(board_create(&config, &error));
	assert_string_equal(error.text, "-fw_cfg 'pipe': is not a regular file; copy its contents "
					"to one");
	assert_int_equal(unlink("pipe"), 0);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, make_files, remove_files)

const struct CMUnitTest unit_tests[] = {
	UNIT(test_start),
	UNIT(test_kernel_in_fw_cfg),
	UNIT(test_kernel_alone),
	UNIT(test_reset_reads_the_kernel_again),
	UNIT(test_too_large),
	UNIT(test_file_from_a_pipe),
	UNIT(test_no_pipe_for_two_machines),
	{ 0 },
};
