/* SPDX-License-Identifier: MIT */
/* What of a CVA6 matters for what it will do; see key.h. */
#include "cpu/timing/cva6/key_parts.h"

#include <string.h>

#define CLEAR(field) memset(&(field), 0, sizeof(field))

/* It executes, and leaves in its turn. */
static bool is_regular(const struct cva6_entry *entry)
{
	return !entry->strayed && !entry->exception && !(entry->flags & TIMING_TRAP) &&
	       entry->uop.unit != CVA6_NONE && entry->uop.unit != CVA6_CVXIF;
}

/* And nothing else comes of it. */
bool cva6_is_plain(const struct cva6_entry *entry)
{
	return is_regular(entry) && entry->uop.unit != CVA6_CSR && !cva6_is_amo(&entry->uop);
}

/* Does the load/store unit still look at where it goes? */
bool cva6_is_looked_at(const struct cva6_pipeline *pipe, unsigned slot)
{
	for (unsigned n = 0; n < pipe->lsu.waiting_count; n++)
		if (pipe->lsu.waiting[n] == slot)
			return true;
	return (pipe->executing && pipe->execute_slot == slot) ||
	       (pipe->lsu.store_state != CVA6_STORE_IDLE && pipe->lsu.store_slot == slot);
}

/* May what is behind it be issued once more? A walk can fail that did not for the hart. */
static bool may_restart(const struct cva6_pipeline *pipe, unsigned slot)
{
	return cva6_restarts(&pipe->sb.entry[slot].uop) ||
	       (pipe->context.data_translated && cva6_is_looked_at(pipe, slot));
}

/* How many records under way will not be issued again, whatever happens. */
static unsigned issued_for_good(const struct cva6_core *core)
{
	const struct cva6_scoreboard *sb = &core->pipe.sb;
	unsigned age = 0;

	while (age < sb->count && is_regular(&sb->entry[cva6_slot(sb, &core->params, age)]))
		if (may_restart(&core->pipe, cva6_slot(sb, &core->params, age++)))
			break;
	return age;
}

/* Does its entry depend on operands that are in no key? */
static bool has_operands(const struct cva6_core *core, const struct timing_record *record)
{
	const struct cva6_uop *uop = cva6_decoder_find(core->decoder, record->raw);

	bool csr = uop->op == CVA6_CSR_ACCESS && cva6_csr_matters(uop->csr);

	return uop->unit == CVA6_DIV || uop->op == CVA6_SFENCE_VMA || csr ||
	       (uop->unit == CVA6_FPU && uop->block == CVA6_DIVSQRT);
}

/*
 * Does it wait for what an atomic forwards early (issue.c), both of which may be issued again? Then
 * its operands matter once more.
 */
static bool looks_again(const struct cva6_core *core, unsigned age, unsigned issued)
{
	const struct cva6_scoreboard *sb = &core->pipe.sb;
	const struct timing_record *record =
		cva6_record(&core->records, core->records.commit + age);
	const struct cva6_uop *uop = cva6_decoder_find(core->decoder, record->raw);
	const u8 reg[] = { uop->rs1, uop->rs2 };

	for (unsigned n = 0; uop->op == CVA6_BRANCH && n < ARRAY_SIZE(reg); n++) {
		int writer = cva6_writer_of(sb, &core->params, MIN(age, sb->count), reg[n]);

		if (writer >= (int)issued &&
		    cva6_is_amo(&sb->entry[cva6_slot(sb, &core->params, (unsigned)writer)].uop))
			return true;
	}
	return false;
}

static bool entries_have_keys(const struct cva6_core *core)
{
	const struct cva6_scoreboard *sb = &core->pipe.sb;

	for (unsigned age = 0; age < sb->count; age++) {
		const struct cva6_entry *entry = &sb->entry[cva6_slot(sb, &core->params, age)];

		if (!is_regular(entry))
			return false;
	}
	for (unsigned issued = issued_for_good(core), age = issued; age < sb->count; age++)
		if (has_operands(core, cva6_record(&core->records, core->records.commit + age)) ||
		    looks_again(core, age, issued))
			return false;
	return true;
}

bool cva6_key_exists(const struct cva6_core *core)
{
	const struct cva6_records *records = &core->records;
	const struct cva6_pipeline *pipe = &core->pipe;

	return !records->diverted && records->issue == records->end && core->cycle &&
	       !cva6_sleeps(core) && !core->sleep && !pipe->lsu.jammed &&
	       !core->icache.flush_pending && core->icache.state != CVA6_ICACHE_FLUSH &&
	       core->dcache.miss.state != CVA6_MISS_FLUSH &&
	       timing_mode_of(pipe->context.after) == core->tally->mode && entries_have_keys(core);
}

/* The n-th record under way, with all that will still be asked of it. */
static struct timing_record settled_record(const struct cva6_core *core, unsigned n,
					   unsigned issued)
{
	struct timing_record record = *cva6_record(&core->records, core->records.commit + n);

	if (n < issued)
		return (struct timing_record){ .after = record.after };
	if (!has_operands(core, &record) && !looks_again(core, n, issued))
		record.a = record.b = record.c = 0;
	return record;
}

void cva6_records_settle(struct cva6_core *core)
{
	const struct cva6_records *records = &core->records;
	unsigned count = cva6_under_way(records), issued = issued_for_good(core);

	for (unsigned n = 0; n < count; n++)
		*cva6_record(records, records->commit + n) = settled_record(core, n, issued);
	for (unsigned n = count; n < CVA6_RECORDS; n++)
		CLEAR(*cva6_record(records, records->commit + n));
}

