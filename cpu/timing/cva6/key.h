/* SPDX-License-Identifier: MIT */
/*
 * The key of a CVA6 (the state of memoised simulation). With the results of the core's actions
 * (actions.h) it determines everything that the core will do. It has the pipeline and the caches'
 * registers; state that no longer matters is cleared, slots are counted from the oldest, and cycles
 * from now. Data addresses are in it only as tokens.
 */
#ifndef CPU_TIMING_CVA6_KEY_H
#define CPU_TIMING_CVA6_KEY_H

#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/cva6/core.h"

/* The fields of the core that are in the key according to their roles (state/core.def). */
struct cva6_key {
#define UNIT(unit)
#define END(unit)
#define FIELD_KEPT(type, name) u64 name; /* so that there is nothing between fields */
#define UNIT_PARTS(unit, name) struct unit name;
#include "cpu/timing/cva6/state/roles.inc"
#define UNITS "cpu/timing/cva6/state/core.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/cva6/state/roles_end.inc"
	struct timing_record record[CVA6_SLOTS_MAX]; /* those in flight, as far as they matter */
};

/* For each unit, UNIT_addresses is the number of its fields that may hold an address of data. */
#define UNIT(unit) enum { unit##_addresses = 0
#define END(unit) };
#define FIELD_ADDRESS(type, name) + 1
#define FIELD_ADDRESS_IF(used) FIELD_ADDRESS
#define UNIT_PARTS(unit, name) + unit##_addresses
#define UNITS_PARTS(unit, name, size) + (size) * unit##_addresses
#define UNITS_FIRST(count) UNITS_PARTS
#define GRID_PARTS(unit, name, rows, columns) + (rows) * (columns) * unit##_addresses
#include "cpu/timing/cva6/state/roles.inc"
#define UNITS "cpu/timing/cva6/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/cva6/state/roles_end.inc"

#define CVA6_ADDRESSES_MAX (cva6_core_addresses + 2 * CVA6_SLOTS_MAX) /* with those of records */

/*
 * Returns whether the core has a key. It has none while it traps, sleeps, flushes its instruction
 * cache, or is on a wrong path that has no records.
 */
bool cva6_key_exists(const struct cva6_core *core);

/*
 * Clears, in the core's records, the fields that it will not read any more and the records that
 * have retired.
 */
void cva6_records_normalize(struct cva6_core *core);

/*
 * cva6_key_take copies the core to the key, and cva6_key_put copies it back; both leave addresses
 * unchanged. For a core that has no key they only clear state that does not matter.
 */
void cva6_key_take(struct cva6_key *key, const struct cva6_core *core);
void cva6_key_put(const struct cva6_key *key, struct cva6_core *core);
/* Gives the core the records in flight, as far as they are in the key. */
void cva6_key_put_records(const struct cva6_key *key, struct cva6_core *core);

/*
 * Replaces the key's addresses by tokens, numbered in the order of fields, and writes the addresses
 * to `from`. Returns the number of addresses.
 */
unsigned cva6_key_number(struct cva6_key *key, u64 from[CVA6_ADDRESSES_MAX]);

/* Replaces tokens in the core by addresses. */
void cva6_core_resolve(struct cva6_core *core, const struct actions *actions);

#endif
