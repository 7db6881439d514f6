/* SPDX-License-Identifier: MIT */
/*
 * The keys of a C906: whether a core has one, and taking it; see key.h. Fields that do not matter
 * are cleared here; the roles of fields (state/) say the rest.
 */
#include "cpu/timing/c906/key.h"

#include "cpu/isa/isa.h"

#include <string.h>

#define CLEAR(field) memset(&(field), 0, sizeof(field))

#define RARE_FLAGS (TIMING_INTERRUPT | TIMING_FETCH | TIMING_WAITS)
#define ACCESS_FLAGS (TIMING_LOAD | TIMING_STORE)

bool c906_is_rare(u16 op, u16 flags)
{
	return isa_ops[op].class == CLASS_AMO || op == OP_fence_i || op == OP_sfence_vma ||
	       flags & RARE_FLAGS || (flags & TIMING_TRAP && flags & ACCESS_FLAGS);
}

/* Returns whether an instruction executes and retires without special effects. */
static bool is_plain(const struct timing_record *record)
{
	u8 class = isa_ops[record->op].class;

	return !(class == CLASS_CSR || class == CLASS_FENCE || class == CLASS_SYSTEM ||
		 record->op == OP_illegal || record->flags & TIMING_TRAP) &&
	       !c906_is_rare(record->op, record->flags);
}

static bool writes_satp(const struct c906_core *core, const struct timing_record *record)
{
	const struct c906_uop *uop = c906_decode(core->env.decoder, record->raw);

	return uop->unit == C906_CP0 && uop->op == C906_CP0_CSR && uop->csr == C906_CSR_SATP;
}

/* Returns whether all of a record is in the key: it is in CP0, or was not dispatched yet. */
static bool is_kept(const struct c906_core *core, u64 number)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	return number >= core->records.issue || (c906_ex1_in_cp0(ex1) && ex1->number == number);
}

/* Returns whether the records can be in a key, which has space for one that is not dispatched. */
static bool records_have_keys(const struct c906_core *core)
{
	const struct c906_records *records = &core->records;

	if (records->end - records->issue > 1 || records->end - records->commit > 2)
		return false;
	for (u64 n = records->commit; n != records->end; n++) {
		const struct timing_record *record = c906_record(records, n);

		if (is_kept(core, n) ?
			    c906_is_rare(record->op, record->flags) || writes_satp(core, record) :
			    !is_plain(record) || record->after != core->pipe.mmu.context.after)
			return false;
	}
	return true;
}

/* Returns whether an access can be in a key. One to address 0 cannot, as it has no token. */
static bool access_is_plain(const struct c906_access *access)
{
	return (access->kind == C906_LOAD || access->kind == C906_STORE) &&
	       access->half == C906_WHOLE && access->va && access->pa;
}

static bool lsu_is_plain(const struct c906_lsu *lsu)
{
	for (unsigned n = 0; n < C906_FILLS_MAX; n++) {
		const struct c906_fill *fill = &lsu->fill[n];

		if (fill->state && (fill->amo || fill->half || !fill->va))
			return false;
	}
	for (unsigned n = 0; n < C906_STORES_MAX; n++) {
		const struct c906_store *store = &lsu->store[n];

		if (store->state && (store->amo || store->atomic || !store->va))
			return false;
	}
	return !lsu->joins && (!lsu->ag_valid || access_is_plain(&lsu->ag)) &&
	       (!lsu->dc_state || access_is_plain(&lsu->dc));
}

static bool mmu_is_plain(const struct c906_core *core)
{
	const struct c906_mmu *mmu = &core->pipe.mmu;
	const struct c906_context *next = &core->pipe.rtu.context;

	bool reads = mmu->walker.state >= C906_WALK_PMP && mmu->walker.state <= C906_WALK_CHECK;

	return mmu->held <= core->env.now && (!reads || mmu->walker.pointer) &&
	       (mmu->dutlb.state == C906_UTLB_IDLE || mmu->dutlb.va) &&
	       next->satp == mmu->context.satp &&
	       timing_mode_of(next->after) == core->env.tally->mode;
}

