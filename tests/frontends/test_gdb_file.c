/* SPDX-License-Identifier: MIT */
/* frontends/gdb/file.c: the one file that a client may read, and clients that ask for others. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frontends/gdb/command.h"
#include "tests/cmocka.h"

#define FILE_SIZE 20000
#define PATH "2f612e656c66" /* "/a.elf" */

struct fixture {
	struct gdb gdb;
	char *answer;
	size_t size;
};

static int gdb_file_setup(void **state)
{
	struct fixture *f = *state = calloc(1, sizeof(*f));

	f->gdb.file.name = "a.elf";
	f->gdb.file.fd = memfd_create("elf", 0);
	f->gdb.file.size = FILE_SIZE;
	for (unsigned n = 0; n < FILE_SIZE; n++) {
		u8 byte = (u8)(n * 7);

		assert_int_equal(write(f->gdb.file.fd, &byte, 1), 1);
	}
	return 0;
}

static int gdb_file_teardown(void **state)
{
	struct fixture *f = *state;

	close(f->gdb.file.fd);
	free(f->answer);
	free(f);
	return 0;
}

static void gdb_file_ask(struct fixture *f, gdb_handler handle, const char *text)
{
	struct gdb_call call = { text, (const u8 *)text, strlen(text), NULL, false };

	free(f->answer);
	f->answer = NULL;
	call.out = open_memstream(&f->answer, &f->size);
	handle(&f->gdb, &call);
	fclose(call.out);
}

static void gdb_file_expect(struct fixture *f, const char *text, const char *answer)
{
	gdb_file_ask(f, gdb_vfile, text);
	assert_string_equal(f->answer, answer);
}

static void test_name(void **state)
{
	static const char *const none[] = {
		"2:0,100", "", "0:0,100", ":0", "g:0,1", ":,", "-1:0,5"
	};
	struct fixture *f = *state;

	gdb_file_ask(f, gdb_exec_file, ":0,100");
	assert_string_equal(f->answer, "l/a.elf");
	gdb_file_ask(f, gdb_exec_file, "1:1,2");
	assert_string_equal(f->answer, "ma.");
	gdb_file_ask(f, gdb_exec_file, ":ffffffffffffffff,ffffffffffffffff");
	assert_string_equal(f->answer, "l");
	for (unsigned n = 0; n < ARRAY_SIZE(none); n++) {
		gdb_file_ask(f, gdb_exec_file, none[n]);
		assert_int_equal(f->answer[0], 'E');
	}
}

static void test_read(void **state)
{
	struct fixture *f = *state;
	static const char head[] = "F1ff0;"; /* fits into a packet if all is escaped */

	gdb_file_expect(f, "setfs:0", "F0");
	gdb_file_expect(f, "open:" PATH ",0,1c0", "F0");
	gdb_file_ask(f, gdb_vfile, "pread:0,4,2");
	assert_int_equal(f->size, 3 + 4);
	assert_memory_equal(f->answer, "F4;\016\025\034\043", 7);
	gdb_file_ask(f, gdb_vfile, "pread:0,ffffffffffffffff,0");
	assert_int_equal(f->size, strlen(head) + 0x1ff0);
	assert_memory_equal(f->answer, head, strlen(head));
	assert_true(GDB_FRAMED(f->size) <= 2 * GDB_PACKET_MAX);
	gdb_file_ask(f, gdb_vfile, "pread:0,10,4e1f"); /* the last byte */
	assert_int_equal(f->size, 3 + 1);
	gdb_file_expect(f, "pread:0,10,4e20", "F0;");
	gdb_file_expect(f, "pread:0,10,ffffffffffffffff", "F0;");
	gdb_file_expect(f, "pread:0,10,8000000000000000", "F0;");
	gdb_file_expect(f, "pread:0,0,0", "F0;");
	gdb_file_expect(f, "close:0", "F0");
	gdb_file_expect(f, "pread:0,4,2", "F-1,9");
}

static void test_stat(void **state)
{
	struct fixture *f = *state;

	gdb_file_expect(f, "open:" PATH ",0,0", "F0");
	gdb_file_ask(f, gdb_vfile, "fstat:0");
	assert_int_equal(f->size, 4 + 64);
	assert_memory_equal(f->answer, "F40;", 4);
	/* The mode of a regular file that can be read. */
	assert_memory_equal(f->answer + 4 + 8, "\0\0\x81\x24", 4);
	assert_memory_equal(f->answer + 4 + 28, "\0\0\0\0\0\0\x4e\x20", 8);
	gdb_file_expect(f, "fstat:1", "F-1,9");
}

