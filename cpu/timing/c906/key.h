/* SPDX-License-Identifier: MIT */
/*
 * The key of a C906 (the state of memoised simulation): with the answers to its actions (actions.h)
 * it decides what the core will do. It is the pipeline and the bus interface, with all that does
 * not matter any more cleared, entries of buffers and records counted from one end, and cycles from
 * now. Addresses of data are in it as tokens only, and so are the operands of divisions.
 */
#ifndef CPU_TIMING_C906_KEY_H
#define CPU_TIMING_C906_KEY_H

#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/core.h"

/* The part of the record of an instruction under way that the pipeline will read. */
struct c906_key_record {
	u64 next;
	u64 operand[2]; /* va and pa of a memory operand, else a and b */
	u16 op, flags;
};

struct c906_key {
	/* The fields of the core that are in the key, as their roles say (state/core.def). */
#define UNIT(unit)
#define END(unit)
#define FIELD_KEPT(type, name) type name;
#define UNIT_PARTS(unit, name) struct unit name;
#include "cpu/timing/c906/state/roles.inc"
#define UNITS "cpu/timing/c906/state/core.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/c906/state/roles_end.inc"
	struct c906_biu biu;
	struct c906_key_record executes, branch, returns; /* in EX1, in the branch unit */
	/*
	 * With all that will be asked of them: what CP0 executes; what waits until the pipeline has
	 * started again; the trap for which it starts.
	 */
	struct c906_input rare, waits, left;
	u8 under_way, waiting; /* records that have not left; and that have not been dispatched */
};

/*
 * Has it a key? Not while it does atomics, accesses in halves or that trap, invalidations, or
 * writes satp: those are rare.
 */
bool c906_key_exists(const struct c906_core *core);

/* Is an instruction one of those? */
bool c906_is_rare(u16 op, u16 flags);

/*
 * Addresses are as in the core. A core that has no key can be taken and put as well: then only what
 * does not matter is cleared.
 */
void c906_key_take(struct c906_key *key, const struct c906_core *core);
void c906_key_put(const struct c906_key *key, struct c906_core *core);

/*
 * And the records: all that the key knows of those under way; or, where records are there, none of
 * the others, and of those no more than that.
 */
void c906_key_put_records(const struct c906_key *key, struct c906_core *core);
void c906_key_forget_records(const struct c906_key *key, struct c906_core *core);

/*
 * Between taking and putting: number records as the host does, which counts shadows. So it does not
 * matter which of them came from the memo.
 */
void c906_key_renumber(struct c906_core *core);

/*
 * Give the key's addresses places of their own, in the order of fields. `from`: of each, the value
 * that it had. How many there are.
 */
unsigned c906_key_number(struct c906_key *key, u64 from[ACTIONS_PLACES]);

/* Tokens become addresses again. */
void c906_record_resolve(struct timing_record *record, const struct actions *actions);
void c906_core_resolve(struct c906_core *core, const struct actions *actions);

#endif
