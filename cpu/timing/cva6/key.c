/* SPDX-License-Identifier: MIT */
/*
 * The keys of a CVA6: whether it has one, taking it from a core, and setting a core to it; see
 * key.h. The roles of fields (state/) say which are copied, counted from now, kept from the core,
 * or addresses.
 */
#include "cpu/timing/cva6/key_parts.h"

#include <string.h>

#define CLEAR(field) memset(&(field), 0, sizeof(field))

/* Returns whether the instruction executes and retires without an exception. */
static bool is_regular(const struct cva6_entry *entry)
{
	return !entry->on_wrong_path && !entry->exception && !(entry->flags & TIMING_TRAP) &&
	       entry->uop.unit != CVA6_NONE && entry->uop.unit != CVA6_CVXIF;
}

bool cva6_is_plain(const struct cva6_entry *entry)
{
	return is_regular(entry) && entry->uop.unit != CVA6_CSR && !cva6_is_amo(&entry->uop);
}

bool cva6_address_is_needed(const struct cva6_pipeline *pipe, unsigned slot)
{
	for (unsigned n = 0; n < pipe->lsu.waiting_count; n++)
		if (pipe->lsu.waiting[n] == slot)
			return true;
	return (pipe->executing && pipe->execute_slot == slot) ||
	       (pipe->lsu.store_state != CVA6_STORE_IDLE && pipe->lsu.store_slot == slot);
}

/*
 * Returns whether instructions after this one may be issued again: it flushes the pipeline, or its
 * page walk may still fail, which it can even if the hart's did not.
 */
static bool may_restart(const struct cva6_pipeline *pipe, unsigned slot)
{
	return cva6_restarts(&pipe->sb.entry[slot].uop) ||
	       (pipe->context.data_translated && cva6_address_is_needed(pipe, slot));
}

/* Returns how many of the records in flight will not be issued again, whatever happens. */
static unsigned issued_for_good(const struct cva6_core *core)
{
	const struct cva6_scoreboard *sb = &core->pipe.sb;
	unsigned age = 0;

	while (age < sb->count && is_regular(&sb->entry[cva6_slot(sb, &core->params, age)]))
		if (may_restart(&core->pipe, cva6_slot(sb, &core->params, age++)))
			break;
	return age;
}

/* Returns whether the entry of a record depends on operands that are in no key. */
static bool has_operands(const struct cva6_core *core, const struct timing_record *record)
{
	const struct cva6_uop *uop = cva6_decoder_find(core->decoder, record->raw);

	bool csr = uop->op == CVA6_CSR_ACCESS && cva6_csr_matters(uop->csr);

	return uop->unit == CVA6_DIV || uop->op == CVA6_SFENCE_VMA || csr ||
	       (uop->unit == CVA6_FPU && uop->block == CVA6_DIVSQRT);
}

/*
 * Returns whether the record is a branch that waits for a value that an atomic forwards early
 * (issue.c), and both may be issued again. Then its operands will be needed again.
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

	/* A state from a file may have records without entries, for which a key has no space. */
	return !records->diverted && records->issue == records->end && core->cycle &&
	       cva6_in_flight(records) <= pipe->sb.count && !cva6_sleeps(core) && !core->sleep &&
	       !pipe->lsu.jammed && !core->icache.flush_pending &&
	       core->icache.state != CVA6_ICACHE_FLUSH &&
	       core->dcache.miss.state != CVA6_MISS_FLUSH &&
	       timing_mode_of(pipe->context.after) == core->tally->mode && entries_have_keys(core);
}

/* Returns the n-th record in flight. Fields that the core will not read any more are cleared. */
static struct timing_record normalized_record(const struct cva6_core *core, unsigned n,
					      unsigned issued)
{
	struct timing_record record = *cva6_record(&core->records, core->records.commit + n);

	if (n < issued)
		return (struct timing_record){ .after = record.after };
	if (!has_operands(core, &record) && !looks_again(core, n, issued))
		record.a = record.b = record.c = 0;
	return record;
}

void cva6_records_normalize(struct cva6_core *core)
{
	const struct cva6_records *records = &core->records;
	unsigned count = cva6_in_flight(records), issued = issued_for_good(core);

	for (unsigned n = 0; n < count; n++)
		*cva6_record(records, records->commit + n) = normalized_record(core, n, issued);
	for (unsigned n = count; n < CVA6_RECORDS; n++)
		CLEAR(*cva6_record(records, records->commit + n));
}

/*
 * Copies the fields of a core that are in its key. Units are copied with the padding between their
 * members.
 */
