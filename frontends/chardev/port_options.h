/* SPDX-License-Identifier: MIT */
/*
 * The options of serial ports, after checks: those of -serial, -chardev and -device. All strings
 * are borrowed.
 */
#ifndef FRONTENDS_CHARDEV_PORT_OPTIONS_H
#define FRONTENDS_CHARDEV_PORT_OPTIONS_H

#include "devices/device.h"
#include "frontends/net/link_place.h"
#include "frontends/net/options.h"

#define VIRTIO_PORTS_MAX 32

enum port_kind_number {
	PORT_UNSET,
	PORT_NULL,
	PORT_STDIO,
	PORT_FILE,
	PORT_STDERR,
	PORT_SOCKET,
	PORT_PTY,
	PORT_PIPE,
	PORT_AGENT,
	PORT_KINDS,
};

/* The host's end of a serial port. */
struct port {
	enum port_kind_number kind;
	const char *id; /* the id of its -chardev; NULL: none */
	const char *path; /* PORT_FILE, PORT_PIPE */
	bool append; /* PORT_FILE: output is appended to the file's contents */
	bool mux; /* all ports with the same id share the end */
	/* logfile=, a file to which the guest's output is written too; NULL: none. */
	const char *log;
	bool log_append; /* the output is appended to the log's contents */
	struct net_address address; /* PORT_SOCKET, as are the following */
	bool server, wait, nodelay, telnet;
	u64 reconnect; /* seconds until the next attempt to connect; 0: there is none */
	bool clipboard; /* PORT_AGENT: shares the window's clipboard */
};

/* A port of virtio-serial, and its host end. */
struct virtio_port {
	const struct virtio_serial_port *config;
	struct port port;
};

/* All serial ports of a machine. */
struct ports_options {
	struct port serial; /* the UART */
	struct virtio_port virtio[VIRTIO_PORTS_MAX];
	struct port monitors[LINK_PLACES_MAX]; /* the ends that monitors share, with `mux` set */
	unsigned virtio_count, monitor_count;
	u8 escape_character; /* of ends with `mux` set */
};

/* Returns the port's name in the guest, or "virtio" if it has none; for messages. */
static inline const char *virtio_port_name(const struct virtio_port *port)
{
	return port->config->name ? port->config->name : "virtio";
}

#endif
