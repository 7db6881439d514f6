/* SPDX-License-Identifier: MIT */
/*
 * The account of a hart's cycles and instructions, by place and by caller. It gets each record
 * before a model does, cycles when they are attributed, and each record when it retires. Counts by
 * mode are in the model's tally (tally.h): if only they are wanted, the model reports nothing but
 * the cycles attributed after the last retirement.
 */
#ifndef CPU_TIMING_PROFILE_ACCOUNT_H
#define CPU_TIMING_PROFILE_ACCOUNT_H

#include "cpu/timing/profile/profile.h"
#include "cpu/timing/profile/samples.h"
#include "cpu/timing/run.h"

extern const char *const timing_mode_names[TIMING_MODES];

/* The most records in flight in a model, plus a batch; a power of two. */
#define TIMING_IN_FLIGHT 4096

/* A record that is in flight. */
struct timing_in_flight {
	u64 place; /* the address at which symbols name it (names.h) */
	u32 raw;
	u32 node; /* the node of its calls (calls.h) */
	bool retires;
};

struct timing_account {
	struct place_names names;
	/*
	 * The page and mode of the last record, and the distance from there to where symbols name
	 * it.
	 */
	struct timing_naming {
		u64 page, to;
		u8 mode;
		bool known;
	} naming;
	bool by_place; /* cycles are added to the profile */
	bool watched; /* some caller looks up records in flight */
	struct timing_profile profile;
	struct timing_samples *samples; /* owned; NULL: calls are not followed */
	u64 stack[TIMING_CAUSES]; /* the cycles since the last retirement, by cause */
	u32 causes; /* a bit for each entry of `stack` that is not 0 */
	u64 pushed; /* the number of records that were pushed, and of the next one */
	u8 after; /* enum timing_after of the last record */
	struct timing_in_flight in_flight[TIMING_IN_FLIGHT];
};

/* Returns whether the account needs each record. `account` may be NULL. */
static inline bool timing_account_each(const struct timing_account *account)
{
	return account && (account->by_place || account->samples || account->watched);
}

/* Returns NULL when out of memory. */
struct timing_account *timing_account_create(const struct place_names *names);
void timing_account_free(struct timing_account *account);

/* Counts by place, too, from now on. Returns 0 or -ENOMEM. */
int timing_account_places(struct timing_account *account);

/* Sets all counts to 0. */
void timing_account_clear(struct timing_account *account);

/*
 * Called when a model begins: it is reset, or continues with the record of this number, in this
 * mode (enum timing_after). Counts stay.
 */
void timing_account_begin(struct timing_account *account, u64 record, u8 after);

/* Forgets the cycles since the last retirement: they belong to no instruction. */
void timing_account_forget(struct timing_account *account);

/* Adds the next records in program order, before the model gets them. */
void timing_account_push(struct timing_account *account, const struct timing_record *records,
			 unsigned count);

/* Adds the records that a run stands for; not allowed with samples. */
void timing_account_push_run(struct timing_account *account, const struct timing_run *run);

/*
 * For attribute and commit of struct timing_host: cycles with their cause, then the record that
 * retired.
 */
void timing_account_attribute(struct timing_account *account, enum timing_cause cause, u64 cycles);
void timing_account_commit(struct timing_account *account, u64 record);

#endif
