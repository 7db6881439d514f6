/* SPDX-License-Identifier: MIT */
/*
 * The key of a CVA6 (the state of memoised simulation): with the answers to its actions (actions.h)
 * it decides what the core will do. It is the pipeline and the caches' registers, with all that
 * does not matter any more cleared, slots counted from the oldest, and cycles from now. Addresses
 * of data are in it as tokens only.
 */
#ifndef CPU_TIMING_CVA6_KEY_H
#define CPU_TIMING_CVA6_KEY_H

#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/cva6/core.h"

/* The fields of the core that are in the key, as their roles say (state/core.def). */
struct cva6_key {
#define UNIT(unit)
#define END(unit)
#define FIELD_KEPT(type, name) u64 name; /* so that there is nothing between fields */
#define UNIT_PARTS(unit, name) struct unit name;
#include "cpu/timing/cva6/state/roles.inc"
#define UNITS "cpu/timing/cva6/state/core.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/cva6/state/roles_end.inc"
	struct timing_record record[CVA6_SLOTS_MAX]; /* under way, as far as they matter */
};

/* For each unit UNIT_addresses: how many of its fields may hold an address of data. */
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

/* Has it a key? Not while it traps, sleeps, flushes its instruction cache, or has strayed. */
bool cva6_key_exists(const struct cva6_core *core);

/* Records are what the core may still ask of them, and those that left are gone. */
void cva6_records_normalize(struct cva6_core *core);

/*
 * Both leave addresses as they are: those of the core are in the key, and those of the key are put
 * into the core. A core that has no key can be taken and put as well: then only what does not
 * matter is cleared.
 */
void cva6_key_take(struct cva6_key *key, const struct cva6_core *core);
void cva6_key_put(const struct cva6_key *key, struct cva6_core *core);
/* The records under way, as they are in the key of a core that has one. */
void cva6_key_put_records(const struct cva6_key *key, struct cva6_core *core);

/*
 * Give the key's addresses places of their own, in the order of fields. `from`: of each, the value
 * that it had. How many there are.
 */
unsigned cva6_key_number(struct cva6_key *key, u64 from[CVA6_ADDRESSES_MAX]);

/* Tokens become addresses again. */
void cva6_core_resolve(struct cva6_core *core, const struct actions *actions);

#endif
