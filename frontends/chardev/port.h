/* SPDX-License-Identifier: MIT */
/*
 * The host's ends of those serial ports of the guest that are not connected to the terminal: files,
 * sockets and pseudoterminals, among others. Ports that are connected to the terminal belong to
 * run/console.h. Each end is a struct port_end (port_end.h).
 */
#ifndef FRONTENDS_CHARDEV_PORT_H
#define FRONTENDS_CHARDEV_PORT_H

#include <stdio.h>

#include "bus/base.h"
#include "frontends/chardev/port_options.h"

struct board;
struct board_error;
struct pollset;
struct port_set;

/*
 * Opens the host's ends of all ports. Returns 0 with *set, or -errno with *error; the caller closes
 * *set in either case. There is a set even if the machine has no port. port_close accepts NULL, and
 * returns whether output was lost, as has been reported.
 */
int port_open(struct port_set **set, struct board *board, const struct ports_options *options,
	      struct board_error *error);
bool port_close(struct port_set *set);

/*
 * Returns whether an end must be connected before the machine starts. Then what may end that is
 * added to `poll`.
 */
bool port_awaits(struct port_set *set, struct pollset *poll);

/*
 * Notifies the devices again of their ports' connections. Called after a state was loaded into the
 * machine, since what the devices had been told before the state was saved concerned other ends.
 */
void port_loaded(struct port_set *set);

/*
 * Do for ports what the functions of the same names do for networks (net/net.h). port_flush writes
 * out buffered output as far as that does not block. While the machine is paused, only ends that
 * are shared (mux=on) are read, since their input may be for the monitor.
 */
void port_poll(struct port_set *set, bool paused);
void port_feed(struct port_set *set, bool paused);
void port_flush(struct port_set *set);
void port_fill_pollset(struct port_set *set, struct pollset *poll, bool paused);

/* Adds to `poll` the descriptors on which buffered output waits. Returns whether any waits. */
bool port_fill_pollset_output(struct port_set *set, struct pollset *poll);

/*
 * Returns whether the machine should stop until output has been written: a port is held, or too
 * much is buffered for one whose device does not react to CHARDEV_BUSY by itself.
 */
bool port_congested(const struct port_set *set);

/* Returns the device of the monitor with this number at an end that it shares; connected by
 * monitor/port.h. */
struct chardev *port_monitor(struct port_set *set, unsigned number);

/* Returns whether the command that ends Baya was typed at an end that is shared. */
bool port_quit(const struct port_set *set);

/* Offers the guest a text that was copied to the host's clipboard. */
void port_offer_text(struct port_set *set, const char *text);
/* Returns the text that was copied in the guest, which the caller frees; or NULL. */
char *port_take_text(struct port_set *set);

/* Prints for people which ports there are and what they are connected to. */
void port_info(struct port_set *set, FILE *out);

/*
 * port_list calls `print` for each port, in QEMU's terms: with its label, what it is connected to
 * on the host, and whether the guest's side is open.
 */
struct port_lister {
	void (*print)(void *ctx, const char *label, const char *place, bool open);
	void *ctx;
};
void port_list(struct port_set *set, const struct port_lister *lister);

/* Sends a serial break to the port with this label. Returns false if there is no such port. */
bool port_send_break(struct port_set *set, const char *label);

#endif
