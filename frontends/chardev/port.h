/* SPDX-License-Identifier: MIT */
/*
 * The host's ends of those serial ports of the guest that are not connected to the terminal: files,
 * sockets, pseudoterminals. Ports that share the terminal's keyboard are console.h's. Each kind of
 * port is one file, named in port.c.
 */
#ifndef FRONTENDS_CHARDEV_PORT_H
#define FRONTENDS_CHARDEV_PORT_H

#include <stdio.h>

#include "bus/base.h"
#include "frontends/chardev/port_options.h"

struct board;
struct board_error;
struct chardev;
struct journal;
struct pollset;
struct port_end;
struct port_set;

/* The functions of a kind of port. All but open may be NULL: then there is nothing to do. */
struct port_kind {
	int (*open)(struct port_end *end, struct board_error *error); /* 0 or -errno with *error */
	void (*close)(struct port_end *end);
	void (*write)(struct port_end *end, const u8 *data, size_t size); /* the guest wrote */
	void (*guest_opened)(struct port_end *end, bool open);
	void (*flush)(struct port_end *end); /* write out what waits, without waiting */
	/* Adds what the rest waits for; returns whether there is one. */
	bool (*wait_output)(struct port_end *end, struct pollset *set);
	void (*wait)(struct port_end *end, struct pollset *set); /* add what to wait for */
	void (*look)(struct port_end *end, struct pollset *set); /* handle what was waited for */
	void (*feed)(struct port_end *end); /* give the guest what it can take */
	void (*offer_text)(struct port_end *end, const char *text); /* copied on the host */
	char *(*take_text)(struct port_end *end); /* copied in the guest, to be freed; or NULL */
	/* For people: where it leads, after a blank. */
	void (*info)(struct port_end *end, FILE *out);
	/* Writes that in QEMU's words; NULL: it is the name of the kind. */
	void (*place)(struct port_end *end, FILE *out);
};

/* Each is named after its number in enum port_kind_number. */
extern const struct port_kind port_null, port_file, port_stderr, port_socket, port_pty, port_agent;

struct port_end {
	const struct port *options;
	const struct port_kind *kind;
	const char *name; /* the port's name, for messages */
	struct chardev *chardev;
	struct journal *journal;
	bool open, busy; /* what the guest was told last */
	void *self; /* the kind's own data */
};

/*
 * Opens an end whose options, name and chardev are filled in; it must not be the terminal's.
 * Returns 0 or -errno with *error. The caller also has to wait for, look at and feed what is
 * opened.
 */
int port_end_open(struct port_end *end, struct board_error *error);
void port_end_close(struct port_end *end);

/*
 * Opens all ports. Returns 0 with *set, or -errno with *error. Without any port there is a set,
 * too.
 */
int port_open(struct port_set **set, struct board *board, const struct ports_options *options,
	      struct board_error *error);
void port_close(struct port_set *set);

/* A state was loaded into the machine: tells it again how its ports are connected. */
void port_loaded(struct port_set *set);

/* These four do what the functions of the same names do in net.h. */
void port_look(struct port_set *set);
void port_feed(struct port_set *set);
void port_flush(struct port_set *set);
void port_wait(struct port_set *set, struct pollset *poll);

/* Adds what waiting output waits for. Returns whether any waits. */
bool port_wait_output(struct port_set *set, struct pollset *poll);

/* Returns whether so much output waits, of a device that would not, that the guest should wait. */
bool port_congested(const struct port_set *set);

/* The clipboard: offers the guest a text that was copied on the host. */
void port_offer_text(struct port_set *set, const char *text);
/* Returns the text that was copied in the guest, to be freed by the caller; or NULL. */
char *port_take_text(struct port_set *set);

/* Prints for people which ports there are and what they are connected to. */
void port_info(struct port_set *set, FILE *out);

/*
 * Is told of each port in QEMU's words: the label, the place on the host, and whether the guest's
 * side is open.
 */
struct port_teller {
	void (*tell)(void *ctx, const char *label, const char *place, bool open);
	void *ctx;
};
void port_tell(struct port_set *set, const struct port_teller *teller);

/* Sends a break to the port of this label; false: there is none. */
bool port_send_break(struct port_set *set, const char *label);

/* For kinds: tells the guest that its port is connected, or no longer. */
void port_set_open(struct port_end *end, bool open);
void port_set_ended(struct port_end *end); /* nothing will ever come from there */
/* For kinds: says how many bytes wait; with too many the guest is told that the port is busy. */
void port_set_waiting(struct port_end *end, size_t waiting);

/* Fills *error with exit code 3, and returns `failed`. */
int port_fail(struct port_end *end, int failed, struct board_error *error, const char *format, ...)
	PRINTF_LIKE(4, 5);

#endif
