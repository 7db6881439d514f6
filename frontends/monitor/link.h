/* SPDX-License-Identifier: MIT */
/*
 * The monitor for clients of a socket, such as a person with socat, or a script: it reads lines,
 * and writes answers and prompts. There is one client at a time; its commands act as those from the
 * keyboard.
 */
#ifndef FRONTENDS_MONITOR_LINK_H
#define FRONTENDS_MONITOR_LINK_H

struct board_error;
struct link_place;
struct monitor;
struct monitor_link;

/* Opens the place for clients. Returns 0, or -errno with *error; monitor and place outlive this. */
int monitor_link_open(struct monitor_link **remote, struct monitor *monitor,
		      const struct link_place *place, struct board_error *error);

/* Closes it; NULL is accepted. */
void monitor_link_close(struct monitor_link *remote);

/* Returns a descriptor that is readable when monitor_link_poll has something to do. */
int monitor_link_descriptor(const struct monitor_link *remote);

/* Runs the commands that have arrived. Waits up to two seconds for a client that does not read. */
void monitor_link_poll(struct monitor_link *remote);

#endif