/*
 * Returns whether the instruction in EX1 will not be dispatched again. It will be, by its record,
 * if a branch or return was mispredicted.
 */
static bool stays_dispatched(const struct c906_core *core)
{
	const struct c906_bju *bju = &core->pipe.bju;
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	bool taken = c906_record(&core->records, bju->number)->flags & TIMING_TAKEN;
	bool wrong = bju->wrong_return || (bju->valid && taken != bju->guess.taken);

	return !wrong || !ex1->valid || ex1->on_wrong_path;
}

bool c906_key_exists(const struct c906_core *core)
{
	const struct c906_pipeline *pipe = &core->pipe;

	return core->env.now && !core->starts && !core->sleep && records_have_keys(core) &&
	       (!pipe->ex1.valid || !pipe->ex1.cp0) && !pipe->scoreboard.part &&
	       pipe->ifu.icache.invalidation == C906_INVALIDATION_NONE && mmu_is_plain(core) &&
	       lsu_is_plain(&pipe->lsu) && stays_dispatched(core);
}

static void normalize_ipack(struct c906_ipack *ipack)
{
	bool word = ipack->valid[C906_H1] || ipack->valid[C906_H2];

	for (unsigned n = 0; n < C906_HALVES; n++)
		if (!ipack->valid[n])
			ipack->half[n] = 0;
	if (!ipack->valid[C906_H0])
		ipack->half_pc = ipack->id_half_pc = 0;
	if (!word)
		ipack->word_pc = 0;
	if (!word && !ipack->valid[C906_H0])
		ipack->id_pc = 0;
}

static void normalize_icache(struct c906_icache *icache)
{
	bool refills = icache->refill == C906_REFILL_FIRST || icache->refill == C906_REFILL_REST;
	bool ahead = icache->ahead == C906_AHEAD_FIRST || icache->ahead == C906_AHEAD_REST;
	bool misses = refills || icache->refill == C906_REFILL_REQUEST;
	bool looks_ahead = icache->ahead != C906_AHEAD_IDLE && !ahead;

	/* If the first beat of a miss comes when there is no room, it is requested again. */
	if (!icache->reading)
		icache->read_va = misses ? icache->va : 0;
	if (!misses && !looks_ahead)
		icache->address = icache->va = 0;
	if (!ahead)
		icache->ahead_address = icache->ahead_va = 0;
	if (icache->refill == C906_REFILL_IDLE)
		icache->aborted = false;
}

static void normalize_front_end(struct c906_ifu *ifu)
{
	struct c906_ibuf *ibuf = &ifu->ibuf;

	if (!ifu->delayed)
		ifu->delayed_pc = 0;
	if (!ifu->btb.hit)
		ifu->btb.low = 0;
	if (!ifu->btb.followed)
		ifu->btb.target = 0;
	/* The predicted address is read only while a return is waited for. */
	if (!ifu->returns.waits)
		ifu->returns.predicted = 0;
	normalize_ipack(&ifu->ipack);
	memset(&ibuf->entry[ibuf->count], 0,
	       (C906_IBUF_MAX - ibuf->count) * sizeof(ibuf->entry[0]));
	if (!ibuf->pop_valid)
		CLEAR(ibuf->pop);
	normalize_icache(&ifu->icache);
}

/* Returns a record's number as counted back from the end, or 0 if it is not used. */
static u64 from_end(const struct c906_core *core, u64 number, bool used)
{
	return used ? core->records.end - number : 0;
}

static void normalize_scoreboard(struct c906_scoreboard *board)
{
	for (unsigned reg = 0; reg < C906_F; reg++)
		if (!board->pending[reg])
			board->producer[reg] = 0;
}

