/* SPDX-License-Identifier: MIT */
/*
 * The miss unit of CVA6's data cache (wt_dcache_missunit.sv), which accesses memory: one refill at
 * a time, writes even during a refill, atomics only while nothing else is outstanding. See
 * dcache.h.
 */
#include "cpu/timing/cva6/dcache/miss_unit.h"

#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/cva6/dcache/arrays.h"
#include "cpu/timing/cva6/dcache/write_buffer.h"

/* The requests that are considered, and the first of them. */
struct miss_step {
	u32 requests;
	unsigned first;
	bool drained; /* neither writes nor a refill are outstanding */
	u32 collides; /* ports whose line is being refilled, or just was */
	bool allocated; /* a refill begins */
};

static bool is_drained(const struct cva6_dcache *dcache)
{
	return cva6_dcache_drained(dcache) && !dcache->miss.refilling;
}

static u32 cva6_miss_masked(const struct cva6_miss_unit *miss, u32 requests)
{
	if (miss->state == CVA6_MISS_STORE_WAIT || miss->state == CVA6_MISS_LOAD_WAIT)
		return miss->masked;
	if (miss->refilling || miss->state == CVA6_MISS_DRAIN)
		return requests & 1u << CVA6_PORT_WRITES;
	return requests;
}

/*
 * Returns a bit for each port that misses a line that is being refilled. It must look the line up
 * again, even if the line comes meanwhile.
 */
static u32 note_collisions(struct cva6_dcache *dcache, const struct cva6_dcache_cycle *cycle)
{
	const struct cva6_miss_unit *miss = &dcache->miss;
	u32 collisions = 0;

	for (unsigned n = 0; n < CVA6_READ_PORTS; n++) {
		struct cva6_read_port *port = &dcache->port[n];
		bool waits = cycle->miss_requests >> n & 1;

		port->collides = waits && (port->collides ||
					   ((miss->refilling || miss->was_refilling) &&
					    cva6_same_line(dcache, miss->address, port->address)));
		collisions |= (u32)port->collides << n;
	}
	return collisions;
}

static void cva6_miss_request(struct cva6_dcache_cycle *cycle, u8 type, u64 address, bool cached)
{
	cycle->axi_request = true;
	cycle->request = (struct cva6_axi_request){
		.type = type, .write = (u8)cycle->free_write, .cached = cached, .address = address,
	};
}

static void request_write(struct cva6_dcache_cycle *cycle)
{
	cva6_miss_request(cycle, CVA6_AXI_STORE, cycle->sent_address, false);
}

/* Returns whether the word to be written is in the line being refilled. */
static bool write_collides(const struct cva6_dcache *dcache, const struct cva6_dcache_cycle *cycle)
{
	return dcache->miss.refilling &&
	       cva6_same_line(dcache, dcache->miss.address, cycle->sent_address);
}

static void request_refill(struct cva6_dcache *dcache, const struct cva6_params *params,
			   struct miss_step *step, struct cva6_dcache_cycle *cycle)
{
	const struct cva6_read_port *port = &dcache->port[step->first % CVA6_READ_PORTS];
	bool cached = cva6_action_cached(dcache, params, port->address);

	cva6_miss_request(cycle, CVA6_AXI_LOAD, port->address, cached);
	dcache->miss.state = cycle->axi_accepts ? CVA6_MISS_IDLE : CVA6_MISS_LOAD_WAIT;
	if (!cycle->axi_accepts)
		return;
	step->allocated = true;
	dcache->miss.cached = cached;
	dcache->miss.address = port->address;
	dcache->miss.port = (u8)(port - dcache->port);
	cva6_action_arrays(dcache, CVA6_ACTION_REFILL_WAY, dcache->miss.port, 0);
}

static void cva6_miss_serve(struct cva6_dcache *dcache, const struct cva6_params *params,
			    struct miss_step *step, struct cva6_dcache_cycle *cycle)
{
	struct cva6_miss_unit *miss = &dcache->miss;

	if (!step->requests)
		return;
	if (step->first == CVA6_PORT_WRITES) {
		if (write_collides(dcache, cycle))
			return;
		request_write(cycle);
		if (!cycle->axi_accepts)
			miss->state = CVA6_MISS_STORE_WAIT;
		return;
	}
	if (miss->refilling && !cycle->load_ack)
		return;
	if (step->collides >> step->first & 1)
		cycle->miss_replays = 1u << step->first;
	else if (!cva6_writes_to_line(dcache, dcache->port[step->first].address))
		request_refill(dcache, params, step, cycle);
}

