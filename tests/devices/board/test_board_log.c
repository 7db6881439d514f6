/* SPDX-License-Identifier: MIT */
/* Tests the comparison of two commit logs, in either format. */
#include "cpu/debug/commit.h"
#include "devices/board/board.h"
#include "devices/board/inspect/log.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START "core   0: 3 0x0000000080000000 (0x00000297) x5  0x0000000080000000\n"
#define SECOND "core   0: 3 0x0000000080000004 (0x00128293) x5  0x0000000080000001\n"
#define SECOND_OTHER "core   0: 3 0x0000000080000004 (0x00128293) x5  0x0000000080000002\n"
#define THIRD "core   0: 3 0x0000000080000008 (0x0062b023) mem 0x0000000080001000 0x00000001\n"
#define THIRD_OTHER "core   0: 3 0x0000000080000008 (0x0062b023) mem 0x0000000080001000 0x00000002\n"
#define BOOT "core   0: 3 0x0000000000001000 (0x00000297) x5  0x0000000000001000\n"
#define TRAP "core   0: exception trap_breakpoint, epc 0x000000008000000c\n" \
	     "core   0:           tval 0x0000000000000000\n"
#define HANDLER "core   0: 3 0x0000000080000100 (0x0001)\n"
#define OTHER_HART "core   1: 3 0x0000000080000000 (0x00000297) x5  0x0000000080000000\n"
#define WITH_CSR "core   0: 3 0x0000000080000010 (0x30001073) c768_mstatus 0x0000000000000000\n"
#define WITHOUT_CSR "core   0: 3 0x0000000080000010 (0x30001073)\n"
#define OTHER_CSR "core   0: 3 0x0000000080000010 (0x30001073) c768_mstatus 0x0000000000000008\n"
#define WIDEN "core   0: 3 0x0000000080000014 (0xd8606657) e8 m1 l16"
#define V12(digit) " v12 0x0000000000000000000000000000000" #digit
#define V13 " v13 0x00000000000000000000000000000007"

static const struct {
	const char *a, *b, *says;
	int result;
} comparisons[] = {
	{ START SECOND THIRD, START SECOND THIRD, "hart 0: 3 in agreement\n", 0 },
	{ START SECOND THIRD, START SECOND, "hart 0: 2 in agreement\n", 0 },
	{ START SECOND THIRD, START SECOND_OTHER THIRD, "1 in agreement, then different: x5",
	  1 },
	{ START SECOND THIRD, START SECOND THIRD_OTHER, "2 in agreement, then different: memory",
	  1 },
	{ START SECOND THIRD, START THIRD, "1 in agreement, then different: pc", 1 },
	{ BOOT START SECOND THIRD, START SECOND THIRD, "3 in agreement\n", 0 },
	{ "text\n" START ">>> f\n" SECOND, BOOT BOOT START SECOND, "2 in agreement\n",
	  0 },
	{ START SECOND TRAP HANDLER, START SECOND HANDLER, "3 in agreement\n", 0 },
	{ START SECOND TRAP HANDLER, START TRAP SECOND HANDLER,
	  "different: one traps and the other does not", 1 },
	{ START OTHER_HART SECOND, OTHER_HART START SECOND, "hart 1: 1 in agreement", 0 },
	{ START SECOND WITH_CSR, START SECOND WITHOUT_CSR, "3 in agreement\n", 0 },
	{ START SECOND WITH_CSR, START SECOND OTHER_CSR, "different: mstatus", 1 },
	/* A vector register that is unchanged need not be in both logs. */
	{ START WIDEN V12(5) "\n" WIDEN V12(5) V13 "\n", START WIDEN V12(5) "\n" WIDEN V13 "\n",
	  "3 in agreement\n", 0 },
	/* The registers are 0 at reset, but not known in a log that begins later. */
	{ BOOT START WIDEN V12(0) "\n", BOOT START WIDEN "\n", "3 in agreement\n", 0 },
	{ START WIDEN V12(0) "\n", START WIDEN "\n", "different: v12", 1 },
	/* The log that lists the register may not know that the other has another value. */
	{ START WIDEN V12(5) "\n" WIDEN V12(5) V13 "\n",
	  WIDEN V12(6) "\n" START WIDEN "\n" WIDEN V13 "\n", "different: v12", 1 },
	{ START WIDEN V12(5) "\n" WIDEN V13 "\n", START WIDEN V12(5) "\n" WIDEN V12(6) V13 "\n",
	  "different: v12", 1 },
	{ START, OTHER_HART, "different harts", 1 },
	{ BOOT, START, "nothing in common", 1 },
	{ "", START, "", -EINVAL },
};

