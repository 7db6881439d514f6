/* SPDX-License-Identifier: MIT */
/* A run with a debugger: everything that stops the machine stops it, and the debugger is told. */
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "run_scene.h"

#define PLACE "test_run_debugger.sock"

struct client {
	int fd;
	char seen[4096];
	size_t size;
};

/* The socket exists before anybody listens at it, so connecting is retried for 200 seconds. */
static void come(struct client *client)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX, .sun_path = PLACE };
	struct timeval patience = { .tv_sec = 1500 };

	*client = (struct client){ .fd = socket(AF_UNIX, SOCK_STREAM, 0) };
	assert_true(client->fd >= 0);
	for (unsigned tries = 0; connect(client->fd, (void *)&where, sizeof(where)); tries++) {
		assert_true(tries < 150000);
		usleep(10000);
	}
	setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

static void run_debugger_tell(struct client *client, const char *packet)
{
	assert_int_equal(write(client->fd, packet, strlen(packet)), strlen(packet));
}

/* Reads until a packet begins with this text, and forgets what was read. */
static void hear(struct client *client, const char *packet)
{
	while (!strstr(client->seen, packet)) {
		size_t room = sizeof(client->seen) - 1 - client->size;
		ssize_t got = read(client->fd, client->seen + client->size, room);

		assert_true(got > 0);
		client->size += (size_t)got;
		client->seen[client->size] = 0;
	}
	client->size = 0;
	client->seen[0] = 0;
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
	come(&client);
	run_debugger_tell(&client, "$?#3f");
	hear(&client, "$T05");
	run_debugger_tell(&client, "$c#63");
	child_expect(&child, "panicked and hangs");
	hear(&client, "$T02");
	child_type(&child, "\001cinfo status\r", 14);
	child_expect(&child, "VM status: paused (guest-panicked)");
	run_debugger_tell(&client, "$c#63");
	hear(&client, "+");
	child_type(&child, "info status\r", 12);
	child_expect(&child, "VM status: running");
	child_type(&child, "stop\r", 5);
	hear(&client, "$T02");
	child_type(&child, "quit\r", 5);
	assert_int_equal(code_of(&child), 6);
	close(client.fd);
	child_free(&child);
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_stop_stays), { 0 } };
