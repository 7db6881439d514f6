/* SPDX-License-Identifier: MIT */
/*
 * The host's end of a serial port. Each kind of end is implemented in its own file, and listed in
 * port.c.
 */
#ifndef FRONTENDS_CHARDEV_PORT_END_H
#define FRONTENDS_CHARDEV_PORT_END_H

#include <stdio.h>

#include "bus/base.h"
#include "frontends/chardev/port_options.h"

struct board_error;
struct chardev;
struct journal;
struct mux;
struct pollset;
struct port_end;

/* The functions of a kind of host end. All but `open` may be NULL, if there is nothing to do. */
struct port_kind {
	bool terminal; /* a person may be at the other end, so that it counts as a terminal */
	int (*open)(struct port_end *end, struct board_error *error); /* 0 or -errno with *error */
	void (*close)(struct port_end *end);
	/* Does what port_awaits does. */
	bool (*awaits)(struct port_end *end, struct pollset *set);
	/* Called with the data that the guest writes. */
	void (*write)(struct port_end *end, const u8 *data, size_t size);
	void (*guest_opened)(struct port_end *end, bool open);
	/* Writes buffered output as far as that does not block. */
	void (*flush)(struct port_end *end);
	/*
	 * Adds the descriptor on which the remaining output waits. Returns whether any output
	 * remains.
	 */
	bool (*fill_pollset_output)(struct port_end *end, struct pollset *set);
	/* Adds the descriptors to wait for. */
	void (*fill_pollset)(struct port_end *end, struct pollset *set);
	/* Handles the events of these descriptors. */
	void (*poll)(struct port_end *end, struct pollset *set);
	/* Passes input to the guest, as much as it has room for. */
	void (*feed)(struct port_end *end);
	/* Offers the guest a text from the host's clipboard. */
	void (*offer_text)(struct port_end *end, const char *text);
	/* Returns a text that was copied in the guest, which the caller frees; or NULL. */
	char *(*take_text)(struct port_end *end);
	/* Writes for people, after a blank, what the end is connected to. */
	void (*info)(struct port_end *end, FILE *out);
	/* Writes that as QEMU does; NULL: QEMU writes the name of the kind. */
	void (*place)(struct port_end *end, FILE *out);
};

/* Each has the name of its constant in enum port_kind_number. */
extern const struct port_kind port_null, port_file, port_stderr, port_socket, port_pty, port_pipe,
	port_agent;

struct port_end {
	const struct port *options;
	const struct port_kind *kind;
	const char *name; /* the port's name, for messages */
	struct chardev *chardev;
	struct mux *mux; /* it stands between the end and several devices; NULL: it does not */
	struct journal *journal;
	bool open, busy; /* as last reported to the guest's device */
	bool held; /* set by the kind: output waits that the guest must not notice */
	bool lost; /* set by the kind, at the latest when it closes: output was lost */
	void *self; /* the kind's own data */
};

/*
 * Opens an end whose options, name, chardev and journal are filled in; it must not be the
 * terminal's. Returns 0, or -errno with *error. The caller also has to call the kind's
 * `fill_pollset`, `poll` and `feed` for the open end.
 */
int port_end_open(struct port_end *end, struct board_error *error);
bool port_end_close(struct port_end *end); /* as port_close */
bool port_end_awaits(struct port_end *end, struct pollset *set); /* as port_awaits */

/*
 * These are for the kinds of ends. port_set_open reports to the guest's device whether its port is
 * connected, if that has changed.
 */
void port_set_open(struct port_end *end, bool open);
void port_set_ended(struct port_end *end); /* there will never be more input */
/*
 * Notes how many bytes of output are buffered. With too many the guest's device is told that the
 * port is busy, until there are fewer again.
 */
void port_set_waiting(struct port_end *end, size_t waiting);

/*
 * Fills in *error, with exit code 3 and a text that begins with the port's name. Returns `failed`,
 * a negative errno.
 */
int port_fail(struct port_end *end, int failed, struct board_error *error, const char *format, ...)
	PRINTF_LIKE(4, 5);

#endif
