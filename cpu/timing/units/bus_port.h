/* SPDX-License-Identifier: MIT */
/*
 * The memory at a core's bus. The data of a read begin a fixed number of cycles after the read was
 * accepted: one beat in each cycle, in the order of acceptance. A write is acknowledged after the
 * same time. Any number may be outstanding. The contents are not modelled.
 */
#ifndef CPU_TIMING_UNITS_BUS_PORT_H
#define CPU_TIMING_UNITS_BUS_PORT_H

#include "bus/base.h"

/* The most requests outstanding; a further one would never get a response. */
#define BUS_PORT_MAX 16

#define UNITS "cpu/timing/units/state/bus_port.def"
#include "cpu/timing/fields/structs.inc"

void bus_port_read(struct bus_port *port, u64 now, unsigned beats, unsigned tag);
void bus_port_write(struct bus_port *port, u64 now, unsigned tag);

/*
 * Return whether there is a beat, or an acknowledgement, in this cycle, and set its tag. *last: it
 * is the last beat.
 */
bool bus_port_beat(const struct bus_port *port, u64 now, unsigned *tag, bool *last);
bool bus_port_acknowledge(const struct bus_port *port, u64 now, unsigned *tag);

/* Returns the next cycle, `now` or later, with a beat or acknowledgement, or UINT64_MAX. */
u64 bus_port_next(const struct bus_port *port, u64 now);

/* Remove the beat, or the acknowledgement, of this cycle, which the core has taken. */
void bus_port_take_beat(struct bus_port *port);
void bus_port_take_acknowledge(struct bus_port *port);

#endif
