/* SPDX-License-Identifier: MIT */
/* CVA6's data cache: its arrays, and the order of its units within a cycle. See dcache.h. */
#include "cpu/timing/cva6/dcache/dcache.h"

#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/cva6/dcache/arrays.h"
#include "cpu/timing/cva6/dcache/miss_unit.h"
#include "cpu/timing/cva6/dcache/read_port.h"
#include "cpu/timing/cva6/dcache/write_buffer.h"
#include "cpu/timing/units/arbiter.h"

#include <string.h>

/* The seed of exp_backoff.sv, as wt_dcache_missunit.sv sets it. */
#define BACKOFF_SEED 3

int cva6_dcache_init(struct cva6_dcache *dcache, const struct cva6_params *params)
{
	const struct tags_shape shape = {
		(unsigned)params->dcache_sets, (unsigned)params->dcache_ways,
		(unsigned)params->dcache_line,
	};

	return tags_init(&dcache->tags, &shape);
}

void cva6_dcache_free(struct cva6_dcache *dcache)
{
	tags_free(&dcache->tags);
}

void cva6_dcache_reset(struct cva6_dcache *dcache)
{
	struct tags tags = dcache->tags;

	memset(dcache, 0, sizeof(*dcache));
	dcache->tags = tags;
	tags_reset(&dcache->tags);
	lfsr_reset(&dcache->lfsr);
	dcache->miss.state = CVA6_MISS_FLUSH;
	dcache->miss.backoff.lfsr = BACKOFF_SEED;
}

void cva6_dcache_idle(struct cva6_dcache *dcache)
{
	memset(dcache->port, 0, sizeof(dcache->port));
	memset(&dcache->writes, 0, sizeof(dcache->writes));
	memset(&dcache->miss, 0, sizeof(dcache->miss));
	dcache->miss.state = CVA6_MISS_IDLE;
	dcache->miss.backoff.lfsr = BACKOFF_SEED;
}

void cva6_dcache_copy(struct cva6_dcache *to, const struct cva6_dcache *from)
{
	struct tags tags = to->tags;

	*to = *from;
	to->tags = tags;
	tags_copy(&to->tags, &from->tags);
}

bool cva6_dcache_drained(const struct cva6_dcache *dcache)
{
	return !dcache->writes.used;
}

void cva6_dcache_return(const struct cva6_dcache *dcache, struct cva6_dcache_cycle *cycle)
{
	const struct cva6_miss_unit *miss = &dcache->miss;
	u8 type = cycle->returned.type;

	cycle->load_ack = type == CVA6_RETURN_LOAD && miss->refilling;
	cycle->store_ack = type == CVA6_RETURN_STORE;
	cycle->amo_ack = type == CVA6_RETURN_ATOMIC && miss->amo_requested;
	cycle->invalidates = type == CVA6_RETURN_INVALIDATE;
	cycle->amo_done = cycle->amo_ack && miss->state == CVA6_MISS_AMO_WAIT;
	cycle->refilled_port = miss->port;
	cycle->line_written = miss->state == CVA6_MISS_FLUSH || cycle->invalidates ||
			      (cycle->load_ack && miss->cached);
	cycle->array_written = cycle->line_written || cycle->load_ack;
	cycle->array_line = cycle->invalidates ? cycle->returned.address : miss->address;
	if (miss->state == CVA6_MISS_FLUSH)
		cycle->array_line = (u64)miss->flush_count * dcache->tags.shape.line;
}

static void write_arrays(struct cva6_dcache *dcache, const struct cva6_dcache_cycle *cycle)
{
	const struct cva6_miss_unit *miss = &dcache->miss;

	if (miss->state == CVA6_MISS_FLUSH)
		tags_clear_set(&dcache->tags, tags_set(&dcache->tags, cycle->array_line));
	else if (cycle->invalidates)
		cva6_action_arrays(dcache, CVA6_ACTION_CLEAR, 0, cycle->array_line);
	else if (cycle->load_ack && miss->cached)
		cva6_action_arrays(dcache, CVA6_ACTION_REFILL, 0, miss->address);
}

/*
 * Chooses the read that the arrays serve in this cycle (wt_dcache_mem.sv). Lookups of the write
 * buffer come last.
 */
static void cva6_dcache_arbitrate(struct cva6_dcache *dcache, struct cva6_dcache_cycle *cycle)
{
	u32 requests = 0;

	for (unsigned n = 0; n < CVA6_READ_PORTS; n++)
		requests |= (u32)cva6_port_reads(&dcache->port[n], cycle->read[n].request) << n;
	if (!requests) {
		cycle->unchecked = cva6_writes_unchecked(&dcache->writes);
		requests = (u32)(cycle->unchecked != 0) << CVA6_PORT_WRITES;
	}
	cycle->read_choice = CVA6_PORT_WRITES;
	if (!requests || cycle->array_written)
		return;
	cva6_action_arbitrate(dcache, CVA6_ARBITER_READS, &dcache->rr_read, requests);
	cycle->read_choice = arbiter_choice(requests, CVA6_PORTS, dcache->rr_read);
	dcache->rr_read = (u8)arbiter_next(requests, dcache->rr_read);
	cycle->read_acks = 1u << cycle->read_choice;
}

