/* SPDX-License-Identifier: MIT */
/* Sets a C906 to its key, and lists the addresses in a key; see key.h. */
#include "cpu/timing/c906/key.h"

#include "cpu/isa/isa.h"

#include <string.h>

/* The cycle and the record's number from which a key counts. */
struct origin {
	u64 now, end;
};

/*
 * Defines for each unit a function UNIT_key_put(), which turns the unit of a key into that of a
 * core; `old` is what the core's unit was before.
 */
#define UNIT(unit)                                                                                 \
	static inline void unit##_key_put(struct unit *self, const struct unit *old,               \
					  const struct origin *origin)                             \
	{                                                                                          \
		(void)self, (void)old, (void)origin;
#define END(unit) }
#define FIELD_FROM_NOW(condition)                                                                  \
	if (condition)                                                                             \
		COUNT_FROM_NOW
#define COUNT_FROM_NOW(type, name) self->name += origin->now;
#define FIELD_DUE(type, name)                                                                      \
	if (self->name && self->name != UINT64_MAX)                                                \
		self->name += origin->now;
#define FIELD_FROM_END(condition)                                                                  \
	if (condition)                                                                             \
		COUNT_FROM_END
#define COUNT_FROM_END(type, name) self->name = origin->end - self->name;
#define FIELD_OUTSIDE(type, name) self->name = old->name;
#define ARRAY_OUTSIDE(type, name, size) memcpy(self->name, old->name, sizeof(self->name));
#define UNIT_OUTSIDE(unit, name) self->name = old->name;
#define UNITS_OUTSIDE(unit, name, size) memcpy(self->name, old->name, sizeof(self->name));
#define GRID_OUTSIDE(unit, name, rows, columns)                                                    \
	memcpy(self->name, old->name, sizeof(self->name));
#define FIELD_OTHER(type, name) self->name = old->name;
#define ARRAY_OTHER(type, name, size) memcpy(self->name, old->name, sizeof(self->name));
#define UNIT_PARTS(unit, name) unit##_key_put(&self->name, &old->name, origin);
#define UNIT_OF_CODE(unit, name) unit##_key_put(&self->name, &old->name, origin);
#define UNITS_PARTS(unit, name, size)                                                              \
	for (unsigned n = 0; n < size; n++)                                                        \
		unit##_key_put(&self->name[n], &old->name[n], origin);
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"

/*
 * Defines for each unit of a key a function put_UNIT(), which sets those fields of the core that
 * are in the key.
 */
#define UNIT(unit)                                                                                 \
	static void put_##unit(const struct c906_key *key, struct unit *self,                      \
			       const struct origin *origin)                                        \
	{                                                                                          \
		(void)origin;
#define END(unit) }
#define FIELD_KEPT(type, name) self->name = key->name;
#define UNIT_PARTS(unit, name)                                                                     \
	{                                                                                          \
		const struct unit old = self->name;                                                \
                                                                                                   \
		memcpy(&self->name, &key->name, sizeof(self->name));                               \
		unit##_key_put(&self->name, &old, origin);                                         \
	}
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/keyed.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"

/* Sets the numbers by which the LSU and the FP units match accesses; 0: there is none. */
static void put_numbers(struct c906_pipeline *pipe, u64 end)
{
	u64 *numbers[] = { &pipe->lsu.dc.number, &pipe->vpu.buffer.number };

	if (pipe->lsu.ag_valid)
		pipe->lsu.ag.number = end - pipe->lsu.ag.number;
	for (unsigned n = 0; n < ARRAY_SIZE(numbers); n++)
		if (*numbers[n])
			*numbers[n] = end - *numbers[n];
}

static void put_record(const struct c906_key_record *own, struct c906_core *core, u64 number,
		       bool used, u8 after)
{
	struct timing_record *record = &core->records.ring[number % C906_RECORDS].record;

	if (used)
		*record = (struct timing_record){
			.next = own->next, .op = own->op, .flags = own->flags, .after = after,
			.va = own->first, .pa = own->second, .a = own->first,
			.b = own->second,
		};
}

/* Puts back the records that a key has as a whole. */
static void put_kept(const struct c906_key *key, struct c906_core *core)
{
	struct c906_input *ring = core->records.ring;
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	if (c906_ex1_in_cp0(ex1))
		ring[ex1->number % C906_RECORDS] = key->kept.rare;
	if (key->kept.waiting)
		ring[core->records.issue % C906_RECORDS] = key->kept.waits;
}

/* Sets the host's numbers of the records in flight, which count shadows as well. */
static void put_record_numbers(struct c906_records *records)
{
	u64 number = records->next_number;

	for (u64 n = records->end; n != records->commit; n--) {
		struct c906_input *input = &records->ring[(n - 1) % C906_RECORDS];

		number -= 1u + input->record.shadows;
		input->number = number;
	}
}

/* Gives the core the records in flight. The one in AG only has to retire. */
void c906_key_put_records(const struct c906_key *key, struct c906_core *core)
{
	struct c906_records *records = &core->records;
	const struct c906_bju *bju = &core->pipe.bju;
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	u8 after = core->pipe.mmu.context.after;

	for (u64 n = records->commit; n != records->end; n++)
		records->ring[n % C906_RECORDS] = (struct c906_input){ .record.after = after };
	/* The record that retired last is still looked at if it trapped (ex1.c). */
	records->ring[(records->commit - 1) % C906_RECORDS] = key->kept.trapped;
	put_record(&key->kept.executes, core, ex1->number, ex1->valid && !ex1->on_wrong_path,
		   after);
	put_record(&key->kept.branch, core, bju->number, bju->valid, after);
	put_record(&key->kept.returns, core, bju->return_number, bju->wrong_return, after);
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
		records->ring[(records->next_number - n) % C906_RECORDS] =
			ring[(end - n) % C906_RECORDS];
	records->end = records->next_number;
	records->issue += records->end - end;
	records->commit += records->end - end;
}

void c906_key_put(const struct c906_key *key, struct c906_core *core)
{
	const struct origin origin = { .now = core->env.now, .end = core->records.end };

	put_c906_core(key, core, &origin);
	put_c906_env(key, &core->env, &origin);
	put_numbers(&core->pipe, origin.end);
	core->pipe.ifu.bht_works = C906_BHT_RESTS;
	core->records.issue = core->records.end - key->kept.waiting;
}

void c906_key_forget_records(const struct c906_key *key, struct c906_core *core)
{
	struct c906_records *records = &core->records;
	const struct c906_pipeline *pipe = &core->pipe;
	struct timing_record *leaves = &records->ring[pipe->lsu.ag.number % C906_RECORDS].record;

	for (u64 n = records->end; n != records->commit + C906_RECORDS; n++)
		memset(&records->ring[n % C906_RECORDS], 0, sizeof(records->ring[0]));
	records->ring[(records->commit - 1) % C906_RECORDS] = key->kept.trapped;
	put_record(&key->kept.branch, core, pipe->bju.number, pipe->bju.valid, 0);
	put_record(&key->kept.returns, core, pipe->bju.return_number, pipe->bju.wrong_return, 0);
	if (pipe->lsu.ag_valid && !pipe->lsu.ag.traps)
		*leaves = (struct timing_record){ .after = leaves->after };
}

/* Defines for each unit UNIT_addresses: how many of its fields may hold an address of data. */
#define UNIT(unit) enum { unit##_addresses = 0
#define END(unit) };
#define FIELD_ADDRESS(type, name) + 1
#define UNIT_PARTS(unit, name) + unit##_addresses
#define UNITS_PARTS(unit, name, size) + (size) * unit##_addresses
#define UNIT_RECORD(unit, name) + 2
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/key.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"

#define ADDRESSES_MAX (c906_core_addresses + c906_env_addresses) /* of a core */

/* Lists the operands of a record that are addresses, or use places as these do (actions.h). */
static unsigned list_operands(struct timing_record *record, u64 **list)
{
	bool divides = isa_ops[record->op].class == CLASS_DIV;

	list[0] = divides ? &record->a : &record->va;
	list[1] = divides ? &record->b : &record->pa;
	return 2;
}

/*
 * Defines for each unit a function UNIT_list(), which adds pointers to those of these fields that
 * are not 0 to a list, and returns how many there are. Most are 0, and no branch depends on that,
 * because the host would mispredict it.
 */
#define UNIT(unit)                                                                                 \
	static inline unsigned unit##_list(struct unit *self, u64 **list)                          \
	{                                                                                          \
		unsigned count = 0;                                                                \
		(void)self, (void)list;
#define END(unit)                                                                                  \
		return count;                                                                      \
	}
#define FIELD_ADDRESS(type, name)                                                                  \
	list[count] = &self->name;                                                                 \
	count += self->name != 0;
#define UNIT_PARTS(unit, name) count += unit##_list(&self->name, list + count);
#define UNITS_PARTS(unit, name, size)                                                              \
	for (unsigned n = 0; n < size; n++)                                                        \
		count += unit##_list(&self->name[n], list + count);
#define UNIT_RECORD(unit, name) count += list_operands(&self->name, list + count);
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/key.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"

/* Adds the addresses in the parts of a key to a list. Returns how many there are. */
static unsigned list_parts(struct c906_key *key, u64 **list)
{
	unsigned count = 0;

#define UNIT(unit)
#define END(unit)
#define UNIT_PARTS(unit, name) count += unit##_list(&key->name, list + count);
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/keyed.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"
	return count;
}

unsigned c906_key_number(struct c906_key *key, u64 from[ACTIONS_PLACES])
{
	u64 *list[ADDRESSES_MAX + c906_kept_addresses];
	unsigned count = list_parts(key, list);

	count += c906_kept_list(&key->kept, list + count);
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
	unsigned count = c906_core_list(core, list);

	count += c906_env_list(&core->env, list + count);
	for (unsigned n = 0; n < count; n++)
		*list[n] = actions_resolve(actions, *list[n]);
	for (u64 n = records->commit - 1; n != records->end; n++) {
		struct c906_input *input = &records->ring[n % C906_RECORDS];

		c906_record_resolve(&input->record, actions);
		for (unsigned k = 0; k < C906_SHADOWS; k++)
			input->behind[k].va = actions_resolve(actions, input->behind[k].va);
	}
}