static void normalize_ex1(struct c906_ex1 *ex1)
{
	if (!ex1->valid)
		CLEAR(*ex1);
	if (ex1->on_wrong_path)
		*ex1 = (struct c906_ex1){
			.valid = true, .on_wrong_path = true, .last = ex1->last,
			.uop = {
				.unit = ex1->uop.unit, .op = ex1->uop.op,
				.length = ex1->uop.length,
			},
			.pc = ex1->pc,
		};
	if (ex1->uop.unit != C906_BRANCH)
		CLEAR(ex1->guess);
}

static void normalize_bju(struct c906_bju *bju)
{
	if (!bju->valid) {
		CLEAR(bju->ready);
		CLEAR(bju->reg);
		CLEAR(bju->guess);
	}
}

static void normalize_iu(struct c906_iu *iu)
{
	if (!iu->mul2.valid)
		CLEAR(iu->mul2);
	if (!iu->mul3.valid)
		CLEAR(iu->mul3);
	if (iu->div == C906_DIV_IDLE)
		iu->reg = 0;
	if (iu->div == C906_DIV_IDLE || iu->div > C906_DIV_ITERATE)
		iu->steps = 0;
}

static void normalize_vpu(struct c906_vpu *vpu)
{
	if (!vpu->buffer.valid)
		CLEAR(vpu->buffer);
	for (unsigned n = 0; n < C906_VEX; n++) {
		if (!vpu->stage[n].valid)
			CLEAR(vpu->stage[n]);
		CLEAR(vpu->stage[n].f);
		vpu->stage[n].number = 0;
	}
	vpu->twice &= vpu->waits;
	vpu->by_load &= vpu->waits;
	if (vpu->fdsu == C906_FDSU_IDLE)
		vpu->fdsu_count = vpu->fdsu_reg = 0;
	if (vpu->fdsu == C906_FDSU_RESULT)
		vpu->fdsu_count = 0;
}

static void normalize_access(struct c906_access *access, bool used)
{
	if (!used)
		CLEAR(*access);
	if (!access->waits)
		access->data_reg = 0;
	if (access->kind == C906_STORE)
		access->pc = 0;
}

/* Normalizes the numbers of accesses. DC's matters only if the FP units hold the same one. */
static void normalize_numbers(struct c906_pipeline *pipe, const struct c906_core *core)
{
	struct c906_access *ag = &pipe->lsu.ag, *dc = &pipe->lsu.dc;
	struct c906_fp_op *held = &pipe->vpu.buffer;
	bool holds = c906_vpu_holds_access(&pipe->vpu);

	if (!holds || held->number != dc->number || !pipe->lsu.dc_state)
		dc->number = 0;
	if (!holds)
		held->number = 0;
	ag->number = from_end(core, ag->number, pipe->lsu.ag_valid);
	dc->number = from_end(core, dc->number, dc->number);
	held->number = from_end(core, held->number, held->number);
}

/* Moves the oldest fill to entry 0. */
static void rotate_fills(struct c906_lsu *to, const struct c906_lsu *from,
			 const struct c906_params *params)
{
	u32 depth = (u32)params->fill_buffers, stores = (u32)params->store_buffers;

	for (u32 n = 0; n < depth; n++) {
		struct c906_fill *fill = &to->fill[n];

		*fill = from->fill[(from->fill_pop + n) % depth];
		if (!fill->state)
			CLEAR(*fill);
		if (fill->state && fill->store < stores)
			fill->store =
				(u8)((fill->store + stores - from->store_pop % stores) % stores);
	}
	to->fill_create -= from->fill_pop;
	to->fill_victim -= from->fill_pop;
	to->fill_bus -= from->fill_pop;
	to->fill_pop = 0;
	to->rdl.fill = (u8)((to->rdl.fill + depth - from->fill_pop % depth) % depth);
	if (to->victim.state)
		to->victim.fill = (u8)((to->victim.fill + depth - from->fill_pop % depth) % depth);
}

