/* SPDX-License-Identifier: MIT */
/* A run that a program controls by QMP: the program is told of all that stops the machine. */
#include "tests/cmocka.h"

#include <unistd.h>

#include "run_client.h"
#include "run_scene.h"
#include "tests/frontends/asleep.h"

#define PLACE "test_run_qmp.sock"

/* A machine that stops because its guest hangs reports that before it sleeps. */
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

		start(&child, CHILD_PIPES, &scene);
		client_come(&client, PLACE);
		client_tell(&client, "{\"execute\":\"qmp_capabilities\"} {\"execute\":\"cont\"}");
		client_hear(&client, "RESUME");
		child_expect(&child, "panicked and hangs");
		assert_true(await_asleep(child.pid));
		assert_true(client_has_heard(&client, "GUEST_PANICKED"));
		assert_true(client_has_heard(&client, "STOP"));
		client_tell(&client, "{\"execute\":\"quit\"}");
		assert_int_equal(code_of(&child), 6);
		close(client.fd);
		child_free(&child);
	}
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_panic_is_told), { 0 } };
