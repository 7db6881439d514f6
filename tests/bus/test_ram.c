/* SPDX-License-Identifier: MIT */
/*
 * Tests guest memory: its residency on the host, the marks, and the walk over pages that are not
 * zero.
 */
#include "bus/ram.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGES 64

struct heard {
	unsigned count;
	u64 offsets[PAGES];
};

static void before_code_write(void *ctx, u64 offset, u64 len)
{
	struct heard *heard = ctx;

	assert_true(len && (offset & ~PAGE_MASK) + len <= PAGE_SIZE);
	assert_true(heard->count < PAGES);
	heard->offsets[heard->count++] = offset & PAGE_MASK;
}

static struct ram make_ram(struct heard *heard)
{
	struct ram ram;

	assert_int_equal(ram_init(&ram, PAGES * PAGE_SIZE), 0);
	*heard = (struct heard){ 0 };
	ram.before_code_write = before_code_write;
	ram.code_ctx = heard;
	return ram;
}

static u64 host_blocks(const struct ram *ram)
{
	struct stat info;

	assert_int_equal(fstat(ram->fd, &info), 0);
	return (u64)info.st_blocks;
}

static void test_sizes(void **unused)
{
	struct ram ram;

	assert_int_equal(ram_init(&ram, 0), -EINVAL);
	assert_int_equal(ram_init(&ram, PAGE_SIZE + 1), -EINVAL);
	assert_int_equal(ram_init(&ram, 1ull << 63), -EINVAL);
	assert_int_equal(ram_init(&ram, PAGE_SIZE), 0);
	ram_free(&ram);
}

static void test_untouched_memory_is_not_resident(void **unused)
{
	const struct ram_backing memfd = { 0 };
	struct ram ram;
	u64 at = 0, len;

	assert_int_equal(ram_init_backed(&ram, "test", 4 * GiB, &memfd), 0);
	assert_int_equal(host_blocks(&ram), 0);
	assert_false(ram_next_data(&ram, &at, &len));
	ram.host[3 * GiB] = 1;
	assert_in_range(host_blocks(&ram), 1, 2 * MiB / 512);
	ram_clear(&ram);
	assert_int_equal(host_blocks(&ram), 0);
	assert_int_equal(ram.host[3 * GiB], 0);
	ram_free(&ram);
}

/* Returns how many bytes of memory may contain data, and the offset of the first of them. */
static u64 count_data(const struct ram *ram, u64 *first)
{
	u64 bytes = 0, len;

	*first = ram->size;
	for (u64 at = 0; ram_next_data(ram, &at, &len); at += len) {
		*first = MIN(*first, at);
		bytes += len;
	}
	return bytes;
}

/* Returns how many bytes this process has read from files, including those of /proc. */
static u64 bytes_read(void)
{
	FILE *io = fopen("/proc/self/io", "r");
	unsigned long long read = 0;

	assert_non_null(io);
	assert_int_equal(fscanf(io, "rchar: %llu", &read), 1);
	fclose(io);
	return read;
}

/* A balloon gives pages back one by one: the cost of a page must not depend on what follows it. */
static void test_a_page_alone_is_given_back(void **unused)
{
	const struct ram_backing backing = { .in_process = true };
	struct ram ram;
	u64 before;

	assert_int_equal(ram_init_backed(&ram, "test", 4 * GiB, &backing), 0);
	ram.host[4 * PAGE_SIZE] = ram.host[300 * PAGE_SIZE] = 1;
	before = bytes_read();
	for (unsigned page = 0; page < 100; page++) {
		ram_discard(&ram, page * PAGE_SIZE, PAGE_SIZE);
		ram_zero(&ram, (page + 256) * PAGE_SIZE, PAGE_SIZE);
	}
	assert_in_range(bytes_read() - before, 0, 10000);
	assert_int_equal(ram.host[4 * PAGE_SIZE], 0);
	assert_int_equal(ram.host[300 * PAGE_SIZE], 0);
	assert_int_equal(ram.dirty[5], 1);
	assert_int_equal(ram.dirty[300], 1);
	assert_int_equal(ram.dirty[301], 0);
	ram_free(&ram);
}

