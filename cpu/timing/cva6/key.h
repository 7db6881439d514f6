/* SPDX-License-Identifier: MIT */
/*
 * What a CVA6 will do follows from its key, and from what it asks (actions.h): the pipeline and the
 * caches' registers, with all that does not matter any more cleared, slots counted from the oldest,
 * and cycles from now. Addresses of data are in it as tokens only.
 */
#ifndef CPU_TIMING_CVA6_KEY_H
#define CPU_TIMING_CVA6_KEY_H

#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/cva6/core.h"

struct cva6_key {
	struct cva6_pipeline pipe;
	struct cva6_icache icache;
	struct cva6_dcache dcache;
	u64 refills_behind;
	struct timing_record record[CVA6_SLOTS_MAX]; /* under way, as far as they matter */
};

/* Every field that may hold an address of data. */
#define CVA6_ADDRESSES_MAX (6 * CVA6_SLOTS_MAX + 2 * CVA6_STORES_MAX + CVA6_WORDS_MAX +            \
			    CVA6_REQUESTS_MAX + 16)

/* Has it a key? Not while it traps, sleeps, flushes its instruction cache, or has strayed. */
bool cva6_key_exists(const struct cva6_core *core);

/* Records are what the core may still ask of them, and those that left are gone. */
void cva6_records_settle(struct cva6_core *core);

/*
 * As addresses are in the core; cva6_key_put also puts them there as they are in the key. A core
 * that has no key can be taken and put as well: only what does not matter is cleared.
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
