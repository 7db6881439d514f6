/* SPDX-License-Identifier: MIT */
/* What -serial, -chardev and the ports of -device said, checked. All strings are borrowed. */
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
	struct net_address address; /* PORT_SOCKET, and what follows */
	bool server, wait, nodelay, telnet;
	u64 reconnect; /* seconds; 0: never */
	bool clipboard; /* PORT_AGENT: text of the window's */
};

/* A port of virtio-serial, and its host's end. */
struct virtio_port {
	const struct virtio_serial_port *config;
	struct port port;
};

/* For messages: as the guest calls it. */
static inline const char *virtio_port_name(const struct virtio_port *port)
{
	return port->config->name ? port->config->name : "virtio";
}

#endif