/* Clears what RDL has not found out yet about the victim, which it does step by step. */
static void normalize_rdl(struct c906_victim_read *rdl)
{
	if (rdl->state == C906_RDL_IDLE)
		CLEAR(*rdl);
	if (rdl->state <= C906_RDL_DIRTY_CHECK) {
		rdl->dirty = rdl->valid = rdl->present = false;
		rdl->pa = 0;
	}
	if (rdl->state <= C906_RDL_DECIDE)
		rdl->moves = false;
}

static void rotate_stores(struct c906_lsu *to, const struct c906_lsu *from,
			  const struct c906_params *params)
{
	u32 depth = (u32)params->store_buffers;

	for (u32 n = 0; n < depth; n++) {
		struct c906_store *store = &to->store[n];

		*store = from->store[(from->store_pop + n) % depth];
		if (!store->state)
			CLEAR(*store);
		if (!store->waits)
			store->data_reg = 0;
		if (!store->amo)
			store->amo_data = 0;
		store->sequence = store->state ? n + 1 : 0;
	}
	to->store_create -= from->store_pop;
	to->store_pop = 0;
	to->sequence = to->store_create;
}

static bool is_open(const struct c906_burst *burst)
{
	return burst->state >= C906_BURST_WAIT && burst->state < C906_BURST_DATA;
}

/* Replaces the index of a write by its distance from the entry that is used next. */
static void rotate_write(u8 *write, unsigned next, bool used)
{
	*write = used ? (u8)((*write + C906_WRITES - next) % C906_WRITES) : 0;
}

static void normalize_writes(struct c906_lsu *lsu, unsigned next)
{
	if (!lsu->merge.state)
		CLEAR(lsu->merge);
	/* A merged write that is part of a burst uses the entry of the burst. */
	rotate_write(&lsu->merge.write, next,
		     lsu->merge.state == C906_MERGE_SENT && !lsu->burst.state);
	if (lsu->merge.state != C906_MERGE_HALF)
		lsu->merge.full = false;
	if (!lsu->burst.state)
		CLEAR(lsu->burst);
	rotate_write(&lsu->burst.write, next, lsu->burst.state);
	if (!is_open(&lsu->burst))
		lsu->burst.idle = 0;
	if (!lsu->victim.state)
		CLEAR(lsu->victim);
	if (lsu->victim.state != C906_VICTIM_WRITE) {
		lsu->victim.beats = 0;
		lsu->victim.behind = false;
	}
	rotate_write(&lsu->victim.write, next, lsu->victim.state == C906_VICTIM_WRITE);
}

static void normalize_lsu(struct c906_lsu *lsu, const struct c906_core *core)
{
	normalize_access(&lsu->ag, lsu->ag_valid);
	normalize_access(&lsu->dc, lsu->dc_state);
	if (!lsu->ag_valid && !lsu->dc_state && !lsu->runs_ahead)
		lsu->reads = false;
	if (!lsu->da.valid)
		lsu->da.reg = 0;
	if (!lsu->joins)
		lsu->joined = false;
	rotate_fills(lsu, &core->pipe.lsu, &core->env.params);
	rotate_stores(lsu, &core->pipe.lsu, &core->env.params);
	normalize_rdl(&lsu->rdl);
	normalize_writes(lsu, core->env.biu.next);
}

static void normalize_utlb(struct c906_utlb *utlb)
{
	const bool failed = utlb->failed;

	if (utlb->state == C906_UTLB_IDLE)
		CLEAR(*utlb);
	utlb->failed = failed;
}

static void normalize_mmu(struct c906_mmu *mmu, u64 now)
{
	struct c906_walker *walker = &mmu->walker;
	bool held = mmu->held > now;

	normalize_utlb(&mmu->iutlb);
	normalize_utlb(&mmu->dutlb);
	if (walker->state == C906_WALK_IDLE)
		CLEAR(*walker);
	/* In these states only the joint TLB was asked so far, or all entries were read. */
	if (walker->state <= C906_WALK_MACHINE)
		walker->level = 0;
	if (walker->state <= C906_WALK_MACHINE || walker->state > C906_WALK_CHECK)
		walker->pointer = 0;
	if (!held) {
		mmu->held = mmu->held_from = mmu->held_va = 0;
		mmu->holds_page = false;
	}
}

