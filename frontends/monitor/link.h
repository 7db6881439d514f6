/* SPDX-License-Identifier: MIT */
/*
 * The monitor for who comes to a socket, a person with socat or a script: lines in, answers and
 * prompts out. One client at a time; what it does is done as by the keyboard.
 */
#ifndef FRONTENDS_MONITOR_LINK_H
#define FRONTENDS_MONITOR_LINK_H

struct board_error;
struct link_place;
struct monitor;
struct monitor_link;

/* Talk to who comes to the place. 0, or -errno with *error; monitor and place outlive this. */
int monitor_link_open(struct monitor_link **remote, struct monitor *monitor,
		      const struct link_place *place, struct board_error *error);

/* NULL is accepted. */
void monitor_link_close(struct monitor_link *remote);

/* Readable when monitor_link_poll has something to do. */
int monitor_link_descriptor(const struct monitor_link *remote);

/* Run what has come. Waits up to two seconds for a client that does not read. */
void monitor_link_poll(struct monitor_link *remote);

#endif
