/* SPDX-License-Identifier: MIT */
/*
 * The virtio console (virtio 1.2 section 5.3): ports, each of which is a byte stream with a chardev
 * on the host's side. With several ports it offers VIRTIO_CONSOLE_F_MULTIPORT; a driver that does
 * not accept this has port 0. console.c transfers bytes. console_control.c notifies the driver of
 * the ports that exist, and of the opening and closing of their ends.
 */
#ifndef DEVICES_VIRTIO_CONSOLE_H
#define DEVICES_VIRTIO_CONSOLE_H

#include "devices/device_type.h"
#include "devices/chardev.h"
#include "devices/virtio/virtio.h"

#define VIRTIO_CONSOLE_INPUT 4096

/* 5.3.3 Feature bits */
#define VIRTIO_CONSOLE_F_SIZE BIT(0)
#define VIRTIO_CONSOLE_F_MULTIPORT BIT(1)
#define VIRTIO_CONSOLE_F_EMERG_WRITE BIT(2)

/* 5.3.2 Virtqueues: those of port 0, the control queues, those of port 1 ... */
#define CONSOLE_CONTROL_RECEIVEQ 2
#define CONSOLE_CONTROL_TRANSMITQ 3

/* 5.3.4 Device configuration layout */
struct virtio_console_config {
	u16 cols, rows; /* of port 0 */
	u32 max_nr_ports;
	u32 emerg_wr;
};

struct virtio_console;

struct virtio_console_port {
	struct virtio_console *console; /* NULL: the device has no such port */
	struct chardev chardev;
	const struct virtio_serial_port *config;
	char part[STATE_NAME_MAX]; /* name of the state and of the journal's sink */
	/* State */
	u8 input[VIRTIO_CONSOLE_INPUT]; /* a ring: input for which the driver had no buffers yet */
	u32 input_start, input_count;
	u32 sent; /* how many bytes of the first waiting output chain were already written */
	u16 columns, rows; /* 0: not known */
	u8 messages; /* bit n: the n-th kind of control message must be sent to the driver */
	bool known; /* the driver has sent PORT_READY */
	bool guest_open, host_open, host_busy;
};

struct virtio_console {
	struct virtio virtio;
	struct virtio_console_config config;
	struct virtio_console_port ports[VIRTIO_SERIAL_PORTS_MAX];
	unsigned sink; /* the journal's sink for events of ports */
	char part[STATE_NAME_MAX]; /* name of the state and of that sink */
	/* State */
	bool ready; /* the driver has sent DEVICE_READY */
};

/*
 * Initialises the device. `name` is as in struct virtio_setup. If properties is NULL, it has one
 * port, a console. The frontend's half of a port's chardev may be set at any time.
 */
void virtio_console_init(struct virtio_console *console, struct platform *platform,
			 const char *name, const struct virtio_serial_properties *properties);

/*
 * The types for -device: that of the bus, with struct virtio_serial_properties, and those of its
 * ports, with struct port_properties.
 */
extern const struct device_type virtio_serial_device;
extern const struct device_type virtconsole_device;
extern const struct device_type virtserialport_device;

/*
 * The following are in console_control.c. They serve the control queues, handle events of the host,
 * and handle a reset by the driver.
 */
enum virtio_served console_control_receive(struct virtio_console *console,
					   struct virtq_chain *chain, u32 *written);
enum virtio_served console_control_transmit(struct virtio_console *console,
					    struct virtq_chain *chain);
void console_control_init(struct virtio_console *console);
void console_control_reset(struct virtio_console *console);

/* Returns whether the control queues, and ports other than the first, are in use. */
static inline bool console_multiport(const struct virtio_console *console)
{
	return virtio_negotiated(&console->virtio, VIRTIO_CONSOLE_F_MULTIPORT);
}

/* Returns the number of a port's receiveq. Its transmitq is the next queue. */
static inline unsigned console_receiveq(unsigned port)
{
	return port ? 2 * port + 2 : 0;
}

#endif
