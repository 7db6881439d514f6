/* SPDX-License-Identifier: MIT */
/* The memory that a core reaches over its bus. See bus_port.h. */
#include "cpu/timing/units/bus_port.h"

static void bus_port_push(struct bus_port_queue *queue, const struct bus_port_answer *answer)
{
	if (queue->count == BUS_PORT_MAX)
		return;
	queue->answer[(queue->head + queue->count++) % BUS_PORT_MAX] = *answer;
}

static void bus_port_pop(struct bus_port_queue *queue)
{
	queue->head = (queue->head + 1) % BUS_PORT_MAX;
	queue->count--;
}

void bus_port_read(struct bus_port *port, u64 now, unsigned beats, unsigned tag)
{
	bus_port_push(&port->reads,
		      &(struct bus_port_answer){ now + port->latency, (u8)beats, (u8)tag });
}

void bus_port_write(struct bus_port *port, u64 now, unsigned tag)
{
	bus_port_push(&port->writes, &(struct bus_port_answer){ now + port->latency, 1, (u8)tag });
}

bool bus_port_beat(const struct bus_port *port, u64 now, unsigned *tag, bool *last)
{
	const struct bus_port_answer *answer = &port->reads.answer[port->reads.head];

	*tag = answer->tag;
	*last = answer->beats == 1;
	return port->reads.count && answer->cycle <= now;
}

bool bus_port_acknowledge(const struct bus_port *port, u64 now, unsigned *tag)
{
	const struct bus_port_answer *answer = &port->writes.answer[port->writes.head];

	*tag = answer->tag;
	return port->writes.count && answer->cycle <= now;
}

static u64 next_of(const struct bus_port_queue *queue, u64 now)
{
	u64 cycle = queue->answer[queue->head].cycle;

	return queue->count && cycle >= now ? cycle : UINT64_MAX;
}

u64 bus_port_next(const struct bus_port *port, u64 now)
{
	return MIN(next_of(&port->reads, now), next_of(&port->writes, now));
}

void bus_port_take_beat(struct bus_port *port)
{
	if (--port->reads.answer[port->reads.head].beats == 0)
		bus_port_pop(&port->reads);
}

void bus_port_take_acknowledge(struct bus_port *port)
{
	bus_port_pop(&port->writes);
}
