/* SPDX-License-Identifier: MIT */
/* A run with a debugger: everything that stops the machine is reported to the debugger. */
#include "tests/cmocka.h"

#include <signal.h>
#include <unistd.h>

#include "run_client.h"
#include "run_scene.h"
#include "frontends/host/exit_code.h"

#define PLACE "test_run_debugger.sock"

/* Starts a machine, and a debugger that lets it run. */
static void begin(struct child *child, struct client *client, const struct scene *scene)
{
	start(child, CHILD_PIPES, scene);
	client_come(client, PLACE);
	client_send(client, "$c#63");
}

/* The run must end with this code. */
static void end(struct child *child, const struct client *client, int code)
{
	assert_int_equal(code_of(child), code);
	close(client->fd);
	child_free(child);
}

/* A stop that happens while the machine runs lasts until the debugger continues again. */
static void test_stop_stays(void **state)
{
	static const struct scene scene = { .slice = slice_panic_hang,
					    .options = "-gdb unix:" PLACE
						       " -S -action panic=pause" };
	struct client client;
	struct child child;

	start(&child, CHILD_TTY, &scene);
	client_come(&client, PLACE);
	client_send(&client, "$?#3f");
	client_hear(&client, "$T05");
	client_send(&client, "$c#63");
	child_expect(&child, "panicked and hangs");
	client_hear(&client, "$T02");
	child_type(&child, "\001cinfo status\r", 14);
	child_expect(&child, "VM status: paused (guest-panicked)");
	client_send(&client, "$c#63");
	client_hear(&client, "+");
	child_type(&child, "info status\r", 12);
	child_expect(&child, "VM status: running");
	child_type(&child, "stop\r", 5);
	client_hear(&client, "$T02");
	child_type(&child, "quit\r", 5);
	end(&child, &client, 6);
}

static enum board_exit slice_fails(struct board *board)
{
	board->platform.end = MACHINE_FAIL;
	board->platform.end_code = 100;
	return BOARD_ENDED;
}

/* The debugger is told the program's own exit code, which is not that of Baya. */
static void test_program_code(void **state)
{
	static const struct scene scene = { .slice = slice_fails,
					    .options = "-gdb unix:" PLACE " -S" };
	struct client client;
	struct child child;

	begin(&child, &client, &scene);
	client_hear(&client, "$W64");
	end(&child, &client, 1);
}

/* A signal that ends the run is reported to the debugger, too. */
static void test_signal_told(void **state)
{
	static const struct scene scene = { .slice = slice_panic_hang,
					    .options = "-gdb unix:" PLACE " -S" };
	struct client client;
	struct child child;

	begin(&child, &client, &scene);
	child_expect(&child, "no root");
	kill(child.pid, SIGTERM);
	client_hear(&client, "$X0f");
	end(&child, &client, EXIT_SIGNAL + SIGTERM);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_stop_stays),
	cmocka_unit_test(test_program_code),
	cmocka_unit_test(test_signal_told),
	{ 0 },
};
