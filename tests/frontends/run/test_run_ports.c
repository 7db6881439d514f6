/* SPDX-License-Identifier: MIT */
/* A run whose serial port is a socket: a reader that comes late or is slow loses nothing. */
#include "tests/cmocka.h"

#include <string.h>

#include <signal.h>
#include <unistd.h>

#include "run_client.h"
#include "run_scene.h"
#include "frontends/host/exit_code.h"
#include "tests/frontends/asleep.h"

#define PLACE "test_run_ports.sock"
#define LINE 4096
#define SERIAL "-serial unix:" PLACE ",server=on "
#define SOME 60 /* lines that fill a socket while the machine still runs */
#define MANY 1000 /* lines for which the machine has to wait */

static enum board_exit write_lines(struct board *board, unsigned lines)
{
	u8 line[LINE];

	memset(line, 'x', sizeof(line));
	/* Each byte is written by itself, as by a UART. */
	for (unsigned n = 0; n < LINE; n++)
		chardev_write(&board->serial, &line[n], 1);
	if (board->slices < lines)
		return BOARD_SLICE;
	board->platform.end = MACHINE_PASS;
	return BOARD_ENDED;
}

static enum board_exit slice_some(struct board *board)
{
	return write_lines(board, SOME);
}

static enum board_exit slice_many(struct board *board)
{
	return write_lines(board, MANY);
}

/* Returns how many bytes come until the end, but at most until there are `most`. */
static size_t read_all(const struct client *client, size_t most)
{
	static char data[LINE];
	size_t all = 0;
	ssize_t got = 1;

	while (got > 0 && all < most) {
		got = read(client->fd, data, sizeof(data));
		assert_true(got >= 0);
		all += (size_t)got;
	}
	return all;
}

/* Starts the run, and waits until it sleeps; returns how many bytes were read before that. */
static size_t come_and_wait(struct child *child, struct client *client, const struct scene *scene)
{
	size_t got;

	start(child, CHILD_PIPES, scene);
	client_come(client, PLACE);
	/* A machine that has not begun to run sleeps as well, so one byte is awaited first. */
	got = read_all(client, 1);
	assert_true(await_asleep(child->pid));
	return got;
}

static void leave(struct child *child, struct client *client, int code)
{
	assert_int_equal(code_of(child), code);
	close(client->fd);
	child_free(child);
}

/* The guest ends while the reader does not read, and the run ends when all is read. */
static void test_late_reader(void **state)
{
	static const struct scene scenes[] = {
		{ .slice = slice_some, .options = SERIAL },
		{ .slice = slice_many, .options = SERIAL },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(scenes); n++) {
		struct client client;
		struct child child;
		size_t got = come_and_wait(&child, &client, &scenes[n]);

		assert_int_equal(got + read_all(&client, SIZE_MAX), (n ? MANY : SOME) * LINE);
		leave(&child, &client, 0);
	}
}

/* A machine that is stopped writes the rest of the output. */
static void test_late_reader_of_a_stopped_machine(void **state)
{
	static const struct scene scene = { .slice = slice_some,
					    .options = SERIAL "-no-shutdown" };
	struct client client;
	struct child child;
	size_t got = come_and_wait(&child, &client, &scene), rest = SOME * LINE - got;

	assert_int_equal(read_all(&client, rest), rest);
	kill(child.pid, SIGTERM);
	leave(&child, &client, EXIT_SIGNAL + SIGTERM);
}

static int check_held(struct board *board, int code)
{
	return board->slices < MANY ? code : 90;
}

/* The client never reads: the guest waits, and a signal ends the run. */
static void test_no_reader(void **state)
{
	static const struct scene scene = { .slice = slice_many, .options = SERIAL,
					    .after = check_held };
	struct client client;
	struct child child;

	come_and_wait(&child, &client, &scene);
	kill(child.pid, SIGTERM);
	leave(&child, &client, EXIT_SIGNAL + SIGTERM);
}

/* The reader leaves: what it has not read is lost, and the machine continues. */
static void test_reader_gone(void **state)
{
	static const struct scene scene = { .slice = slice_many, .options = SERIAL };
	struct client client;
	struct child child;

	come_and_wait(&child, &client, &scene);
	close(client.fd);
	client.fd = -1;
	leave(&child, &client, 0);
}

/* The guest has ended and the client does not read; nevertheless `quit` ends the run. */
static void test_quit_after_the_end(void **state)
{
	static const struct scene scene = { .slice = slice_some,
					    .options = SERIAL "-monitor stdio" };
	struct client client;
	struct child child;

	come_and_wait(&child, &client, &scene);
	child_type(&child, "quit\n", 5);
	leave(&child, &client, 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_late_reader),
	cmocka_unit_test(test_late_reader_of_a_stopped_machine),
	cmocka_unit_test(test_no_reader),
	cmocka_unit_test(test_reader_gone),
	cmocka_unit_test(test_quit_after_the_end),
	{ 0 },
};
