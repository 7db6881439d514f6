/* SPDX-License-Identifier: MIT */
/* A run whose serial port is a socket or a pipe: a reader that comes late or is slow loses nothing,
 * and the monitor can share it. */
#include "tests/cmocka.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/clock.h"
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

/* A slice of a guest that writes what it reads, and writes a line at first. */
static enum board_exit slice_echo(struct board *board)
{
	if (board->slices == 1)
		say(board, "up\n");
	return BOARD_IDLE;
}

/* The serial port and the monitor share a socket: commands are executed there while the machine
 * is stopped, too, and what was typed for the guest meanwhile comes to it afterwards. */
static void test_shared_with_the_monitor(void **state)
{
	static const struct scene scene = { .slice = slice_echo, .echo = true,
					    .options = "-serial mon:unix:" PLACE ",server=on" };
	static const char *const talk[][2] = {
		{ "one", "one" },
		{ "\x01"
		  "c",
		  "help lists the commands\r\n(baya) " },
		{ "stop\r", "stop\r\n(baya) " },
		{ "info status\n", "VM status: paused\r\n" },
		{ "info chardev\r", "serial0: socket" },
		{ "\x01"
		  "c"
		  "two",
		  "\r\n" },
		{ "\x01"
		  "ccont\r",
		  "two" },
		{ "\x01"
		  "h",
		  "Ctrl-a Ctrl-a  send Ctrl-a to the guest\r\n" },
		{ "\x01"
		  "c\x01\x01three",
		  "\x01three" },
		{ NULL, NULL },
	};
	struct client client;
	struct child child;

	start(&child, CHILD_PIPES, &scene);
	client_come(&client, PLACE);
	client_hear(&client, "up\n");
	for (unsigned n = 0; talk[n][0]; n++) {
		client_send(&client, talk[n][0]);
		client_hear(&client, talk[n][1]);
	}
	client_send(&client, "\x01x");
	leave(&child, &client, 0);
}

/* A machine that stands still, since it is stopped or its guest is idle, is looked after as soon as
 * somebody types. */
static void test_typed_while_nothing_runs(void **state)
{
	static const struct scene scene = { .slice = slice_echo, .echo = true,
					    .options = "-serial mon:unix:" PLACE ",server=on" };
	struct client client;
	struct child child;
	u64 before;

	start(&child, CHILD_PIPES, &scene);
	client_come(&client, PLACE);
	client_hear(&client, "up\n");
	client_send(&client, "\x01"
			     "cstop\r");
	client_hear(&client, "stop\r\n(baya) ");
	before = clock_host_ns();
	client_send(&client, "\x01"
			     "ctwo\x01"
			     "ccont\r");
	client_hear(&client, "two"); /* the guest's echo, after it goes on */
	client_send(&client, "\x01x");
	leave(&child, &client, 0);
	assert_true(clock_host_ns() - before < 5 * NS_PER_S);
}

#define PIPE "test_run_ports.pipe"

/* Reads the text from a pipe or terminal, byte by byte, and what precedes it. */
static void hear(int fd, const char *text)
{
	char seen[64] = "";

	for (size_t size = 0; !strstr(seen, text); size++) {
		assert_true(size < sizeof(seen) - 1);
		assert_int_equal(read(fd, seen + size, 1), 1);
	}
}

/* Two named pipes: Baya keeps both open, so that programs which write can come and go. */
static void test_pipes(void **state)
{
	static const struct scene scene = { .slice = slice_echo, .echo = true,
					    .options = "-serial pipe:" PIPE };
	static const char *const words[] = { "one", "two" };
	struct child child;
	int in, out;

	expect_end(&scene, 3,
		   "cannot open '" PIPE ".in' and '" PIPE ".out', nor '" PIPE "': No "
		   "such file or directory; mkfifo makes pipes");
	assert_int_equal(mkfifo(PIPE ".in", 0600) | mkfifo(PIPE ".out", 0600), 0);
	start(&child, CHILD_PIPES, &scene);
	out = open(PIPE ".out", O_RDONLY);
	hear(out, "up\n");
	for (unsigned n = 0; n < ARRAY_SIZE(words); n++) {
		in = open(PIPE ".in", O_WRONLY);
		assert_int_equal(write(in, words[n], strlen(words[n])), strlen(words[n]));
		close(in);
		hear(out, words[n]);
	}
	kill(child.pid, SIGTERM);
	assert_int_equal(code_of(&child), EXIT_SIGNAL + SIGTERM);
	child_free(&child);
	close(out);
	assert_int_equal(unlink(PIPE ".in") | unlink(PIPE ".out"), 0);
}

/* Without the two pipes, the path itself has both directions; here it is a terminal. */
static void test_pipe_that_is_a_terminal(void **state)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	char options[64];
	struct scene scene = { .slice = slice_echo, .echo = true, .options = options };
	struct child child;

	assert_true(master >= 0 && !grantpt(master) && !unlockpt(master));
	snprintf(options, sizeof(options), "-serial pipe:%s", ptsname(master));
	start(&child, CHILD_PIPES, &scene);
	hear(master, "up\r\n");
	assert_int_equal(write(master, "x\n", 2), 2);
	hear(master, "x\r\nx\r\n"); /* the terminal's echo, and the guest's */
	kill(child.pid, SIGTERM);
	assert_int_equal(code_of(&child), EXIT_SIGNAL + SIGTERM);
	child_free(&child);
	close(master);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_late_reader),
	cmocka_unit_test(test_late_reader_of_a_stopped_machine),
	cmocka_unit_test(test_no_reader),
	cmocka_unit_test(test_reader_gone),
	cmocka_unit_test(test_quit_after_the_end),
	cmocka_unit_test(test_shared_with_the_monitor),
	cmocka_unit_test(test_typed_while_nothing_runs),
	cmocka_unit_test(test_pipes),
	cmocka_unit_test(test_pipe_that_is_a_terminal),
	{ 0 },
};