/* The host may allocate 2 MiB where one byte is accessed. */
static void test_memory_of_the_process(void **unused)
{
	const struct ram_backing backing = { .in_process = true };
	struct ram ram;
	u64 first;

	assert_int_equal(ram_init_backed(&ram, "test", 4 * GiB, &backing), 0);
	assert_true(ram.fd < 0);
	assert_int_equal(count_data(&ram, &first), 0);
	ram.host[3 * GiB + 5 * PAGE_SIZE] = 1;
	ram.host[GiB] = 2;
	assert_in_range(count_data(&ram, &first), 2 * PAGE_SIZE, 4 * MiB);
	assert_in_range(first, GiB - 2 * MiB, GiB);
	ram_zero(&ram, GiB, 2 * MiB);
	assert_int_equal(ram.dirty[GiB >> PAGE_SHIFT], 1);
	assert_int_equal(ram.dirty[(GiB >> PAGE_SHIFT) + 1], 0);
	assert_in_range(count_data(&ram, &first), PAGE_SIZE, 2 * MiB);
	assert_in_range(first, 3 * GiB - 2 * MiB, 3 * GiB + 5 * PAGE_SIZE);
	assert_int_equal(ram.host[GiB], 0);
	assert_int_equal(ram.host[3 * GiB + 5 * PAGE_SIZE], 1);
	ram_clear(&ram);
	assert_int_equal(count_data(&ram, &first), 0);
	assert_int_equal(ram.host[3 * GiB + 5 * PAGE_SIZE], 0);
	ram_free(&ram);
}

static void test_preallocated_memory_of_the_process(void **unused)
{
	const struct ram_backing backing = { .in_process = true, .prealloc = true };
	struct ram ram;
	u64 first;

	assert_int_equal(ram_init_backed(&ram, "test", PAGES * PAGE_SIZE, &backing), 0);
	assert_int_equal(count_data(&ram, &first), PAGES * PAGE_SIZE);
	ram_clear(&ram);
	assert_int_equal(count_data(&ram, &first), PAGES * PAGE_SIZE);
	ram_free(&ram);
}

static void test_written_marks_every_page_once(void **unused)
{
	struct heard heard;
	struct ram ram = make_ram(&heard);

	for (unsigned page = 0; page < PAGES; page++)
		ram.watch[page].code = UINT64_MAX;
	ram_mark_range(&ram, 3 * PAGE_SIZE - 1, 2);
	ram_mark_range(&ram, 2 * PAGE_SIZE, PAGE_SIZE);
	ram_mark_range(&ram, 5 * PAGE_SIZE, 0);
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.offsets[0], 2 * PAGE_SIZE);
	assert_int_equal(heard.offsets[1], 3 * PAGE_SIZE);
	for (unsigned page = 0; page < PAGES; page++) {
		assert_int_equal(ram.dirty[page], page == 2 || page == 3);
		assert_true(ram.watch[page].code == (page == 2 || page == 3 ? 0 : UINT64_MAX));
	}
	ram_free(&ram);
}

/*
 * Data next to code can be written without effect; a write to a byte of a marked piece clears the
 * page's marks.
 */
static void test_marks_are_of_64_bytes(void **unused)
{
	struct heard heard;
	struct ram ram = make_ram(&heard);

	assert_true(ram_pieces(0, PAGE_SIZE) == UINT64_MAX);
	assert_true(ram_pieces(PAGE_SIZE + 63, 2) == 3);
	assert_true(ram_pieces(PAGE_SIZE - 1, 1) == BIT(63));
	ram.watch[1].code = ram_pieces(PAGE_SIZE + 128, 64);
	ram_mark(&ram, PAGE_SIZE + 120, 8);
	ram_mark(&ram, PAGE_SIZE + 192, 64);
	assert_int_equal(heard.count, 0);
	assert_true(ram.watch[1].code == BIT(2));
	ram_mark(&ram, PAGE_SIZE + 127, 2);
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.offsets[0], PAGE_SIZE);
	assert_true(ram.watch[1].code == 0);
	ram_free(&ram);
}

