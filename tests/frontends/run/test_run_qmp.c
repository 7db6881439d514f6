/* SPDX-License-Identifier: MIT */
/* A run that a program controls by QMP: everything that stops the machine is reported to the
 * program. */
#include "tests/cmocka.h"

#include <unistd.h>

#include "run_client.h"
#include "run_scene.h"
#include "tests/frontends/asleep.h"

#define PLACE "test_run_qmp.sock"
#define QMP_CONT "{\"execute\":\"qmp_capabilities\"} {\"execute\":\"cont\"}"

/* Starts a run and sends it a text from its first client. */
static void begin(struct child *child, struct client *client, const struct scene *scene,
		  const char *text)
{
	start(child, CHILD_PIPES, scene);
	client_come(client, PLACE);
	client_send(client, text);
}

/* The run must end with this exit code. */
static void end(struct child *child, struct client *client, int code)
{
	assert_int_equal(code_of(child), code);
	close(client->fd);
	child_free(child);
}

/* A machine that stops because its guest hangs reports that before the process sleeps. */
static void test_panic_is_told(void **state)
{
	static const char *const options[] = {
		"-qmp unix:" PLACE ",server=on,wait=off -S -action panic=pause",
		"-qmp unix:" PLACE ",server=on,wait=off -S -no-shutdown",
	};

	for (unsigned n = 0; n < ARRAY_SIZE(options); n++) {
		const struct scene scene = { .slice = slice_panic_hang, .options = options[n] };
		struct client client;
		struct child child;

		begin(&child, &client, &scene, QMP_CONT);
		client_hear(&client, "RESUME");
		child_expect(&child, "panicked and hangs");
		assert_true(await_asleep(child.pid));
		assert_true(client_has_heard(&client, "GUEST_PANICKED"));
		assert_true(client_has_heard(&client, "STOP"));
		client_send(&client, "{\"execute\":\"quit\"}");
		end(&child, &client, 6);
	}
}

/* A slice of a machine that is dead until it is reset. */
static enum board_exit slice_dead_once(struct board *board)
{
	if (!board->resets)
		return BOARD_DEAD;
	platform_end(&board->platform, MACHINE_PASS, 0);
	return BOARD_ENDED;
}

/* A dead machine stays, as in QEMU, if a program or a person can reset or examine it. */
static void test_dead_stays(void **state)
{
	static const struct {
		const char *options, *begin, *end;
		int code;
	} cases[] = {
		{ "-qmp unix:" PLACE ",server=on,wait=off -S", QMP_CONT,
		  "{\"execute\":\"system_reset\"}", 0 },
		{ "-qmp unix:" PLACE ",server=on,wait=off -S", QMP_CONT,
		  "{\"execute\":\"quit\"}", 5 },
		{ "-monitor unix:" PLACE ",server=on,wait=off -S", "cont\n", "system_reset\n", 0 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		const struct scene scene = { .slice = slice_dead_once,
					     .options = cases[n].options };
		struct client client;
		struct child child;

		begin(&child, &client, &scene, cases[n].begin);
		child_expect(&child, "no hart can ever run again; the machine stays");
		assert_true(await_asleep(child.pid));
		client_send(&client, cases[n].end);
		end(&child, &client, cases[n].code);
	}
}

/* A slice of a kernel that panics and waits with interrupts off. */
static enum board_exit slice_panic_dead(struct board *board)
{
	slice_panic_hang(board);
	return BOARD_DEAD;
}

/* A dead machine whose kernel has panicked ends or stays, depending on -action. */
static void test_dead_panics(void **state)
{
	static const char *const options[] = {
		"-qmp unix:" PLACE ",server=on,wait=off -S",
		"-qmp unix:" PLACE ",server=on,wait=off -S -action panic=pause",
	};

	for (unsigned n = 0; n < ARRAY_SIZE(options); n++) {
		const struct scene scene = { .slice = slice_panic_dead, .options = options[n] };
		struct client client;
		struct child child;

		begin(&child, &client, &scene, QMP_CONT);
		child_expect(&child, "panicked and hangs");
		client_hear(&client, "GUEST_PANICKED");
		if (n > 0)
			client_send(&client, "{\"execute\":\"quit\"}");
		end(&child, &client, 6);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_panic_is_told), cmocka_unit_test(test_dead_stays),
	cmocka_unit_test(test_dead_panics), { 0 }
};
