/* SPDX-License-Identifier: MIT */
/* A read port of CVA6's data cache (wt_dcache_ctrl.sv). See dcache.h. */
#include "cpu/timing/cva6/dcache/read_port.h"

#include "cpu/timing/cva6/actions.h"

bool cva6_port_reads(const struct cva6_read_port *port, bool request)
{
	switch (port->state) {
	case CVA6_PORT_IDLE:
		return request;
	case CVA6_PORT_READ:
	case CVA6_PORT_REPLAY_READ:
	case CVA6_PORT_REPLAY_REQ:
		return true;
	default:
		return false;
	}
}

struct port_step {
	struct cva6_read_port *port;
	unsigned index;
	bool acked; /* the arrays are read for this port */
	bool refilled; /* the port's refill is here */
	/* the miss unit has accepted its miss, or makes it look the line up again */
	bool accepted, replayed;
};

static void cva6_port_answer(struct cva6_dcache_cycle *cycle, unsigned index)
{
	cycle->reply[index].answered = true;
}

/* Accepts a request. Its address is looked up in the next cycle. */
static void accept_request(const struct port_step *step, struct cva6_dcache_cycle *cycle)
{
	if (!cycle->read[step->index].request || !step->acked)
		return;
	step->port->state = CVA6_PORT_READ;
	cycle->reply[step->index].granted = true;
}

static void cva6_read_port_compare(struct cva6_dcache *dcache, const struct port_step *step,
				   struct cva6_dcache_cycle *cycle)
{
	struct cva6_read_port *port = step->port;

	if (cycle->read[step->index].kill) {
		port->state = CVA6_PORT_IDLE;
		cva6_port_answer(cycle, step->index);
		return;
	}
	if (port->state == CVA6_PORT_READ && !cycle->read[step->index].tag_valid)
		return;
	if (cycle->array_written || !port->acked) {
		port->state = CVA6_PORT_REPLAY_REQ;
	} else if (cva6_action_holds(dcache, port->address)) {
		port->state = CVA6_PORT_IDLE;
		cva6_port_answer(cycle, step->index);
		accept_request(step, cycle);
	} else {
		port->state = CVA6_PORT_MISS_REQ;
		/* The port latches the valid bits that came out of the arrays with the tags. */
		cva6_action_arrays(dcache, CVA6_ACTION_LATCH, step->index, port->address);
	}
}

static void wait_for_miss_unit(const struct port_step *step, struct cva6_dcache_cycle *cycle)
{
	if (cycle->read[step->index].kill) {
		cva6_port_answer(cycle, step->index);
		step->port->state = step->accepted ? CVA6_PORT_KILL_MISS : CVA6_PORT_KILL_MISS_ACK;
	} else if (step->replayed) {
		step->port->state = CVA6_PORT_REPLAY_REQ;
	} else if (step->accepted) {
		step->port->state = CVA6_PORT_MISS_WAIT;
	}
}

static void wait_for_refill(const struct port_step *step, struct cva6_dcache_cycle *cycle)
{
	bool killed = cycle->read[step->index].kill;

	if (killed || step->refilled)
		cva6_port_answer(cycle, step->index);
	if (step->refilled)
		step->port->state = CVA6_PORT_IDLE;
	else if (killed)
		step->port->state = CVA6_PORT_KILL_MISS;
}

static void cva6_port_replay(const struct port_step *step, struct cva6_dcache_cycle *cycle)
{
	if (cycle->read[step->index].kill) {
		step->port->state = CVA6_PORT_IDLE;
		cva6_port_answer(cycle, step->index);
	} else if (step->acked) {
		step->port->state = CVA6_PORT_REPLAY_READ;
	}
}

static void cva6_port_step_state(struct cva6_dcache *dcache, const struct port_step *step,
				 struct cva6_dcache_cycle *cycle)
{
	struct cva6_read_port *port = step->port;

	switch (port->state) {
	case CVA6_PORT_IDLE:
		accept_request(step, cycle);
		break;
	case CVA6_PORT_READ:
	case CVA6_PORT_REPLAY_READ:
		cva6_read_port_compare(dcache, step, cycle);
		break;
	case CVA6_PORT_MISS_REQ:
		wait_for_miss_unit(step, cycle);
		break;
	case CVA6_PORT_MISS_WAIT:
		wait_for_refill(step, cycle);
		break;
	case CVA6_PORT_REPLAY_REQ:
		cva6_port_replay(step, cycle);
		break;
	case CVA6_PORT_KILL_MISS_ACK:
		if (step->replayed)
			port->state = CVA6_PORT_IDLE;
		else if (step->accepted)
			port->state = CVA6_PORT_KILL_MISS;
		break;
	default:
		if (step->refilled)
			port->state = CVA6_PORT_IDLE;
		break;
	}
}

void cva6_port_step(struct cva6_dcache *dcache, unsigned index, struct cva6_dcache_cycle *cycle)
{
	struct cva6_read_port *port = &dcache->port[index];
	const struct port_step step = {
		.port = port,
		.index = index,
		.acked = cycle->read_acks >> index & 1,
		.refilled = cycle->load_ack && cycle->refilled_port == index,
		.accepted = cycle->miss_acks >> index & 1,
		.replayed = cycle->miss_replays >> index & 1,
	};
	bool requests = cva6_port_reads(port, cycle->read[index].request);
	bool missed = cva6_port_misses(port);

	cycle->reply[index].answered_id = port->id;
	cva6_port_step_state(dcache, &step, cycle);
	/* The valid bits come out of the arrays a cycle after a request, whichever port made it. */
	if (port->asked && missed && cva6_port_misses(port))
		cva6_action_arrays(dcache, CVA6_ACTION_TAKE_VALID, index, 0);
	port->asked = requests;
	port->acked = step.acked;
	if (cycle->reply[index].granted) {
		port->address = cycle->read[index].address;
		port->id = cycle->read[index].id;
	}
}
