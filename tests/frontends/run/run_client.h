/* SPDX-License-Identifier: MIT */
/* A client that controls a run through a socket, for tests of what it is told. */
#ifndef TESTS_FRONTENDS_RUN_RUN_CLIENT_H
#define TESTS_FRONTENDS_RUN_RUN_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct client {
	int fd;
	char seen[4096]; /* the text that has arrived since client_hear last returned */
	size_t size;
};

/*
 * Connects to a Unix socket. Retries for 1500 seconds, because the socket exists before Baya
 * listens on it.
 */
void client_come(struct client *client, const char *path);

void client_send(struct client *client, const char *text);

/* Reads until this text has arrived, and discards what was read. */
void client_hear(struct client *client, const char *text);

/* Returns whether this text has arrived so far. */
bool client_has_heard(struct client *client, const char *text);

#endif
