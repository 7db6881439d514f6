/* SPDX-License-Identifier: MIT */
/*
 * The memory behind a core's bus: the data of a read begin a fixed number of cycles after it was
 * accepted, a beat a cycle, in order of acceptance; a write is acknowledged as long after. Any
 * number may be outstanding. What is read and written is not modelled.
 */
#ifndef CPU_TIMING_UNITS_BUS_PORT_H
#define CPU_TIMING_UNITS_BUS_PORT_H

#include "bus/base.h"

/* No core has more outstanding; a further one would never get a response. */
#define BUS_PORT_MAX 16

#define UNITS "cpu/timing/units/state/bus_port.def"
#include "cpu/timing/fields/structs.inc"

void bus_port_read(struct bus_port *port, u64 now, unsigned beats, unsigned tag);
void bus_port_write(struct bus_port *port, u64 now, unsigned tag);

/*
 * Return whether there is a beat, or an acknowledgement, in this cycle, with its tag; *last: it is
 * the last beat.
 */
bool bus_port_beat(const struct bus_port *port, u64 now, unsigned *tag, bool *last);
bool bus_port_acknowledge(const struct bus_port *port, u64 now, unsigned *tag);

/*
 * Returns the next cycle from `now` on in which there is another beat or acknowledgement, or
 * UINT64_MAX.
 */
u64 bus_port_next(const struct bus_port *port, u64 now);

/* The core has taken the beat, or the acknowledgement, of this cycle. */
void bus_port_take_beat(struct bus_port *port);
void bus_port_take_acknowledge(struct bus_port *port);

#endif