static void write_log(const char *path, const char *text, bool json)
{
	FILE *file = fopen(path, "w");
	char copy[COMMIT_TEXT_MAX], line[COMMIT_TEXT_MAX], *rest = NULL;
	struct commit commit;

	assert_non_null(file);
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *at = strtok_r(copy, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest)) {
		if (!json || !commit_parse(at, &commit)) {
			fprintf(file, "%s\n", at);
			continue;
		}
		commit_print(&commit, COMMIT_JSON, line, sizeof(line));
		fputs(line, file);
	}
	fclose(file);
}

static void test_compare(void **state)
{
	char a[] = "/tmp/baya-log-a-XXXXXX", b[] = "/tmp/baya-log-b-XXXXXX";
	const struct board_logdiff logs = { .paths = { a, b } };
	struct board_logdiff no_csrs = logs;

	close(mkstemp(a));
	close(mkstemp(b));
	for (unsigned n = 0; n < ARRAY_SIZE(comparisons) * 2; n++) {
		struct board_error error = { .exit_code = 0 };
		char *text;
		size_t size;
		FILE *out = open_memstream(&text, &size);
		int result;

		assert_non_null(out);
		write_log(a, comparisons[n / 2].a, false);
		write_log(b, comparisons[n / 2].b, n % 2);
		result = board_logdiff(&logs, out, &error);
		fclose(out);
		if (result != comparisons[n / 2].result || !strstr(text, comparisons[n / 2].says))
			fail_msg("comparison %u: result %d, not %d with '%s':\n%s", n / 2, result,
				 comparisons[n / 2].result, comparisons[n / 2].says, text);
		assert_int_equal(error.exit_code, result < 0 ? 3 : 0);
		free(text);
	}
	write_log(a, START SECOND WITH_CSR, false);
	write_log(b, START SECOND OTHER_CSR, true);
	no_csrs.no_csrs = true;
	assert_int_equal(board_logdiff(&no_csrs, stdout, &(struct board_error){ 0 }), 0);
	unlink(a);
	unlink(b);
}

static void test_missing_file(void **state)
{
	const struct board_logdiff logs = { .paths = { "/nonexistent/a", "/nonexistent/b" } };
	struct board_error error;

	assert_int_equal(board_logdiff(&logs, stdout, &error), -ENOENT);
	assert_int_equal(error.exit_code, 3);
	assert_non_null(strstr(error.text, "/nonexistent/a"));
}

/* The pass over the log, from 1, in which it fails, and how. */
static struct fault {
	unsigned pass; /* 0: in none */
	bool opening; /* it cannot be opened; else it cannot be read to its end */
	unsigned passes;
	const char *left; /* what can be read */
} fault;

static ssize_t fault_read(void *cookie, char *data, size_t size)
{
	size_t count = MIN(size, strlen(fault.left));

	memcpy(data, fault.left, count);
	fault.left += count;
	errno = EIO;
	return count ? (ssize_t)count : -1;
}

FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);

FILE *__wrap_fopen(const char *path, const char *mode)
{
	if (!strstr(path, "log-b") || ++fault.passes != fault.pass)
		return __real_fopen(path, mode);
	errno = EMFILE;
	fault.left = START SECOND;
	return fault.opening ?
		       NULL :
		       fopencookie(NULL, mode, (cookie_io_functions_t){ .read = fault_read });
}

/* A log that cannot be read is not one that ends, in which case the logs would agree. */
static void test_unreadable(void **state)
{
	char a[] = "/tmp/baya-log-a-XXXXXX", b[] = "/tmp/baya-log-b-XXXXXX";
	const struct board_logdiff logs = { .paths = { a, b } };
	const unsigned pass_count = 3;

	close(mkstemp(a));
	close(mkstemp(b));
	write_log(a, START SECOND THIRD, false);
	write_log(b, START SECOND THIRD_OTHER, false);
	for (unsigned n = 0; n < 2 * pass_count; n++) {
		struct board_error error = { .exit_code = 0 };
		int result;

		fault = (struct fault){ .pass = 1 + n / 2, .opening = n % 2 };
		result = board_logdiff(&logs, stdout, &error);
		assert_int_equal(result, fault.opening ? -EMFILE : -EIO);
		assert_int_equal(error.exit_code, 3);
		assert_non_null(strstr(error.text, b));
		assert_non_null(strstr(error.text, strerror(-result)));
		assert_int_equal(fault.passes, fault.pass);
	}
	fault = (struct fault){ 0 };
	assert_int_equal(board_logdiff(&logs, stdout, &(struct board_error){ 0 }), 1);
	assert_int_equal(fault.passes, pass_count);
	unlink(a);
	unlink(b);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_compare),
	cmocka_unit_test(test_missing_file),
	cmocka_unit_test(test_unreadable),
	{ 0 },
};
