/* SPDX-License-Identifier: MIT */
/* The monitor at a chardev that it shares with serial ports (chardev/mux.h). */
#ifndef FRONTENDS_MONITOR_PORT_H
#define FRONTENDS_MONITOR_PORT_H

#include "bus/base.h"

struct chardev;
struct monitor;
struct monitor_port;

/* Connects the monitor to its end of the chardev; both are borrowed. Returns NULL if the host has
 * no memory. monitor_port_close accepts NULL. */
struct monitor_port *monitor_port_open(struct monitor *monitor, struct chardev *chardev);
void monitor_port_close(struct monitor_port *port);

/* Executes what has been typed. */
void monitor_port_poll(struct monitor_port *port);

/* Returns whether monitor_port_poll has something to do. */
bool monitor_port_waits(const struct monitor_port *port);

#endif