static void test_zero_marks_only_what_held_something(void **unused)
{
	struct heard heard;
	struct ram ram = make_ram(&heard);

	for (unsigned page = 0; page < PAGES; page++)
		ram.watch[page].code = UINT64_MAX;
	ram.host[4 * PAGE_SIZE + 17] = 1; /* inside */
	ram.host[5 * PAGE_SIZE] = 0; /* resident, zero */
	ram.host[9 * PAGE_SIZE] = 1; /* beyond */
	ram_zero(&ram, PAGE_SIZE, 8 * PAGE_SIZE);
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.offsets[0], 4 * PAGE_SIZE);
	assert_int_equal(ram.host[4 * PAGE_SIZE + 17], 0);
	assert_int_equal(ram.host[9 * PAGE_SIZE], 1);
	ram_free(&ram);
}

static void test_next_data_finds_every_page_that_is_not_zero(void **unused)
{
	static const unsigned pages[] = { 0, 1, 7, 31, 32, 63 };
	struct heard heard;
	struct ram ram = make_ram(&heard);
	bool found[PAGES] = { 0 };
	u64 len, end = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(pages); i++)
		ram.host[pages[i] * PAGE_SIZE + 4095] = 1;
	for (u64 at = 0; ram_next_data(&ram, &at, &len); at += len) {
		assert_true(at >= end && len && at + len <= ram.size);
		assert_int_equal((at | len) & ~PAGE_MASK, 0);
		for (u64 page = at; page < at + len; page += PAGE_SIZE)
			found[page >> PAGE_SHIFT] = true;
		end = at + len;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(pages); i++)
		assert_true(found[pages[i]]);
	ram_free(&ram);
}

static void test_is_zero_sees_every_byte(void **unused)
{
	u8 data[256] = { 0 };

	assert_true(ram_is_zero(data, sizeof(data)));
	for (unsigned i = 0; i < sizeof(data); i++) {
		data[i] = 0x80;
		assert_false(ram_is_zero(data, sizeof(data)));
		data[i] = 0;
	}
}

static void test_dirty_pages_are_found(void **unused)
{
	static const u64 dirty[] = { 0, 1, RAM_AREA - 1, RAM_AREA, 2 * RAM_AREA + 7 };
	const u64 pages = 2 * RAM_AREA + 8;
	struct ram ram;
	u64 page = 0;

	assert_int_equal(ram_init(&ram, pages * PAGE_SIZE), 0);
	assert_false(ram_next_dirty(&ram, &page));
	for (unsigned i = 0; i < ARRAY_SIZE(dirty); i++)
		ram_mark_range(&ram, dirty[i] * PAGE_SIZE + 8, 1);
	for (unsigned i = 0; i < ARRAY_SIZE(dirty); i++, page++) {
		assert_true(ram_next_dirty(&ram, &page));
		assert_int_equal(page, dirty[i]);
	}
	assert_false(ram_next_dirty(&ram, &page));
	ram_clean(&ram);
	page = 0;
	assert_false(ram_next_dirty(&ram, &page));
	ram_free(&ram);
}

/* Checks that the file has this byte at offset `at`. */
static void ram_check_file(int fd, u64 at, char want)
{
	char byte;

	assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
	assert_int_equal(byte, want);
}

/*
 * The memory has the bytes of a larger file, has them again after ram_clear(), and does not after
 * ram_zero(). Only memory that is shared changes the file.
 */
