/* SPDX-License-Identifier: MIT */
/*
 * The monitor for clients of a socket, for example a person who uses socat, or a script: it reads
 * lines, and writes answers and prompts. There is one client at a time; its commands have the same
 * effects as those from the keyboard.
 */
#ifndef FRONTENDS_MONITOR_LINK_H
#define FRONTENDS_MONITOR_LINK_H

struct board_error;
struct link_place;
struct monitor;
struct monitor_link;

/*
 * Lets clients connect to the place. Monitor and place are borrowed. Returns 0, or -errno with
 * *error.
 */
int monitor_link_open(struct monitor_link **remote, struct monitor *monitor,
		      const struct link_place *place, struct board_error *error);

/* Disconnects the client and closes the place. NULL is accepted. */
void monitor_link_close(struct monitor_link *remote);

/* Returns a descriptor that is readable when monitor_link_poll has something to do. */
int monitor_link_descriptor(const struct monitor_link *remote);

/*
 * Accepts a client, and executes the commands that have arrived. Waits at most two seconds for a
 * client that does not read.
 */
void monitor_link_poll(struct monitor_link *remote);

#endif
