/* SPDX-License-Identifier: MIT */
/*
 * The memory behind a core's bus: a read is answered a fixed number of cycles after it was
 * accepted, then a beat a cycle, in order of acceptance; a write is acknowledged as long after.
 * Any number may be under way. What is read and written is not looked at.
 */
#ifndef CPU_TIMING_UNITS_BUS_PORT_H
#define CPU_TIMING_UNITS_BUS_PORT_H

#include "bus/base.h"

/* More than a core has outstanding; what would be more is never answered. */
#define BUS_PORT_MAX 16

struct bus_port_answer {
	u64 cycle; /* of the first beat */
	u8 beats; /* to go */
	u8 tag; /* of the one who asked */
};

struct bus_port_queue {
	struct bus_port_answer answer[BUS_PORT_MAX];
	u8 head, count;
};

struct bus_port {
	unsigned latency; /* cycles */
	struct bus_port_queue reads, writes;
};

void bus_port_read(struct bus_port *port, u64 now, unsigned beats, unsigned tag);
void bus_port_write(struct bus_port *port, u64 now, unsigned tag);

/* Is there a beat, an acknowledgement, in this cycle? Whose; *last: it is the last beat. */
bool bus_port_beat(const struct bus_port *port, u64 now, unsigned *tag, bool *last);
bool bus_port_acknowledge(const struct bus_port *port, u64 now, unsigned *tag);

/* The next cycle from `now` on in which there is another one than before, or UINT64_MAX. */
u64 bus_port_next(const struct bus_port *port, u64 now);

/* It was taken. */
void bus_port_take_beat(struct bus_port *port);
void bus_port_take_acknowledge(struct bus_port *port);

#endif