#define UNIT(unit)                                                                                 \
	static void take_fields(struct cva6_key *key, const struct unit *core)                     \
	{
#define END(unit) }
#define FIELD_KEPT(type, name) key->name = core->name;
#define UNIT_PARTS(unit, name) memcpy(&key->name, &core->name, sizeof(key->name));
#include "cpu/timing/cva6/state/roles.inc"
#define UNITS "cpu/timing/cva6/state/core.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/cva6/state/roles_end.inc"

void cva6_key_take(struct cva6_key *key, const struct cva6_core *core)
{
	unsigned issued = issued_for_good(core), entries = (unsigned)core->params.issue_entries;
	bool exists = cva6_key_exists(core);

	memset(key->record, 0, entries * sizeof(key->record[0]));
	take_fields(key, core);
	cva6_normalize(key, core, exists);
	for (unsigned n = 0; exists && n < cva6_in_flight(&core->records); n++)
		key->record[n] = normalized_record(core, n, issued);
}

/*
 * Defines for each unit a function UNIT_put(), which turns the unit of a key into that of a core;
 * `old` is what the core's unit was before.
 */
#define UNIT(unit)                                                                                 \
	static inline void unit##_put(struct unit *self, const struct unit *old, u64 now)          \
	{                                                                                          \
		unsigned used = 0;                                                                 \
		(void)self, (void)old, (void)now, (void)used;
#define END(unit) }
#define FIELD_FROM_NOW(condition)                                                                  \
	if (condition)                                                                             \
		COUNT_FROM_NOW
#define COUNT_FROM_NOW(type, name) self->name += now;
#define FIELD_OUTSIDE(type, name) self->name = old->name;
#define ARRAY_OUTSIDE(type, name, size) memcpy(self->name, old->name, sizeof(self->name));
#define UNIT_OUTSIDE(unit, name) self->name = old->name;
#define UNITS_OUTSIDE(unit, name, size) memcpy(self->name, old->name, sizeof(self->name));
#define FIELD_OTHER(type, name) self->name = old->name;
#define ARRAY_OTHER(type, name, size) memcpy(self->name, old->name, sizeof(self->name));
#define UNIT_PARTS(unit, name) unit##_put(&self->name, &old->name, now);
#define UNITS_PARTS(unit, name, size)                                                              \
	for (unsigned n = 0; n < size; n++)                                                        \
		unit##_put(&self->name[n], &old->name[n], now);
#define UNITS_FIRST(number)                                                                        \
	used = number;                                                                             \
	PUT_FIRST
#define PUT_FIRST(unit, name, size) UNITS_PARTS(unit, name, used)
#define GRID_PARTS(unit, name, rows, columns)                                                      \
	for (unsigned n = 0; n < rows * columns; n++)                                              \
		unit##_put(&self->name[n / columns][n % columns],                                  \
			   &old->name[n / columns][n % columns], now);
#include "cpu/timing/cva6/state/roles.inc"
#define UNITS "cpu/timing/cva6/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/cva6/state/roles_end.inc"

/* Sets the fields of a core that are in a key. */
#define UNIT(unit)                                                                                 \
	static void put_fields(const struct cva6_key *key, struct unit *core)                      \
	{
#define END(unit) }
#define FIELD_KEPT(type, name) core->name = (type)key->name;
#define FIELD_TRANSIENT(type, name) core->name = 0;
#define UNIT_PARTS(unit, name)                                                                     \
	{                                                                                          \
		const struct unit old = core->name;                                                \
                                                                                                   \
		memcpy(&core->name, &key->name, sizeof(core->name));                               \
		unit##_put(&core->name, &old, core->cycle);                                        \
	}
#include "cpu/timing/cva6/state/roles.inc"
#define UNITS "cpu/timing/cva6/state/core.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/cva6/state/roles_end.inc"

void cva6_key_put(const struct cva6_key *key, struct cva6_core *core)
{
	put_fields(key, core);
	core->quiet = 0;
}

void cva6_key_put_records(const struct cva6_key *key, struct cva6_core *core)
{
	const struct cva6_records *records = &core->records;

	for (unsigned n = 0; n < cva6_in_flight(records); n++)
		*cva6_record(records, records->commit + n) = key->record[n];
}

/*
 * Defines for each unit a function UNIT_list(), which adds pointers to its addresses to a list and
 * returns how many there are. `all`: those in unused entries, too.
 */
#define UNIT(unit)                                                                                 \
	static inline unsigned unit##_list(struct unit *self, u64 **list, bool all)                \
	{                                                                                          \
		unsigned count = 0, used = 0;                                                      \
		(void)self, (void)list, (void)all, (void)used;
#define END(unit)                                                                                  \
		return count;                                                                      \
	}
#define FIELD_ADDRESS(type, name) list[count++] = &self->name;
#define FIELD_ADDRESS_IF(condition)                                                                \
	if (condition)                                                                             \
		FIELD_ADDRESS
#define UNIT_PARTS(unit, name) count += unit##_list(&self->name, list + count, all);
#define UNITS_PARTS(unit, name, size)                                                              \
	for (unsigned n = 0; n < size; n++)                                                        \
		count += unit##_list(&self->name[n], list + count, all);
#define UNITS_FIRST(number)                                                                        \
	used = number;                                                                             \
	LIST_FIRST
#define LIST_FIRST(unit, name, size) UNITS_PARTS(unit, name, (all ? size : used))
#define GRID_PARTS(unit, name, rows, columns)                                                      \
	for (unsigned n = 0; n < rows * columns; n++)                                              \
		count += unit##_list(&self->name[n / columns][n % columns], list + count, all);
#include "cpu/timing/cva6/state/roles.inc"
#define UNITS "cpu/timing/cva6/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/cva6/state/roles_end.inc"

unsigned cva6_key_number(struct cva6_key *key, u64 from[CVA6_ADDRESSES_MAX])
{
	u64 *list[CVA6_ADDRESSES_MAX];
	unsigned count = cva6_pipeline_list(&key->pipe, list, false);

	count += cva6_icache_list(&key->icache, list + count, false);
	count += cva6_dcache_list(&key->dcache, list + count, false);
	/* Each record in flight has an entry. */
	for (unsigned n = 0; n < key->pipe.sb.count; n++) {
		list[count++] = &key->record[n].va;
		list[count++] = &key->record[n].pa;
	}
	return actions_number(list, count, from);
}

void cva6_core_resolve(struct cva6_core *core, const struct actions *actions)
{
	u64 *list[CVA6_ADDRESSES_MAX];
	unsigned count = cva6_core_list(core, list, true);

	for (unsigned n = 0; n < cva6_in_flight(&core->records); n++) {
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
