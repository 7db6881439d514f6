/* SPDX-License-Identifier: MIT */
/* A program that controls a run by a socket, for tests of what it is told. */
#ifndef TESTS_FRONTENDS_RUN_RUN_CLIENT_H
#define TESTS_FRONTENDS_RUN_RUN_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct client {
	int fd;
	char seen[4096]; /* what has come since something was heard */
	size_t size;
};

/* Connects to a Unix socket. It exists before anybody listens at it, so connecting is retried for
 * 1500 seconds. */
void client_come(struct client *client, const char *path);

void client_tell(struct client *client, const char *text);

/* Reads until this text has come, and forgets what was read. */
void client_hear(struct client *client, const char *text);

/* Returns whether this text has come by now. */
bool client_has_heard(struct client *client, const char *text);

#endif
