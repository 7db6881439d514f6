/* SPDX-License-Identifier: MIT */
/*
 * Clears those registers in the key of a CVA6 on which nothing depends any more, and orders the
 * rest.
 */
#include "cpu/timing/cva6/dcache/write_buffer.h"
#include "cpu/timing/cva6/key_parts.h"

#include <string.h>

#define CLEAR(field) memset(&(field), 0, sizeof(field))

/* The slot and the cycle from which a key counts. */
struct origin {
	u64 now;
	unsigned oldest, entries; /* of the scoreboard */
};

/* Replaces a slot's number by its age, or by 0 if it is not in use. */
static ALWAYS_INLINE void turn(const struct origin *origin, u8 *slot, bool used)
{
	unsigned entries = origin->entries;

	*slot = used ? (u8)((*slot + entries - origin->oldest) % entries) : 0;
}

/*
 * Defines for each unit a function UNIT_key_normalize(), which does what the roles of its fields
 * say. In arrays with the role FIRST, the entries in use have already been moved to the front.
 */
#define UNIT(unit)                                                                                 \
	static inline void unit##_key_normalize(struct unit *self, const struct origin *origin)       \
	{                                                                                          \
		unsigned used = 0;                                                                 \
		(void)self, (void)origin, (void)used;
#define END(unit) }
#define FIELD_AGE(condition)                                                                       \
	used = condition;                                                                          \
	TURN_SLOT
#define TURN_SLOT(type, name) turn(origin, &self->name, used);
#define ARRAY_AGES(count)                                                                          \
	used = count;                                                                              \
	TURN_SLOTS
#define TURN_SLOTS(type, name, size)                                                               \
	for (unsigned n = 0; n < size; n++)                                                        \
		turn(origin, &self->name[n], n < used);
#define FIELD_FROM_NOW(condition)                                                                  \
	used = condition;                                                                          \
	COUNT_FROM_NOW
#define COUNT_FROM_NOW(type, name)                                                                 \
	self->name = used ? MAX(self->name, origin->now) - origin->now : 0;
#define FIELD_OUTSIDE(type, name) CLEAR(self->name);
#define ARRAY_OUTSIDE(type, name, size) CLEAR(self->name);
#define UNIT_OUTSIDE(unit, name) CLEAR(self->name);
#define UNITS_OUTSIDE(unit, name, size) CLEAR(self->name);
#define FIELD_OTHER(type, name) CLEAR(self->name);
#define ARRAY_OTHER(type, name, size) CLEAR(self->name);
#define UNIT_PARTS(unit, name) unit##_key_normalize(&self->name, origin);
#define UNITS_PARTS(unit, name, size)                                                              \
	for (unsigned n = 0; n < size; n++)                                                        \
		unit##_key_normalize(&self->name[n], origin);
#define UNITS_FIRST(number)                                                                        \
	used = number;                                                                             \
	SETTLE_FIRST
#define SETTLE_FIRST(unit, name, size) UNITS_PARTS(unit, name, used)
#define GRID_PARTS(unit, name, rows, columns)                                                      \
	for (unsigned n = 0; n < rows * columns; n++)                                              \
		unit##_key_normalize(&self->name[n / columns][n % columns], origin);
#include "cpu/timing/cva6/state/roles.inc"
#define UNITS "cpu/timing/cva6/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/cva6/state/roles_end.inc"

static void normalize_fetched(struct cva6_fetched *fetched)
{
	if (fetched->flow == CVA6_NO_FLOW)
		fetched->target = 0;
}

/*
 * Orders the FIFOs from their heads. The one that is emptied next comes first, because the two are
 * alike.
 */
static void normalize_fifos(struct cva6_queue *queue, const struct cva6_queue *old)
{
	CLEAR(queue->fifo);
	for (unsigned n = 0; n < CVA6_FETCHED; n++) {
		const struct cva6_fifo *fifo = &old->fifo[(old->output + n) % CVA6_FETCHED];

		queue->fifo[n].count = fifo->count;
		for (unsigned k = 0; k < fifo->count; k++) {
			queue->fifo[n].entry[k] = fifo->entry[(fifo->head + k) % CVA6_QUEUE_MAX];
			normalize_fetched(&queue->fifo[n].entry[k]);
		}
	}
	queue->input = (u8)((old->input + CVA6_FETCHED - old->output) % CVA6_FETCHED);
	queue->output = 0;
}

static void normalize_front_end(struct cva6_pipeline *pipe, const struct cva6_queue *queue)
{
	struct cva6_frontend *fe = &pipe->frontend;

	if (!fe->valid) {
		fe->fault = false;
		fe->word = 0;
	}
	if (!fe->unaligned) {
		fe->half = 0;
		fe->unaligned_pc = fe->btb_guess = fe->bht_guess = 0;
		fe->vaddr = fe->valid ? fe->vaddr : 0;
	}
	normalize_fifos(&fe->queue, queue);
	if (!pipe->decoded_valid)
		CLEAR(pipe->decoded);
	normalize_fetched(&pipe->decoded);
}

static void normalize_entry(const struct cva6_pipeline *pipe, struct cva6_entry *entry,
			    unsigned slot)
{
	if (!cva6_address_is_needed(pipe, slot)) {
		entry->va = entry->pa = 0;
		entry->size = 0;
	}
	if (entry->uop.unit != CVA6_CTRL_FLOW || entry->valid)
		entry->flow = CVA6_NO_FLOW;
	if (entry->flow == CVA6_NO_FLOW)
		entry->predicted = 0;
	if (!entry->valid || !cva6_is_plain(entry))
		return;
	/*
	 * The entry only waits to commit. (Before it was done, a failed walk could have restarted
	 * it.)
	 */
	entry->next = 0;
	entry->uop = (struct cva6_uop){ .unit = entry->uop.unit, .rd = entry->uop.rd };
	entry->pc = entry->flags = entry->steps = 0;
	entry->ends = false;
}

/* Moves the oldest entry to slot 0, and the others to the slots after it, by age. */
static void rotate_scoreboard(struct cva6_pipeline *to, const struct cva6_core *core)
{
	const struct cva6_scoreboard *sb = &core->pipe.sb;

	to->sb.oldest = 0;
	for (unsigned age = 0; age < sb->count; age++) {
		unsigned slot = cva6_slot(sb, &core->params, age);

		to->sb.entry[age] = sb->entry[slot];
		normalize_entry(&core->pipe, &to->sb.entry[age], slot);
	}
	memset(&to->sb.entry[sb->count], 0,
	       (core->params.issue_entries - sb->count) * sizeof(to->sb.entry[0]));
}

static void normalize_op(struct cva6_fpu_op *op)
{
	if (!op->valid)
		CLEAR(*op);
}

static void normalize_units(struct cva6_pipeline *pipe)
{
	struct cva6_flu *flu = &pipe->flu;
	struct cva6_fpu *fpu = &pipe->fpu;

	if (flu->divider != CVA6_DIVIDER_DIVIDE) {
		flu->divide_ends = false;
		flu->divide_count = 0;
	}
	for (unsigned block = 0; block < CVA6_DIVSQRT; block++)
		for (unsigned n = 0; n < CVA6_FPU_STAGES; n++)
			normalize_op(&fpu->pipe[block][n]);
	normalize_op(&fpu->held);
	normalize_op(&fpu->divsqrt.input);
	normalize_op(&fpu->divsqrt.output);
}

static void normalize_queue(struct cva6_store_queue *queue)
{
	memset(&queue->store[queue->count], 0,
	       (CVA6_STORES_MAX - queue->count) * sizeof(queue->store[0]));
}

static void normalize_lsu(struct cva6_lsu *lsu, bool traps)
{
	bool pending = false;

	for (unsigned n = 0; n < CVA6_LOAD_BUFFER; n++) {
		lsu->buffer[n].flushed &= lsu->buffer[n].valid;
		pending |= lsu->buffer[n].valid;
	}
	lsu->last_id = pending ? lsu->last_id : 0;
	lsu->result_exception &= lsu->result;
	normalize_queue(&lsu->speculative);
	normalize_queue(&lsu->committed);
	if (!lsu->amo.valid)
		CLEAR(lsu->amo);
	/* Only the result of an operation that traps depends on these. */
	if (!traps)
		lsu->requested = lsu->hit = false;
}

static void normalize_mmu(struct cva6_mmu *mmu)
{
	struct cva6_walker *walker = &mmu->walker;
	const struct cva6_walker old = *walker;
	bool reads = old.state == CVA6_WALKER_WAIT_GRANT || old.state == CVA6_WALKER_PTE_LOOKUP;

	CLEAR(*walker);
	walker->state = old.state;
	walker->answered = old.answered;
	walker->tag_valid = old.tag_valid;
	walker->instruction = old.instruction && old.state != CVA6_WALKER_IDLE;
	if (!reads)
		return;
	walker->level = old.level;
	walker->global = old.global;
	walker->va = old.va;
	walker->pointer = old.pointer;
	if (!old.answered)
		return;
	walker->says = old.says;
	walker->entry = old.entry;
	walker->onward = old.onward;
}

/* Orders the queue from its head. */
static void order_bus_queue(struct bus_port_queue *queue)
{
	struct bus_port_queue old = *queue;

	CLEAR(*queue);
	queue->count = old.count;
	for (unsigned n = 0; n < old.count; n++)
		queue->answer[n] = old.answer[(old.head + n) % BUS_PORT_MAX];
}

static void normalize_axi(struct cva6_axi *axi)
{
	struct cva6_axi_queue *queues[] = { &axi->icache, &axi->dcache };

	for (unsigned n = 0; n < ARRAY_SIZE(queues); n++) {
		for (unsigned k = 0; k < CVA6_REQUESTS_MAX; k++) {
			if (k >= queues[n]->count)
				CLEAR(queues[n]->request[k]);
			if (queues[n]->request[k].type <= CVA6_AXI_STORE)
				queues[n]->request[k].address = 0;
		}
	}
	for (unsigned n = axi->acknowledged_count; n < CVA6_ACKNOWLEDGED; n++)
		axi->acknowledged[n] = 0;
	if (axi->dcache_return.type != CVA6_RETURN_STORE)
		axi->dcache_return.write = 0;
	if (axi->dcache_return.type != CVA6_RETURN_INVALIDATE)
		axi->dcache_return.address = 0;
	axi->atomic_reads &= cva6_axi_awaits_atomic(axi);
}

static void normalize_icache(struct cva6_icache *icache, const struct cva6_mmu *mmu)
{
	bool misses = icache->state == CVA6_ICACHE_MISS;

	/* A walk that ends reads the address, even if it is not requested. */
	if (!misses && !cva6_icache_translates(icache) && mmu->walker.state == CVA6_WALKER_IDLE)
		icache->vaddr = 0;
	if (!misses) {
		icache->paddr = 0;
		icache->cached = false;
	}
	if (icache->state != CVA6_ICACHE_FLUSH)
		icache->flush_count = 0;
}

static void normalize_writes(struct cva6_write_buffer *writes)
{
	for (unsigned n = 0; n < CVA6_WORDS_MAX; n++) {
		struct cva6_word *word = &writes->word[n];
		bool looked_up = (writes->checking && writes->checking_word == n) ||
				 (writes->checked && writes->checked_word == n);

		word->hit &= word->checked;
		if (!(writes->used >> n & 1) && !looked_up)
			CLEAR(*word);
	}
	for (unsigned n = 0; n < CVA6_WRITES_MAX; n++) {
		if (!writes->write[n].valid)
			CLEAR(writes->write[n]);
		if (n >= writes->returned_count)
			writes->returned[n] = 0;
	}
	writes->lock = writes->locked ? writes->lock : 0;
	writes->rr_dirty = cva6_writes_arbitrate(writes) ? writes->rr_dirty : 0;
	writes->checking_word = writes->checking ? writes->checking_word : 0;
	writes->checked_word = writes->checked ? writes->checked_word : 0;
	writes->checked_hit &= writes->checked;
	writes->array_line = writes->array_written ? writes->array_line : 0;
}

static void normalize_dcache(struct cva6_dcache *dcache)
{
	struct cva6_miss_unit *miss = &dcache->miss;

	for (unsigned n = 0; n < CVA6_READ_PORTS; n++)
		if (dcache->port[n].state == CVA6_PORT_IDLE)
			CLEAR(dcache->port[n]);
	normalize_writes(&dcache->writes);
	if (!miss->refilling && !miss->was_refilling) {
		miss->cached = false;
		miss->port = 0;
		miss->address = 0;
	}
	if (miss->state != CVA6_MISS_STORE_WAIT && miss->state != CVA6_MISS_LOAD_WAIT)
		miss->masked = 0;
	if (miss->state != CVA6_MISS_FLUSH)
		miss->flush_count = 0;
}

void cva6_normalize(struct cva6_key *key, const struct cva6_core *core, bool exists)
{
	struct cva6_pipeline *pipe = &key->pipe;
	const struct origin origin = {
		.now = core->cycle, .oldest = core->pipe.sb.oldest,
		.entries = (unsigned)core->params.issue_entries,
	};

	order_bus_queue(&pipe->axi.bus.reads);
	order_bus_queue(&pipe->axi.bus.writes);
	cva6_pipeline_key_normalize(pipe, &origin);
	cva6_icache_key_normalize(&key->icache, &origin);
	cva6_dcache_key_normalize(&key->dcache, &origin);
	normalize_front_end(pipe, &core->pipe.frontend.queue);
	rotate_scoreboard(pipe, core);
	normalize_units(pipe);
	normalize_lsu(&pipe->lsu, !exists);
	normalize_mmu(&pipe->mmu);
	normalize_axi(&pipe->axi);
	normalize_icache(&key->icache, &pipe->mmu);
	normalize_dcache(&key->dcache);
}