static void request_atomic(struct cva6_miss_unit *miss, struct cva6_dcache_cycle *cycle)
{
	static const u8 type_of[] = {
		[CVA6_AMO] = CVA6_AXI_AMO, [CVA6_LR] = CVA6_AXI_LR, [CVA6_SC] = CVA6_AXI_SC,
	};

	if (cycle->amo->op == CVA6_LR && miss->backoff.count)
		return;
	cva6_miss_request(cycle, type_of[cycle->amo->op], cycle->amo->address, false);
	if (cycle->axi_accepts)
		miss->state = CVA6_MISS_AMO_WAIT;
}

static void cva6_miss_step_state(struct cva6_dcache *dcache, const struct cva6_params *params,
				 struct miss_step *step, struct cva6_dcache_cycle *cycle)
{
	struct cva6_miss_unit *miss = &dcache->miss;

	switch (miss->state) {
	case CVA6_MISS_FLUSH:
		if (++miss->flush_count == dcache->tags.shape.sets)
			miss->state = CVA6_MISS_IDLE;
		break;
	case CVA6_MISS_IDLE:
		if (cycle->amo_request)
			miss->state = step->drained ? CVA6_MISS_AMO : CVA6_MISS_DRAIN;
		else
			cva6_miss_serve(dcache, params, step, cycle);
		break;
	case CVA6_MISS_STORE_WAIT:
		request_write(cycle);
		if (cycle->axi_accepts)
			miss->state = CVA6_MISS_IDLE;
		break;
	case CVA6_MISS_LOAD_WAIT:
		request_refill(dcache, params, step, cycle);
		break;
	case CVA6_MISS_DRAIN:
		if (step->requests && !write_collides(dcache, cycle))
			request_write(cycle);
		if (step->drained)
			miss->state = CVA6_MISS_IDLE;
		break;
	case CVA6_MISS_AMO:
		request_atomic(miss, cycle);
		break;
	default:
		if (cycle->amo_ack)
			miss->state = CVA6_MISS_IDLE;
		break;
	}
}

/*
 * Takes the outcome of an SC. The generator of exp_backoff.sv is a shift register of 16 bits, with
 * taps 0, 2, 3 and 5.
 */
u16 cva6_backoff_take(struct cva6_backoff *backoff, bool failed)
{
	u16 lfsr = backoff->lfsr, mask = backoff->mask;
	u16 bit = (lfsr ^ lfsr >> 2 ^ lfsr >> 3 ^ lfsr >> 5) & 1;

	backoff->mask = failed ? (u16)(mask << 1 | 1) : 0;
	if (!failed)
		return 0;
	backoff->lfsr = (u16)(lfsr >> 1 | bit << 15);
	return mask & lfsr;
}

static void step_backoff(struct cva6_dcache *dcache, bool passed, bool failed)
{
	struct cva6_backoff *backoff = &dcache->miss.backoff;

	if (passed || failed)
		backoff->count = cva6_action_backoff(dcache, failed);
	else if (backoff->count)
		backoff->count--;
}

void cva6_miss_step(struct cva6_dcache *dcache, const struct cva6_params *params,
		    struct cva6_dcache_cycle *cycle)
{
	struct cva6_miss_unit *miss = &dcache->miss;
	bool was_refilling = miss->refilling, atomic = miss->state == CVA6_MISS_AMO;
	bool sc = cycle->amo_ack && cycle->amo->op == CVA6_SC;
	struct miss_step step = { .requests = cva6_miss_masked(miss, cycle->miss_requests) };

	step.first = step.requests ? (unsigned)__builtin_ctz(step.requests) : CVA6_PORT_WRITES;
	step.drained = is_drained(dcache);
	step.collides = note_collisions(dcache, cycle);
	cva6_miss_step_state(dcache, params, &step, cycle);
	cycle->axi_request &= cycle->axi_accepts;
	if (cycle->axi_request && !atomic)
		cycle->miss_acks = 1u << step.first;
	step_backoff(dcache, sc && !cycle->amo->sc_failed, sc && cycle->amo->sc_failed);
	miss->masked = step.requests;
	miss->was_refilling = was_refilling;
	/* A refill may begin in the cycle in which the one before it ends. */
	miss->refilling = step.allocated || (was_refilling && !cycle->load_ack);
	miss->amo_requested = cycle->amo_request;
}
