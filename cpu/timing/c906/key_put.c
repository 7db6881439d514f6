/* SPDX-License-Identifier: MIT */
/* A C906 as its key says, and the key's addresses; see key.h. */
#include "cpu/timing/c906/key.h"

#include "cpu/isa/isa.h"

#include <string.h>

static void put_number(const struct c906_core *core, u64 *number, bool used)
{
	*number = used ? core->records.end - *number : 0;
}

static void put_numbers(struct c906_core *core)
{
	struct c906_pipeline *pipe = &core->pipe;

	put_number(core, &pipe->ex1.number, pipe->ex1.valid && !pipe->ex1.strayed);
	put_number(core, &pipe->bju.number, pipe->bju.valid);
	put_number(core, &pipe->bju.return_number, pipe->bju.wrong_return);
	put_number(core, &pipe->lsu.ag.number, pipe->lsu.ag_valid);
	put_number(core, &pipe->rtu.resume, pipe->rtu.resumes);
	put_number(core, &pipe->lsu.dc.number, pipe->lsu.dc.number);
	put_number(core, &pipe->vpu.buffer.number, pipe->vpu.buffer.number);
}

static void put_times(struct c906_pipeline *pipe, u64 now)
{
	struct c906_icache *icache = &pipe->ifu.icache;
	struct c906_mmu *mmu = &pipe->mmu;

	if (icache->refill == C906_REFILL_FIRST || icache->refill == C906_REFILL_REST)
		icache->beat += now;
	if (icache->ahead == C906_AHEAD_FIRST || icache->ahead == C906_AHEAD_REST)
		icache->ahead_beat += now;
	if (icache->invalidation == C906_INVALIDATION_RUNS)
		icache->invalidated += now;
	if (pipe->ex1.cp0)
		pipe->ex1.until += now;
	for (unsigned n = 0; n < C906_FILLS_MAX; n++)
		if (pipe->lsu.fill[n].state == C906_FILL_REFILL)
			pipe->lsu.fill[n].beat += now;
	if (mmu->walker.until)
		mmu->walker.until += now;
	if (mmu->held)
		mmu->held_from += now;
	if (mmu->held && mmu->held != UINT64_MAX)
		mmu->held += now;
}

static void put_biu(struct c906_biu *biu, u64 now)
{
	for (unsigned n = 0; n < C906_WRITES; n++)
		if (biu->write[n].until && biu->write[n].until != UINT64_MAX)
			biu->write[n].until += now;
	if (biu->last_beat)
		biu->last_beat += now;
}

static void put_record(const struct c906_key_record *own, struct c906_core *core, u64 number,
		       bool used, u8 after)
{
	struct timing_record *record = &core->records.ring[number % C906_RECORDS].record;

	if (used)
		*record = (struct timing_record){
			.next = own->next, .op = own->op, .flags = own->flags, .after = after,
			.va = own->operand[0], .pa = own->operand[1], .a = own->operand[0],
			.b = own->operand[1],
		};
}

/* What is kept whole. */
static void put_kept(const struct c906_key *key, struct c906_core *core)
{
	struct c906_input *ring = core->records.ring;
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	if (c906_ex1_in_cp0(ex1))
		ring[ex1->number % C906_RECORDS] = key->rare;
	if (key->waiting)
		ring[core->records.issue % C906_RECORDS] = key->waits;
}

/* Those of what has not left: shadows are counted. */
static void put_record_numbers(struct c906_records *records)
{
	u64 number = records->told;

	for (u64 n = records->end; n != records->commit; n--) {
		struct c906_input *input = &records->ring[(n - 1) % C906_RECORDS];

		number -= 1u + input->record.shadows;
		input->number = number;
	}
}

/* Of what is in AG, only that it leaves. */
void c906_key_put_records(const struct c906_key *key, struct c906_core *core)
{
	struct c906_records *records = &core->records;
	const struct c906_bju *bju = &core->pipe.bju;
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	u8 after = core->pipe.mmu.context.after;

	for (u64 n = records->commit; n != records->end; n++)
		records->ring[n % C906_RECORDS] = (struct c906_input){ .record.after = after };
	/* A branch that has left may still be looked at. */
	records->ring[(records->commit - 1) % C906_RECORDS] = key->left;
	put_record(&key->executes, core, ex1->number, ex1->valid && !ex1->strayed, after);
	put_record(&key->branch, core, bju->number, bju->valid, after);
	put_record(&key->returns, core, bju->return_number, bju->wrong_return, after);
	put_kept(key, core);
	put_record_numbers(records);
}

void c906_key_renumber(struct c906_core *core)
{
	struct c906_records *records = &core->records;
	u64 end = records->end;
	struct c906_input ring[C906_RECORDS];

	memcpy(ring, records->ring, sizeof(ring));
	for (u64 n = 1; n <= C906_RECORDS; n++)
		records->ring[(records->told - n) % C906_RECORDS] = ring[(end - n) % C906_RECORDS];
	records->end = records->told;
	records->issue += records->end - end;
	records->commit += records->end - end;
}