/* Only this path can be opened, and only for reading. */
static void test_others(void **state)
{
	struct fixture *f = *state;

	gdb_file_expect(f, "open:2f6574632f706173737764,0,0", "F-1,2"); /* /etc/passwd */
	gdb_file_expect(f, "open:2f2e2e2f612e656c66,0,0", "F-1,2"); /* "/../a.elf" */
	gdb_file_expect(f, "open:612e656c66,0,0", "F-1,2"); /* without the slash of the root */
	gdb_file_expect(f, "open:" PATH "00,0,0", "F-1,2");
	gdb_file_expect(f, "open:2f612e656c,0,0", "F-1,2");
	gdb_file_expect(f, "open:,0,0", "F-1,2");
	gdb_file_expect(f, "open:zz612e656c66,0,0", "F-1,2");
	for (unsigned flags = 1; flags <= 3; flags++) {
		char text[64];

		snprintf(text, sizeof(text), "open:" PATH ",%x,1ff", flags);
		gdb_file_expect(f, text, "F-1,1e");
	}
	gdb_file_expect(f, "open:" PATH ",601,1ff", "F-1,1e"); /* created, truncated */
	gdb_file_expect(f, "open:" PATH, "F-1,16");
	gdb_file_expect(f, "open:" PATH ",0", "F-1,16");
	gdb_file_expect(f, "open:" PATH ",0,0,0", "F-1,16");
	gdb_file_expect(f, "unlink:" PATH, "");
	gdb_file_expect(f, "pwrite:0,0,x", "");
	gdb_file_expect(f, "readlink:" PATH, "");
	assert_int_equal(f->gdb.file.opened, 0);
}

static void test_descriptors(void **state)
{
	static const char *const bad[] = { "10", "11", "20", "40", "ffffffffffffffff", "-1", "", "x",
					   "10000000000000000" };
	struct fixture *f = *state;
	char text[64];

	for (unsigned n = 0; n < 16; n++) {
		snprintf(text, sizeof(text), "F%x", n);
		gdb_file_expect(f, "open:" PATH ",0,0", text);
	}
	gdb_file_expect(f, "open:" PATH ",0,0", "F-1,18");
	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		snprintf(text, sizeof(text), "pread:%s,1,0", bad[n]);
		gdb_file_expect(f, text, "F-1,9");
		snprintf(text, sizeof(text), "fstat:%s", bad[n]);
		gdb_file_expect(f, text, "F-1,9");
		snprintf(text, sizeof(text), "close:%s", bad[n]);
		gdb_file_expect(f, text, "F-1,9");
	}
	gdb_file_expect(f, "pread:3", "F-1,16");
	gdb_file_expect(f, "pread:3,1", "F-1,16");
	gdb_file_expect(f, "pread:3,,", "F-1,16");
	gdb_file_expect(f, "pread:3,1,0,0", "F-1,16");
	gdb_file_expect(f, "close:3", "F0");
	gdb_file_expect(f, "close:3", "F-1,9");
	gdb_file_expect(f, "open:" PATH ",0,0", "F3");
}

/* Without an ELF file the packets are not supported. */
static void test_none(void **state)
{
	struct fixture *f = *state;
	int fd = f->gdb.file.fd;

	f->gdb.file.fd = -1;
	gdb_file_expect(f, "setfs:0", "");
	gdb_file_expect(f, "open:" PATH ",0,0", "");
	gdb_file_ask(f, gdb_exec_file, ":0,100");
	assert_int_equal(f->answer[0], 'E');
	f->gdb.file.fd = fd;
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_name, gdb_file_setup, gdb_file_teardown),
	cmocka_unit_test_setup_teardown(test_read, gdb_file_setup, gdb_file_teardown),
	cmocka_unit_test_setup_teardown(test_stat, gdb_file_setup, gdb_file_teardown),
	cmocka_unit_test_setup_teardown(test_others, gdb_file_setup, gdb_file_teardown),
	cmocka_unit_test_setup_teardown(test_descriptors, gdb_file_setup,
					gdb_file_teardown),
	cmocka_unit_test_setup_teardown(test_none, gdb_file_setup, gdb_file_teardown),
	{ 0 },
};
