/* SPDX-License-Identifier: MIT */
/* See run_client.h. */
#include "run_client.h"

#include <string.h>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/cmocka.h"

void client_come(struct client *client, const char *path)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = 1500 };

	assert_true(strlen(path) < sizeof(where.sun_path));
	strcpy(where.sun_path, path);
	*client = (struct client){ .fd = socket(AF_UNIX, SOCK_STREAM, 0) };
	assert_true(client->fd >= 0);
	for (unsigned tries = 0; connect(client->fd, (void *)&where, sizeof(where)); tries++) {
		assert_true(tries < 150000);
		usleep(10000);
	}
	setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

void client_send(struct client *client, const char *text)
{
	assert_int_equal(write(client->fd, text, strlen(text)), strlen(text));
}

/* Reads what has arrived, and returns what recv() does: the number of bytes, 0 at the end, -1 if
 * there are none. */
static ssize_t client_read(struct client *client, int flags)
{
	size_t room = sizeof(client->seen) - 1 - client->size;
	ssize_t got = recv(client->fd, client->seen + client->size, room, flags);

	client->size += got > 0 ? (size_t)got : 0;
	client->seen[client->size] = 0;
	return got;
}

void client_hear(struct client *client, const char *text)
{
	while (!strstr(client->seen, text))
		assert_true(client_read(client, 0) > 0);
	client->size = 0;
	client->seen[0] = 0;
}

bool client_has_heard(struct client *client, const char *text)
{
	while (client_read(client, MSG_DONTWAIT) > 0)
		;
	return strstr(client->seen, text);
}