void c906_key_put(const struct c906_key *key, struct c906_core *core)
{
	const u64 satp = core->pipe.mmu.context.satp, next_satp = core->pipe.rtu.context.satp;

	memcpy(&core->pipe, &key->pipe, sizeof(core->pipe));
	core->pipe.mmu.context.satp = satp;
	core->pipe.rtu.context.satp = next_satp;
	core->env.biu = key->biu;
	core->refills_behind = key->refills_behind;
	core->starves = key->starves;
	core->drained = key->drained;
	core->records.issue = core->records.end - key->waiting;
	put_numbers(core);
	put_times(&core->pipe, core->env.now);
	put_biu(&core->env.biu, core->env.now);
}

void c906_key_forget_records(const struct c906_key *key, struct c906_core *core)
{
	struct c906_records *records = &core->records;
	const struct c906_pipeline *pipe = &core->pipe;
	struct timing_record *leaves = &records->ring[pipe->lsu.ag.number % C906_RECORDS].record;

	for (u64 n = records->end; n != records->commit + C906_RECORDS; n++)
		memset(&records->ring[n % C906_RECORDS], 0, sizeof(records->ring[0]));
	records->ring[(records->commit - 1) % C906_RECORDS] = key->left;
	put_record(&key->branch, core, pipe->bju.number, pipe->bju.valid, 0);
	put_record(&key->returns, core, pipe->bju.return_number, pipe->bju.wrong_return, 0);
	if (pipe->lsu.ag_valid && !pipe->lsu.ag.traps)
		*leaves = (struct timing_record){ .after = leaves->after };
}

/* All fields that have tokens, but those of records; how many there are. */
#define ADDRESSES_MAX (2 * C906_FILLS_MAX + 2 * C906_STORES_MAX + C906_WRITES + C906_IBUF_MAX + 13)
static unsigned list_addresses(struct c906_pipeline *pipe, struct c906_biu *biu, u64 **list)
{
	struct c906_lsu *lsu = &pipe->lsu;
	unsigned count = 0;

	for (unsigned n = 0; n < C906_FILLS_MAX; n++) {
		list[count++] = &lsu->fill[n].va;
		list[count++] = &lsu->fill[n].pa;
	}
	for (unsigned n = 0; n < C906_STORES_MAX; n++) {
		list[count++] = &lsu->store[n].va;
		list[count++] = &lsu->store[n].pa;
	}
	for (unsigned n = 0; n < C906_WRITES; n++)
		list[count++] = &biu->write[n].pa;
	list[count++] = &lsu->ag.va;
	list[count++] = &lsu->ag.pa;
	list[count++] = &lsu->dc.va;
	list[count++] = &lsu->dc.pa;
	list[count++] = &lsu->merge.pa;
	list[count++] = &lsu->burst.pa;
	list[count++] = &lsu->rdl.pa;
	list[count++] = &lsu->victim.pa;
	list[count++] = &pipe->mmu.dutlb.va;
	list[count++] = &pipe->mmu.walker.pointer;
	for (unsigned n = 0; n < C906_IBUF_MAX; n++)
		list[count++] = &pipe->ifu.ibuf.entry[n].guess.counter;
	list[count++] = &pipe->ifu.ibuf.pop.guess.counter;
	list[count++] = &pipe->ex1.guess.counter;
	list[count++] = &pipe->bju.guess.counter;
	return count;
}

/* Of a record, with what lies behind it. */
#define ADDRESSES_TOLD (2 + C906_BEHIND)
static unsigned list_input(struct c906_input *input, u64 **list)
{
	bool divides = isa_ops[input->record.op].class == CLASS_DIV;
	unsigned count = 0;

	list[count++] = divides ? &input->record.a : &input->record.va;
	list[count++] = divides ? &input->record.b : &input->record.pa;
	for (unsigned n = 0; n < C906_BEHIND; n++)
		list[count++] = &input->behind[n].va;
	return count;
}

unsigned c906_key_number(struct c906_key *key, u64 from[ACTIONS_PLACES])
{
	struct c906_input *kept[] = { &key->rare, &key->waits, &key->left };
	u64 *list[ADDRESSES_MAX + 2 + ARRAY_SIZE(kept) * ADDRESSES_TOLD];
	unsigned count = list_addresses(&key->pipe, &key->biu, list);

	list[count++] = &key->executes.operand[0];
	list[count++] = &key->executes.operand[1];
	for (unsigned n = 0; n < ARRAY_SIZE(kept); n++)
		count += list_input(kept[n], list + count);
	return actions_number(list, count, from);
}

void c906_record_resolve(struct timing_record *record, const struct actions *actions)
{
	if (record->flags & (TIMING_LOAD | TIMING_STORE)) {
		record->va = actions_resolve(actions, record->va);
		record->pa = actions_resolve(actions, record->pa);
	} else if (isa_ops[record->op].class == CLASS_DIV) {
		record->a = actions_resolve(actions, record->a);
		record->b = actions_resolve(actions, record->b);
	}
}

void c906_core_resolve(struct c906_core *core, const struct actions *actions)
{
	struct c906_records *records = &core->records;
	u64 *list[ADDRESSES_MAX];
	unsigned count = list_addresses(&core->pipe, &core->env.biu, list);

	for (unsigned n = 0; n < count; n++)
		*list[n] = actions_resolve(actions, *list[n]);
	for (u64 n = records->commit - 1; n != records->end; n++) {
		struct c906_input *input = &records->ring[n % C906_RECORDS];

		c906_record_resolve(&input->record, actions);
		for (unsigned k = 0; k < C906_BEHIND; k++)
			input->behind[k].va = actions_resolve(actions, input->behind[k].va);
	}
}