/* Chooses the word that the write buffer looks up, if its lookup is served. */
static void choose_lookup(struct cva6_dcache *dcache, const struct cva6_params *params,
			  struct cva6_dcache_cycle *cycle)
{
	struct cva6_write_buffer *writes = &dcache->writes;

	if (!(cycle->read_acks >> CVA6_PORT_WRITES & 1))
		return;
	cva6_action_arbitrate(dcache, CVA6_ARBITER_LOOKUPS, &writes->rr_check, cycle->unchecked);
	cycle->checked_word =
		arbiter_choice(cycle->unchecked, (unsigned)params->wbuffer_words, writes->rr_check);
	writes->rr_check = (u8)arbiter_next(cycle->unchecked, writes->rr_check);
}

/* Returns whether the port has missed, and requested the arrays again in the last cycle. */
static bool takes_valid(const struct cva6_read_port *port)
{
	return port->asked && cva6_port_misses(port);
}

/*
 * Reads the valid bits that come out of the arrays in the next cycle, if a port has missed by then.
 * A miss that is found in the next cycle gets the same bits.
 */
static void read_valid(struct cva6_dcache *dcache, const struct cva6_dcache_cycle *cycle)
{
	u64 address;

	if (!cycle->read_acks || (!takes_valid(&dcache->port[CVA6_PORT_WALKER]) &&
				  !takes_valid(&dcache->port[CVA6_PORT_LOAD])))
		return;
	address = cycle->read_choice == CVA6_PORT_WRITES ?
			  dcache->writes.word[cycle->checked_word].address :
			  dcache->port[cycle->read_choice].address;
	cva6_action_arrays(dcache, CVA6_ACTION_VALID, 0, address);
}

/* Chooses a way for the line of a port that missed. */
static void choose_way(struct cva6_dcache *dcache, const struct cva6_read_port *port)
{
	int way = tags_free_way(&dcache->tags, port->valid_ways);

	dcache->miss.way =
		(u8)(way < 0 ? lfsr_choice(&dcache->lfsr, dcache->tags.shape.ways) : (unsigned)way);
	if (way < 0)
		lfsr_step(&dcache->lfsr);
}

void cva6_dcache_arrays(struct cva6_dcache *dcache, unsigned kind, unsigned port, u64 address)
{
	u16 valid = tags_valid(&dcache->tags, tags_set(&dcache->tags, address));

	switch (kind) {
	case CVA6_ACTION_LATCH:
		dcache->port[port].valid_ways = valid;
		break;
	case CVA6_ACTION_VALID:
		dcache->valid_ways = valid;
		break;
	case CVA6_ACTION_TAKE_VALID:
		dcache->port[port].valid_ways = dcache->valid_ways;
		break;
	case CVA6_ACTION_REFILL_WAY:
		choose_way(dcache, &dcache->port[port]);
		break;
	case CVA6_ACTION_CLEAR:
		tags_clear_set(&dcache->tags, tags_set(&dcache->tags, address));
		break;
	default:
		tags_fill(&dcache->tags, address, dcache->miss.way);
		break;
	}
}

/* Returns whether the port has nothing to do, or waits for its refill. */
static bool port_rests(const struct cva6_read_port *port)
{
	return (port->state == CVA6_PORT_IDLE || port->state == CVA6_PORT_MISS_WAIT) &&
	       !port->asked && !port->acked && !port->collides;
}

bool cva6_dcache_rests(const struct cva6_dcache *dcache)
{
	const struct cva6_miss_unit *miss = &dcache->miss;

	return miss->state == CVA6_MISS_IDLE && miss->refilling == miss->was_refilling &&
	       !miss->masked && !miss->amo_requested && !miss->backoff.count &&
	       port_rests(&dcache->port[CVA6_PORT_WALKER]) &&
	       port_rests(&dcache->port[CVA6_PORT_LOAD]) && cva6_writes_rest(&dcache->writes);
}

static bool is_requested(const struct cva6_dcache_cycle *cycle)
{
	bool reads = false;

	for (unsigned n = 0; n < CVA6_READ_PORTS; n++)
		reads |= cycle->read[n].request || cycle->read[n].kill;
	return reads || cycle->returned.type != CVA6_RETURN_NONE || cycle->store_request ||
	       cycle->amo_request;
}

void cva6_dcache_step(struct cva6_dcache *dcache, const struct cva6_params *params,
		      struct cva6_dcache_cycle *cycle)
{
	if (!is_requested(cycle) && cva6_dcache_rests(dcache))
		return;
	write_arrays(dcache, cycle);
	cva6_dcache_arbitrate(dcache, cycle);
	choose_lookup(dcache, params, cycle);
	for (unsigned n = 0; n < CVA6_READ_PORTS; n++)
		cycle->miss_requests |= (u32)cva6_port_misses(&dcache->port[n]) << n;
	if (cva6_writes_request(&dcache->writes, params, cycle))
		cycle->miss_requests |= 1u << CVA6_PORT_WRITES;
	cva6_miss_step(dcache, params, cycle);
	for (unsigned n = 0; n < CVA6_READ_PORTS; n++)
		cva6_port_step(dcache, n, cycle);
	cva6_writes_step(dcache, params, cycle);
	read_valid(dcache, cycle);
}