static void normalize_rtu(struct c906_rtu *rtu)
{
	if (!rtu->trap_pending)
		rtu->handler = 0;
}

/* Orders the table from the entry that is used next, and clears writes that are done. */
static void normalize_biu(struct c906_biu *to, const struct c906_biu *from,
			  const struct c906_env *env)
{
	for (unsigned n = 0; n < C906_WRITES; n++) {
		to->write[n] = from->write[(from->next + n) % C906_WRITES];
		if (to->write[n].until <= env->now)
			CLEAR(to->write[n]);
	}
	to->next = 0;
	to->last_beat = c906_biu_reads_wait(env) ? from->last_beat : 0;
}

static void take_record(struct c906_key_record *own, const struct c906_core *core, u64 number,
			bool used)
{
	const struct timing_record *record = c906_record(&core->records, number);
	bool accesses = record->flags & (TIMING_LOAD | TIMING_STORE);
	bool divides = isa_ops[record->op].class == CLASS_DIV;

	if (!used)
		return;
	own->next = record->next;
	own->op = record->op;
	own->flags = record->flags;
	if (accesses || divides) {
		own->first = accesses ? record->va : record->a;
		own->second = accesses ? record->pa : record->b;
	}
}

static void take_shadows(struct c906_input *own, const struct c906_input *input)
{
	for (unsigned n = 0; n < C906_SHADOWS; n++)
		if (input->behind[n].touches)
			memcpy(&own->behind[n], &input->behind[n], sizeof(own->behind[n]));
}

/* Takes a whole record, without operands on which nothing depends. */
static void take_input(struct c906_input *own, const struct c906_core *core, u64 number)
{
	const struct c906_input *input = &core->records.ring[number % C906_RECORDS];
	struct timing_record *record = &own->record;
	u8 class = isa_ops[input->record.op].class;

	memcpy(record, &input->record, sizeof(*record));
	take_shadows(own, input);
	if (!(record->flags & ACCESS_FLAGS))
		record->va = record->pa = 0;
	if (class != CLASS_DIV && !c906_time_depends_on_operands(record->op))
		record->a = record->b = record->c = 0;
}

/* Takes the trap that retired last: an instruction after it may be killed in EX1 (ex1.c). */
static void take_trapped(struct c906_input *own, const struct c906_core *core)
{
	const struct c906_input *input =
		&core->records.ring[(core->records.commit - 1) % C906_RECORDS];

	if (!core->pipe.rtu.resumes || !(input->record.flags & TIMING_TRAP))
		return;
	own->record.flags = TIMING_TRAP;
	take_shadows(own, input);
}

static void take_kept(struct c906_key *key, const struct c906_core *core)
{
	const struct c906_records *records = &core->records;
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	if (c906_ex1_in_cp0(ex1))
		take_input(&key->kept.rare, core, ex1->number);
	if (records->issue != records->end)
		take_input(&key->kept.waits, core, records->issue);
	take_trapped(&key->kept.trapped, core);
}

/* The cycle and the record's number from which a key counts. */
struct origin {
	u64 now, end;
};