static void test_file(void **state)
{
	char path[] = "/tmp/baya-ram-XXXXXX";
	int fd = mkstemp(path);

	assert_int_equal(ftruncate(fd, (PAGES + 8) * PAGE_SIZE), 0);
	assert_int_equal(pwrite(fd, "a", 1, 3 * PAGE_SIZE), 1);
	assert_int_equal(pwrite(fd, "z", 1, (PAGES + 4) * PAGE_SIZE), 1);
	for (unsigned share = 0; share < 2; share++) {
		const struct ram_backing backing = { .file = path, .share = share };
		u64 at = 0, len;
		struct ram ram;

		assert_int_equal(ram_init_backed(&ram, "test", PAGES * PAGE_SIZE, &backing), 0);
		assert_int_equal(ram.host[3 * PAGE_SIZE], 'a');
		assert_true(ram_next_data(&ram, &at, &len));
		assert_true(at <= 3 * PAGE_SIZE && at + len > 3 * PAGE_SIZE);
		at += len;
		assert_false(ram_next_data(&ram, &at, &len));
		ram.host[5 * PAGE_SIZE] = 'b';
		ram_check_file(fd, 5 * PAGE_SIZE, share ? 'b' : 0);
		ram_clear(&ram);
		assert_int_equal(ram.host[3 * PAGE_SIZE], 'a');
		ram_zero(&ram, 0, PAGES * PAGE_SIZE);
		assert_int_equal(ram.host[3 * PAGE_SIZE], 0);
		ram_check_file(fd, 3 * PAGE_SIZE, share ? 0 : 'a');
		ram_check_file(fd, (PAGES + 4) * PAGE_SIZE, 'z');
		ram_free(&ram);
	}
	close(fd);
	assert_int_equal(unlink(path), 0);
}

/* The file is missing, empty or too small, or is a folder, in which an unnamed file is made. */
static void test_sizes_of_files(void **state)
{
	char folder[] = "/tmp/baya-ram-XXXXXX", path[64];
	struct ram_backing backing = { .file = path, .share = true, .prealloc = true };
	struct stat status;
	struct ram ram;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	assert_int_equal(ram_init_backed(&ram, "test", PAGES * PAGE_SIZE, &backing), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, PAGES * PAGE_SIZE);
	assert_true((u64)status.st_blocks * 512 >= PAGES * PAGE_SIZE);
	ram_free(&ram);
	assert_int_equal(truncate(path, 1), 0);
	assert_int_equal(ram_init_backed(&ram, "test", PAGES * PAGE_SIZE, &backing), -ERANGE);
	assert_int_equal(truncate(path, 0), 0);
	backing.share = false;
	assert_int_equal(ram_init_backed(&ram, "test", PAGES * PAGE_SIZE, &backing), 0);
	ram_free(&ram);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 0);
	assert_int_equal(unlink(path), 0);
	backing.file = folder;
	backing.share = true;
	assert_int_equal(ram_init_backed(&ram, "test", PAGES * PAGE_SIZE, &backing), 0);
	ram.host[0] = 1;
	ram_free(&ram);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(ram_init_backed(&ram, "test", PAGES * PAGE_SIZE,
					 &(struct ram_backing){ .file = path }),
			 -ENOENT);
}

/* The file of a running program can only be read, even by root (ETXTBSY). */
static void test_file_to_read(void **state)
{
	struct ram_backing backing = { .file = "/proc/self/exe" };
	struct ram ram;

	assert_int_equal(ram_init_backed(&ram, "test", PAGE_SIZE, &backing), 0);
	assert_memory_equal(ram.host, "\177ELF", 4);
	ram.host[0] = 0;
	ram_free(&ram);
	backing.share = true;
	assert_int_equal(ram_init_backed(&ram, "test", PAGE_SIZE, &backing), -ETXTBSY);
	backing = (struct ram_backing){ .file = "/dev/null" };
	assert_int_equal(ram_init_backed(&ram, "test", PAGE_SIZE, &backing), -EINVAL);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_sizes),
	cmocka_unit_test(test_untouched_memory_is_not_resident),
	cmocka_unit_test(test_a_page_alone_is_given_back),
	cmocka_unit_test(test_memory_of_the_process),
	cmocka_unit_test(test_preallocated_memory_of_the_process),
	cmocka_unit_test(test_written_marks_every_page_once),
	cmocka_unit_test(test_marks_are_of_64_bytes),
	cmocka_unit_test(test_zero_marks_only_what_held_something),
	cmocka_unit_test(test_next_data_finds_every_page_that_is_not_zero),
	cmocka_unit_test(test_is_zero_sees_every_byte),
	cmocka_unit_test(test_dirty_pages_are_found),
	cmocka_unit_test(test_file),
	cmocka_unit_test(test_sizes_of_files),
	cmocka_unit_test(test_file_to_read),
	{ 0 },
};