void cva6_key_take(struct cva6_key *key, const struct cva6_core *core)
{
	struct cva6_pipeline *pipe = &key->pipe;
	unsigned issued = issued_for_good(core);
	bool exists = cva6_key_exists(core);

	/* With what is between the members. */
	memcpy(pipe, &core->pipe, sizeof(*pipe));
	memcpy(&key->icache, &core->icache, sizeof(key->icache));
	memcpy(&key->dcache, &core->dcache, sizeof(key->dcache));
	memset(key->record, 0, sizeof(key->record));
	key->refills_behind = core->refills_behind;
	pipe->context.satp = 0;
	cva6_settle(key, core, exists);
	for (unsigned n = 0; exists && n < cva6_under_way(&core->records); n++)
		key->record[n] = settled_record(core, n, issued);
}

static void put_bus_queue(struct bus_port_queue *queue, u64 now)
{
	for (unsigned n = 0; n < queue->count; n++)
		queue->answer[n].cycle += now;
}

void cva6_key_put(const struct cva6_key *key, struct cva6_core *core)
{
	const struct cva6_icache icache = core->icache;
	const struct cva6_dcache dcache = core->dcache;
	u64 satp = core->pipe.context.satp;

	memcpy(&core->pipe, &key->pipe, sizeof(core->pipe));
	core->pipe.context.satp = satp;
	put_bus_queue(&core->pipe.axi.bus.reads, core->cycle);
	put_bus_queue(&core->pipe.axi.bus.writes, core->cycle);
	core->icache = key->icache;
	core->icache.all_valid = icache.all_valid;
	core->icache.way = icache.way;
	core->icache.lfsr = icache.lfsr;
	core->icache.tags = icache.tags;
	core->icache.pmp = icache.pmp;
	core->icache.bytes = icache.bytes;
	core->icache.actions = icache.actions;
	core->dcache = key->dcache;
	core->dcache.tags = dcache.tags;
	core->dcache.lfsr = dcache.lfsr;
	core->dcache.valid_ways = dcache.valid_ways;
	core->dcache.miss.way = dcache.miss.way;
	core->dcache.miss.backoff.lfsr = dcache.miss.backoff.lfsr;
	core->dcache.actions = dcache.actions;
	for (unsigned n = 0; n < CVA6_READ_PORTS; n++)
		core->dcache.port[n].valid_ways = dcache.port[n].valid_ways;
	core->refills_behind = (u8)key->refills_behind;
	core->spent_on = 0;
	core->quiet = 0;
}

void cva6_key_put_records(const struct cva6_key *key, struct cva6_core *core)
{
	const struct cva6_records *records = &core->records;

	for (unsigned n = 0; n < cva6_under_way(records); n++)
		*cva6_record(records, records->commit + n) = key->record[n];
}

/* All fields for addresses of data but those of records, of so many slots; how many there are. */
static unsigned list_addresses(struct cva6_pipeline *pipe, struct cva6_dcache *dcache,
			       unsigned slots, u64 **list)
{
	unsigned count = 0;

	for (unsigned n = 0; n < slots; n++) {
		list[count++] = &pipe->sb.entry[n].va;
		list[count++] = &pipe->sb.entry[n].pa;
		list[count++] = &pipe->sb.entry[n].a;
		list[count++] = &pipe->sb.entry[n].b;
	}
	for (unsigned n = 0; n < CVA6_STORES_MAX; n++) {
		list[count++] = &pipe->lsu.speculative.store[n].address;
		list[count++] = &pipe->lsu.committed.store[n].address;
	}
	for (unsigned n = 0; n < CVA6_REQUESTS_MAX; n++)
		list[count++] = &pipe->axi.dcache.request[n].address;
	for (unsigned n = 0; n < CVA6_WORDS_MAX; n++)
		list[count++] = &dcache->writes.word[n].address;
	for (unsigned n = 0; n < CVA6_READ_PORTS; n++)
		list[count++] = &dcache->port[n].address;
	list[count++] = &dcache->writes.array_line;
	list[count++] = &dcache->miss.address;
	list[count++] = &pipe->lsu.amo.address;
	list[count++] = &pipe->axi.dcache_return.address;
	list[count++] = &pipe->mmu.walker.va;
	list[count++] = &pipe->mmu.walker.pointer;
	list[count++] = &pipe->mmu.walker.entry;
	list[count++] = &pipe->mmu.walker.onward;
	if (!pipe->mmu.missed_fetch)
		list[count++] = &pipe->mmu.missed_va;
	return count;
}

unsigned cva6_key_number(struct cva6_key *key, u64 from[CVA6_ADDRESSES_MAX])
{
	u64 *list[CVA6_ADDRESSES_MAX];
	/* A key's slots begin with the oldest; what is behind the youngest is 0. */
	unsigned count = list_addresses(&key->pipe, &key->dcache, key->pipe.sb.count, list);

	for (unsigned n = 0; n < CVA6_SLOTS_MAX; n++) {
		list[count++] = &key->record[n].va;
		list[count++] = &key->record[n].pa;
	}
	return actions_number(list, count, from);
}

void cva6_core_resolve(struct cva6_core *core, const struct actions *actions)
{
	u64 *list[CVA6_ADDRESSES_MAX];
	unsigned count = list_addresses(&core->pipe, &core->dcache, CVA6_SLOTS_MAX, list);

	for (unsigned n = 0; n < cva6_under_way(&core->records); n++) {
		struct timing_record *record =
			cva6_record(&core->records, core->records.commit + n);

		record->va = actions_resolve(actions, record->va);
		record->pa = actions_resolve(actions, record->pa);
	}
	for (unsigned n = 0; n < count; n++)
		*list[n] = actions_resolve(actions, *list[n]);
	for (unsigned n = 0; n < CVA6_WORDS_MAX; n++)
		core->dcache.writes.word[n].address =
			align_down(core->dcache.writes.word[n].address, 8);
}
