/* SPDX-License-Identifier: MIT */
/* CVA6's interface to memory. See axi.h. */
#include "cpu/timing/cva6/dcache/axi.h"

#include "cpu/timing/units/arbiter.h"

#include <string.h>

/*
 * The tag of a response says whose it is. A store's is TAG_STORES, which is a multiple of the
 * number of writes, plus the number of the write.
 */
enum { TAG_ICACHE, TAG_DCACHE, TAG_ATOMIC, TAG_STORES = CVA6_WRITES_MAX };

static void cva6_axi_push(struct cva6_axi_queue *queue, const struct cva6_axi_request *request)
{
	if (queue->count < CVA6_REQUESTS_MAX)
		queue->request[queue->count++] = *request;
}

static struct cva6_axi_request cva6_axi_pop(struct cva6_axi_queue *queue)
{
	struct cva6_axi_request request = queue->request[0];

	queue->count--;
	memmove(&queue->request[0], &queue->request[1], queue->count * sizeof(request));
	return request;
}

static unsigned cva6_axi_beats(const struct cva6_params *params, u64 line, bool cached)
{
	return cached ? (unsigned)(line / params->memory_width) : 1;
}

/*
 * Sends the data cache's request. Returns whether it is an atomic, which invalidates its line in
 * the next cycle.
 */
static bool cva6_axi_send(struct cva6_axi *axi, const struct cva6_params *params, u64 now,
			  const struct cva6_axi_request *request)
{
	switch (request->type) {
	case CVA6_AXI_LOAD:
		bus_port_read(&axi->bus, now,
			      cva6_axi_beats(params, params->dcache_line, request->cached),
			      TAG_DCACHE);
		return false;
	case CVA6_AXI_STORE:
		axi->writes++;
		bus_port_write(&axi->bus, now, TAG_STORES + request->write);
		return false;
	case CVA6_AXI_LR:
		axi->atomic_reads = true;
		bus_port_read(&axi->bus, now, 1, TAG_ATOMIC);
		return true;
	case CVA6_AXI_SC:
		axi->writes++;
		axi->atomic_reads = false;
		bus_port_write(&axi->bus, now, TAG_ATOMIC);
		return true;
	default:
		axi->writes++;
		axi->atomic_reads = true;
		bus_port_read(&axi->bus, now, 1, TAG_ATOMIC);
		bus_port_write(&axi->bus, now, TAG_ATOMIC);
		return true;
	}
}

enum { ICACHE, DCACHE, REQUESTERS };

u32 cva6_axi_requests(const struct cva6_axi *axi, const struct cva6_params *params)
{
	bool dcache = axi->dcache.count > 0 && axi->writes < params->wbuffer_writes;

	return (u32)(axi->icache.count > 0) << ICACHE | (u32)dcache << DCACHE;
}

/*
 * Chooses which cache's request goes first, and sends it. Returns whether this returns an
 * invalidation to the data cache, which is filled in.
 */
static bool cva6_axi_arbitrate(struct cva6_axi *axi, const struct cva6_params *params, u64 now,
			       struct cva6_axi_return *invalidation)
{
	u32 requests = cva6_axi_requests(axi, params);
	struct cva6_axi_request request;
	unsigned choice;

	if (!requests)
		return false;
	choice = arbiter_choice(requests, REQUESTERS, axi->rr);
	axi->rr = (u8)arbiter_next(requests, axi->rr);
	if (choice == ICACHE) {
		request = cva6_axi_pop(&axi->icache);
		bus_port_read(&axi->bus, now,
			      cva6_axi_beats(params, params->icache_line, request.cached),
			      TAG_ICACHE);
		return false;
	}
	request = cva6_axi_pop(&axi->dcache);
	if (!cva6_axi_send(axi, params, now, &request))
		return false;
	*invalidation = (struct cva6_axi_return){
		.type = CVA6_RETURN_INVALIDATE, .address = request.address,
	};
	return true;
}

/*
 * Takes a beat of a read. Returns whether that used the data cache's return, of which there is one
 * in a cycle.
 */
static bool cva6_axi_take_beat(struct cva6_axi *axi, u64 now)
{
	unsigned tag;
	bool last;

	if (!bus_port_beat(&axi->bus, now, &tag, &last))
		return false;
	bus_port_take_beat(&axi->bus);
	if (tag == TAG_ICACHE) {
		axi->icache_return = last;
		return false;
	}
	if (!last)
		return true;
	if (tag == TAG_ATOMIC && axi->writes)
		axi->writes--;
	axi->dcache_return.type = tag == TAG_ATOMIC ? CVA6_RETURN_ATOMIC : CVA6_RETURN_LOAD;
	return true;
}

/* Takes an acknowledged write. An atomic that also reads is answered by its read. */
static void take_acknowledged(struct cva6_axi *axi)
{
	u8 tag = axi->acknowledged[0];

	axi->acknowledged_count--;
	memmove(&axi->acknowledged[0], &axi->acknowledged[1], axi->acknowledged_count);
	if (tag == TAG_ATOMIC && axi->atomic_reads)
		return;
	axi->writes--;
	axi->dcache_return.type = tag == TAG_ATOMIC ? CVA6_RETURN_ATOMIC : CVA6_RETURN_STORE;
	axi->dcache_return.write = tag % CVA6_WRITES_MAX;
}

bool cva6_axi_awaits_atomic(const struct cva6_axi *axi)
{
	const struct bus_port_queue *writes = &axi->bus.writes;

	for (unsigned n = 0; n < axi->acknowledged_count; n++)
		if (axi->acknowledged[n] == TAG_ATOMIC)
			return true;
	for (unsigned n = 0; n < writes->count; n++)
		if (writes->answer[(writes->head + n) % BUS_PORT_MAX].tag == TAG_ATOMIC)
			return true;
	return false;
}

bool cva6_axi_rests(const struct cva6_axi *axi, u64 now)
{
	return !axi->icache.count && !axi->dcache.count && !axi->acknowledged_count &&
	       bus_port_next(&axi->bus, 0) > now;
}

void cva6_axi_step(struct cva6_axi *axi, const struct cva6_params *params, u64 now,
		   const struct cva6_axi_request *icache, const struct cva6_axi_request *dcache)
{
	struct cva6_axi_return invalidation;
	unsigned tag;
	bool used;

	axi->icache_return = false;
	axi->dcache_return = (struct cva6_axi_return){ .type = CVA6_RETURN_NONE };
	if (!icache && !dcache && cva6_axi_rests(axi, now))
		return;
	/* Acknowledgements that have arrived are taken before this cycle's requests are sent. */
	if (bus_port_acknowledge(&axi->bus, now, &tag) &&
	    axi->acknowledged_count < params->wbuffer_writes) {
		axi->acknowledged[axi->acknowledged_count++] = (u8)tag;
		bus_port_take_acknowledge(&axi->bus);
	}
	used = cva6_axi_arbitrate(axi, params, now, &invalidation);
	if (used)
		axi->dcache_return = invalidation;
	else
		used = cva6_axi_take_beat(axi, now);
	if (!used && axi->acknowledged_count)
		take_acknowledged(axi);
	if (icache)
		cva6_axi_push(&axi->icache, icache);
	if (dcache)
		cva6_axi_push(&axi->dcache, dcache);
}
