/* SPDX-License-Identifier: MIT */
/*
 * Tests HTIF: the commands that are implemented and their answers, that a read of the console waits
 * for a byte, and what is logged about commands that are not implemented.
 */
#include "tests/devices/fixture.h"

#include "devices/htif.h"
#include "devices/uart.h"

#define TOHOST FIXTURE_RAM
#define FROMHOST (FIXTURE_RAM + 64)
#define CALL (FIXTURE_RAM + 128)
#define TEXT (FIXTURE_RAM + 256)
#define CONSOLE(command) (1ull << 56 | (u64)(command) << 48)

struct host {
	struct fixture f;
	struct uart uart;
	struct htif htif;
	char written[64];
	size_t count;
};

static void note_written(void *ctx, const u8 *data, size_t size)
{
	struct host *host = ctx;

	assert_true(host->count + size <= sizeof(host->written));
	memcpy(host->written + host->count, data, size);
	host->count += size;
}

static int setup(void **state)
{
	struct host *host = calloc(1, sizeof(*host));

	fixture_init(&host->f, CLOCK_VIRTUAL);
	assert_int_equal(uart_attach(&host->uart, &host->f.platform, FIXTURE_BASE,
				     fixture_irq(&host->f)),
			 0);
	host->uart.chardev.write = note_written;
	host->uart.chardev.ctx = host;
	platform_reset(&host->f.platform);
	host->htif = (struct htif){ .platform = &host->f.platform, .console = &host->uart,
				    .tohost = TOHOST, .fromhost = FROMHOST };
	host->f.platform.log.items = LOG_UNIMP;
	host->f.platform.log.file = tmpfile();
	assert_non_null(host->f.platform.log.file);
	*state = host;
	return 0;
}

static int teardown(void **state)
{
	fclose(((struct host *)*state)->f.platform.log.file);
	return fixture_teardown(state);
}

static u64 word(struct host *host, u64 at)
{
	u64 value = 0;

	assert_true(bus_load(&host->f.platform.bus, at, 8, &value));
	return value;
}

static void set_word(struct host *host, u64 at, u64 value)
{
	assert_true(bus_store(&host->f.platform.bus, at, 8, value));
}

/* Gives a command. Returns the answer and clears it. */
static u64 command(struct host *host, u64 value)
{
	u64 answer;

	set_word(host, TOHOST, value);
	htif_poll(&host->htif);
	assert_int_equal(word(host, TOHOST), 0);
	answer = word(host, FROMHOST);
	set_word(host, FROMHOST, 0);
	return answer;
}

static u64 call(struct host *host, u64 number, u64 fd, u64 size)
{
	set_word(host, CALL, number);
	set_word(host, CALL + 8, fd);
	set_word(host, CALL + 16, TEXT);
	set_word(host, CALL + 24, size);
	assert_int_equal(command(host, CALL), 1);
	return word(host, CALL);
}

static void put(struct host *host, const char *text)
{
	chardev_put(&host->uart.chardev, &host->f.platform.journal, (const u8 *)text, strlen(text));
}

static void test_write(void **state)
{
	struct host *host = *state;

	set_word(host, TEXT, 0x216968); /* "hi!" */
	assert_int_equal(call(host, 64, 1, 3), 3);
	assert_int_equal(call(host, 64, 2, 2), 2);
	assert_int_equal(command(host, CONSOLE(1) | '.'), 0);
	assert_int_equal(host->count, 6);
	assert_memory_equal(host->written, "hi!hi.", 6);
	/* No other file is open. */
	assert_int_equal((s64)call(host, 64, 0, 3), -9);
	assert_int_equal((s64)call(host, 64, 77, 3), -9);
	assert_int_equal(host->count, 6);
}

static void test_read(void **state)
{
	struct host *host = *state;

	assert_int_equal(command(host, CONSOLE(0)), 0);
	assert_true(chardev_room(&host->uart.chardev) > 0);
	htif_receive(&host->htif);
	assert_int_equal(word(host, FROMHOST), 0);
	/* A write that comes before the byte gets no answer, which would be taken for the byte. */
	assert_int_equal(command(host, CONSOLE(1) | '?'), 0);
	put(host, "a");
	set_word(host, FROMHOST, 1);
	htif_receive(&host->htif);
	assert_int_equal(word(host, FROMHOST), 1);
	set_word(host, FROMHOST, 0);
	htif_receive(&host->htif);
	assert_int_equal(word(host, FROMHOST), CONSOLE(0) | 0x100 | 'a');
	/*
	 * A byte that waits is the immediate answer to a read, and no byte is delivered without a
	 * read.
	 */
	set_word(host, FROMHOST, 0);
	put(host, "b");
	htif_receive(&host->htif);
	assert_int_equal(word(host, FROMHOST), 0);
	assert_int_equal(command(host, CONSOLE(0)), CONSOLE(0) | 0x100 | 'b');
}

/* Each command that is not implemented is logged once. */
static void test_missing(void **state)
{
	static const char expected[] = "htif: device 0: system call 56 is not there\n"
				       "htif: device 0: system call 2011 is not there\n"
				       "htif: device 1: command 255 is not there\n"
				       "htif: device 2: command 3 is not there\n";
	struct host *host = *state;
	FILE *log = host->f.platform.log.file;
	char text[sizeof(expected) + 1];

	for (unsigned n = 0; n < 2; n++) {
		assert_int_equal((s64)call(host, 56, 0, 0), -38);
		assert_int_equal((s64)call(host, 2011, 0, 0), -38);
		assert_int_equal(command(host, CONSOLE(255)), 0);
		assert_int_equal(command(host, 2ull << 56 | 3ull << 48), 0);
	}
	rewind(log);
	assert_int_equal(fread(text, 1, sizeof(text), log), sizeof(expected) - 1);
	assert_memory_equal(text, expected, sizeof(expected) - 1);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

const struct CMUnitTest unit_tests[] = { TEST(test_write), TEST(test_read), TEST(test_missing),
					 { 0 } };
