/* SPDX-License-Identifier: MIT */
/*
 * The host's ends of the guest's serial ports that are no terminal: files, sockets, terminals of
 * their own. What the terminal is in shares its keyboard is console.h's. A kind of port is one
 * file, named in port.c.
 */
#ifndef FRONTENDS_CHARDEV_PORT_H
#define FRONTENDS_CHARDEV_PORT_H

#include "bus/base.h"
#include "frontends/cli/options.h"

struct board;
struct board_error;
struct chardev;
struct journal;
struct pollset;
struct port_end;
struct port_set;

/* What a port leads to. All but open may be NULL: then there is nothing to do. */
struct port_kind {
	int (*open)(struct port_end *end, struct board_error *error); /* 0 or -errno with *error */
	void (*close)(struct port_end *end);
	void (*write)(struct port_end *end, const u8 *data, size_t size); /* the guest wrote */
	void (*guest_opened)(struct port_end *end, bool open);
	void (*flush)(struct port_end *end); /* what is written is to be seen */
	void (*wait)(struct port_end *end, struct pollset *set); /* add what to wait for */
	void (*look)(struct port_end *end, struct pollset *set); /* at what has come of it */
	void (*feed)(struct port_end *end); /* give the guest what it can take */
	void (*offer_text)(struct port_end *end, const char *text); /* copied on the host */
	char *(*take_text)(struct port_end *end); /* copied in the guest, to be freed; or NULL */
	void (*info)(struct port_end *end, FILE *out); /* for people: where it is, behind a blank */
};

/* Named after what they are in enum port_kind_number. */
extern const struct port_kind port_null, port_file, port_stderr, port_socket, port_pty,
	port_agent;

struct port_end {
	const struct port *options;
	const struct port_kind *kind;
	const char *name; /* whose end it is, for messages */
	struct chardev *chardev;
	struct journal *journal;
	bool open, busy; /* what the guest was told */
	void *self; /* the kind's */
};

/*
 * One whose options, name and chardev are filled in, and which is no terminal. 0 or -errno with
 * *error; what is opened is also waited for, looked at and fed by whoever has it.
 */
int port_end_open(struct port_end *end, struct board_error *error);
void port_end_close(struct port_end *end);

/* 0 with *set, or -errno with *error. None at all is a set, too. */
int port_open(struct port_set **set, struct board *board, const struct options *options,
	      struct board_error *error);
void port_close(struct port_set *set);

/* A state was loaded into the machine: it knows of other ends. */
void port_loaded(struct port_set *set);

/* As net.h has them. */
void port_look(struct port_set *set);
void port_feed(struct port_set *set);
void port_flush(struct port_set *set);
void port_wait(struct port_set *set, struct pollset *poll);

/* The clipboard: what was copied on the host; in the guest, to be freed by the caller, or NULL. */
void port_offer_text(struct port_set *set, const char *text);
char *port_take_text(struct port_set *set);

/* For people: which they are, and who is at their ends. */
void port_info(struct port_set *set, FILE *out);

/* For kinds: somebody is at the end, or no longer; and so many bytes wait that it is busy. */
void port_set_open(struct port_end *end, bool open);
void port_set_ended(struct port_end *end); /* nothing will ever come from there */
void port_set_waiting(struct port_end *end, size_t waiting);

/* Fill *error with exit code 3, and return `failed`. */
int port_fail(struct port_end *end, int failed, struct board_error *error, const char *format,
	      ...) PRINTF_LIKE(4, 5);

#endif
