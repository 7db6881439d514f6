/* SPDX-License-Identifier: MIT */
/*
 * The checked values of -serial, of -chardev and of -device's serial ports. All strings are
 * borrowed.
 */
#ifndef FRONTENDS_CHARDEV_PORT_OPTIONS_H
#define FRONTENDS_CHARDEV_PORT_OPTIONS_H

#include "devices/device.h"
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
	PORT_AGENT,
	PORT_KINDS,
};

/* The host's end of a serial port. */
struct port {
	enum port_kind_number kind;
	const char *id; /* of the -chardev; NULL: none */
	const char *path; /* PORT_FILE */
	bool append; /* PORT_FILE: behind what the file has */
	const char *log; /* a file that gets what the guest writes, too; NULL: none */
	bool log_append; /* behind what it has */
	struct net_address address; /* PORT_SOCKET, as are the following */
	bool server, wait, nodelay, telnet;
	u64 reconnect; /* seconds; 0: never */
	bool clipboard; /* PORT_AGENT: shares the window's clipboard */
};

/* A port of virtio-serial and the host's end of it. */
struct virtio_port {
	const struct virtio_serial_port *config;
	struct port port;
};

/* All serial ports of a machine. */
struct ports_options {
	struct port serial; /* the UART */
	struct virtio_port virtio[VIRTIO_PORTS_MAX];
	unsigned virtio_count;
};

/* Returns the port's name in the guest, for messages. */
static inline const char *virtio_port_name(const struct virtio_port *port)
{
	return port->config->name ? port->config->name : "virtio";
}

#endif
