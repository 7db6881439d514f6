/* SPDX-License-Identifier: MIT */
/* A machine that must not start before somebody is there: signals, --timeout, keys and clients. */
#include "tests/cmocka.h"

#include <stdio.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "run_client.h"
#include "run_scene.h"
#include "frontends/host/exit_code.h"
#include "frontends/monitor/monitor.h"
#include "tests/frontends/asleep.h"

#define PLACE "test_run_wait.sock"
#define FIFO "test_run_wait.fifo"

/* The options of places at which the machine awaits a client, and what it says about that. */
static const struct {
	const char *option, *says;
} places[] = {
	{ "-qmp unix:" PLACE ",server=on",
	  "baya: -qmp unix:" PLACE ",server=on: waiting for a client; nowait would start at once" },
	{ "-monitor unix:" PLACE ",server=on", "-monitor unix:" PLACE ",server=on: waiting" },
	{ "-serial unix:" PLACE ",server=on",
	  "baya: waiting for a connection at " PLACE " (wait=off starts without)" },
};

static enum board_exit slice_pass(struct board *board)
{
	board->platform.end = MACHINE_PASS;
	return BOARD_ENDED;
}

/* Starts a run, which waits. */
static void start_waiting(struct child *child, unsigned place, const char *option)
{
	static char options[256];
	static struct scene scene = { .slice = slice_pass, .options = options };

	snprintf(options, sizeof(options), "%s %s", places[place].option, option);
	start(child, CHILD_PIPES, &scene);
	child_expect(child, places[place].says);
	assert_true(await_asleep(child->pid));
}

/* Signals that do not end a process do not end its waiting. */
static void test_other_signals(void **state)
{
	static const int signals[] = { SIGWINCH, SIGCONT };

	for (unsigned n = 0; n < ARRAY_SIZE(places); n++) {
		struct client client;
		struct child child;

		start_waiting(&child, n, "");
		for (unsigned i = 0; i < ARRAY_SIZE(signals); i++) {
			kill(child.pid, signals[i]);
			assert_true(await_asleep(child.pid));
		}
		client_come(&client, PLACE);
		assert_int_equal(code_of(&child), EXIT_WELL);
		close(client.fd);
		child_free(&child);
	}
}

static void test_ends(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(places); n++) {
		struct child child;

		start_waiting(&child, n, "");
		kill(child.pid, SIGTERM);
		assert_int_equal(code_of(&child), EXIT_SIGNAL + SIGTERM);
		child_free(&child);
		start_waiting(&child, n, "--timeout=0.1");
		assert_int_equal(code_of(&child), EXIT_LIMIT);
		child_free(&child);
	}
}

/* Keys and other clients are served meanwhile. */
static void test_served(void **state)
{
	static const struct scene scene = { .slice = slice_pass,
					    .options = "-qmp unix:" PLACE ",server=on" };
	struct client client;
	struct child child;

	expect_talk(&scene, CHILD_TTY, TALK({ "waiting for a client", "\x01x", true }), EXIT_WELL);
	start_waiting(&child, 2, "-monitor unix:" PLACE ".2,server=on,wait=off");
	client_come(&client, PLACE ".2");
	client_hear(&client, MONITOR_PROMPT);
	client_send(&client, "quit\n");
	assert_int_equal(code_of(&child), EXIT_WELL);
	close(client.fd);
	child_free(&child);
}

static enum board_exit slice_says(struct board *board)
{
	say(board, "hello");
	return slice_pass(board);
}

/* A FIFO that nobody has opened for reading is waited for in the same way. */
static void test_fifo(void **state)
{
	static const struct {
		const char *options;
		int signal, code;
	} cases[] = {
		{ "-serial file:" FIFO, SIGTERM, EXIT_SIGNAL + SIGTERM },
		{ "-serial file:" FIFO " --timeout=0.1", SIGWINCH, EXIT_LIMIT },
		{ "-serial file:" FIFO, SIGWINCH, EXIT_WELL },
	};
	char seen[6] = "";

	unlink(FIFO);
	assert_int_equal(mkfifo(FIFO, 0600), 0);
	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct scene scene = { .slice = slice_says, .options = cases[n].options };
		struct child child;
		int reader = -1;

		start(&child, CHILD_PIPES, &scene);
		child_expect(&child, "baya: waiting for a reader of '" FIFO "'");
		assert_true(await_asleep(child.pid));
		kill(child.pid, cases[n].signal);
		if (cases[n].code == EXIT_WELL)
			reader = open(FIFO, O_RDONLY);
		assert_int_equal(code_of(&child), cases[n].code);
		if (reader >= 0)
			assert_int_equal(read(reader, seen, sizeof(seen)), 5);
		close(reader);
		child_free(&child);
	}
	assert_string_equal(seen, "hello");
	unlink(FIFO);
}

/* The file of a socket cannot be opened, for the same reason, but nobody is waited for. */
static void test_no_fifo(void **state)
{
	struct scene scene = { .slice = slice_says, .options = "-serial file:" FIFO };
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = FIFO };
	const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	struct child child;

	(void)state;
	unlink(FIFO);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	start(&child, CHILD_PIPES, &scene);
	child_expect(&child, "cannot write to '" FIFO "'");
	assert_int_equal(code_of(&child), EXIT_HOST);
	child_free(&child);
	close(listener);
	unlink(FIFO);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_other_signals),
	cmocka_unit_test(test_ends),
	cmocka_unit_test(test_served),
	cmocka_unit_test(test_fifo),
	cmocka_unit_test(test_no_fifo),
	{ 0 },
};
