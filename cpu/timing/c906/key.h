/* SPDX-License-Identifier: MIT */
/*
 * The key of a C906 (the state of memoised simulation). With the results of the core's actions
 * (actions.h) it determines everything that the core will do. It has the pipeline and the bus
 * interface; state that no longer matters is cleared, entries of buffers and records are counted
 * from one end, and cycles from now. Data addresses and the operands of divisions are in it only as
 * tokens.
 */
#ifndef CPU_TIMING_C906_KEY_H
#define CPU_TIMING_C906_KEY_H

#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/core.h"

#define UNITS "cpu/timing/c906/state/kept.def"
#include "cpu/timing/fields/structs.inc"

struct c906_key {
	/* The fields that are in the key according to their roles. */
#define UNIT(unit)
#define END(unit)
#define FIELD_KEPT(type, name) type name;
#define UNIT_PARTS(unit, name) struct unit name;
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/keyed.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"
	struct c906_kept kept; /* records under way */
};

/*
 * Returns whether the core has a key. It has none while an atomic, an access that is split or
 * traps, an invalidation or a write of satp is under way: these are rare, and are stepped.
 */
bool c906_key_exists(const struct c906_core *core);

/* Returns whether an instruction is one of these rare ones. */
bool c906_is_rare(u16 op, u16 flags);

/*
 * c906_key_take copies the core's pipeline to the key, and c906_key_put copies it back, both with
 * addresses as the core has them. A core that has no key can be taken and put as well, which only
 * clears state that no longer matters, and lets the branch predictor rest as long as possible.
 */
void c906_key_take(struct c906_key *key, const struct c906_core *core);
void c906_key_put(const struct c906_key *key, struct c906_core *core);

/*
 * c906_key_put_records gives the core the records under way, as far as they are in the key. Where
 * the core has records, c906_key_forget_records clears all but those under way, and of these the
 * fields that are not in the key.
 */
void c906_key_put_records(const struct c906_key *key, struct c906_core *core);
void c906_key_forget_records(const struct c906_key *key, struct c906_core *core);

/*
 * Numbers the records by the host's count of all records, including those of wrong paths, so that
 * the numbers do not depend on which records came from the memo. It is called between c906_key_take
 * and c906_key_put.
 */
void c906_key_renumber(struct c906_core *core);

/*
 * Replaces each address in the key by a token, numbered in the order of the fields, and writes the
 * address that each token stands for to `from`. Returns the number of tokens.
 */
unsigned c906_key_number(struct c906_key *key, u64 from[ACTIONS_PLACES]);

/* Replace the tokens of a record, or of a core, by the addresses that they stand for. */
void c906_record_resolve(struct timing_record *record, const struct actions *actions);
void c906_core_resolve(struct c906_core *core, const struct actions *actions);

#endif