/* Defines UNIT_key_normalize() for each unit, which does what the roles of its fields say. */
#define UNIT(unit)                                                                                 \
	static inline void unit##_key_normalize(struct unit *self, const struct origin *origin)       \
	{                                                                                          \
		bool used = false;                                                                 \
		(void)self, (void)origin, (void)used;
#define END(unit) }
#define FIELD_FROM_NOW(condition)                                                                  \
	used = condition;                                                                          \
	COUNT_FROM_NOW
#define COUNT_FROM_NOW(type, name) self->name = used ? self->name - origin->now : 0;
#define FIELD_DUE(type, name)                                                                      \
	if (self->name != UINT64_MAX)                                                              \
		self->name = MAX(self->name, origin->now) - origin->now;
#define FIELD_FROM_END(condition)                                                                  \
	used = condition;                                                                          \
	COUNT_FROM_END
#define COUNT_FROM_END(type, name) self->name = used ? origin->end - self->name : 0;
#define FIELD_TRANSIENT(type, name) self->name = 0;
#define FIELD_OUTSIDE(type, name) CLEAR(self->name);
#define ARRAY_OUTSIDE(type, name, size) CLEAR(self->name);
#define UNIT_OUTSIDE(unit, name) CLEAR(self->name);
#define UNITS_OUTSIDE(unit, name, size) CLEAR(self->name);
#define GRID_OUTSIDE(unit, name, rows, columns) CLEAR(self->name);
#define FIELD_OTHER(type, name) CLEAR(self->name);
#define ARRAY_OTHER(type, name, size) CLEAR(self->name);
#define UNIT_PARTS(unit, name) unit##_key_normalize(&self->name, origin);
#define UNIT_OF_CODE(unit, name) unit##_key_normalize(&self->name, origin);
#define UNITS_PARTS(unit, name, size)                                                              \
	for (unsigned n = 0; n < size; n++)                                                        \
		unit##_key_normalize(&self->name[n], origin);
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"

/* Defines take_UNIT() for each unit of a key: copies its fields, and its parts with padding. */
#define UNIT(unit)                                                                                 \
	static void take_##unit(struct c906_key *key, const struct unit *self)                     \
	{
#define END(unit) }
#define FIELD_KEPT(type, name) key->name = self->name;
#define UNIT_PARTS(unit, name) memcpy(&key->name, &self->name, sizeof(key->name));
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/keyed.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"

/* Does for each part of a key what the roles of its fields say. */
static void normalize_parts(struct c906_key *key, const struct origin *origin)
{
#define UNIT(unit)
#define END(unit)
#define UNIT_PARTS(unit, name) unit##_key_normalize(&key->name, origin);
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/keyed.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"
}

void c906_key_take(struct c906_key *key, const struct c906_core *core)
{
	const struct origin origin = { .now = core->env.now, .end = core->records.end };
	const struct c906_pipeline *from = &core->pipe;
	struct c906_pipeline *pipe = &key->pipe;

	memset(key, 0, offsetof(struct c906_key, pipe));
	memset(&key->kept, 0, sizeof(key->kept));
	take_c906_core(key, core);
	take_c906_env(key, &core->env);
	normalize_front_end(&pipe->ifu);
	normalize_numbers(pipe, core);
	normalize_scoreboard(&pipe->scoreboard);
	normalize_ex1(&pipe->ex1);
	normalize_bju(&pipe->bju);
	normalize_iu(&pipe->iu);
	normalize_vpu(&pipe->vpu);
	normalize_lsu(&pipe->lsu, core);
	normalize_mmu(&pipe->mmu, core->env.now);
	normalize_rtu(&pipe->rtu);
	normalize_biu(&key->biu, &core->env.biu, &core->env);
	normalize_parts(key, &origin);
	take_record(&key->kept.executes, core, from->ex1.number,
		    from->ex1.valid && !from->ex1.on_wrong_path);
	take_record(&key->kept.branch, core, from->bju.number, from->bju.valid);
	take_record(&key->kept.returns, core, from->bju.return_number, from->bju.wrong_return);
	take_kept(key, core);
	key->kept.in_flight = (u8)(core->records.end - core->records.commit);
	key->kept.waiting = (u8)(core->records.end - core->records.issue);
	/* With an instruction in EX1 or AG, it is computed anew before anything reads it. */
	if (from->ex1.valid || from->lsu.ag_valid)
		key->starves = 0;
}
