/* SPDX-License-Identifier: MIT */
/*
 * The account of a hart's cycles and instructions, by place and by caller. It gets each record
 * before it goes into a model, cycles as they are attributed, and each record that retires. Counts
 * by mode are the model's (tally.h): where only those are wanted, nothing is reported but the
 * cycles attributed behind the last retirement.
 */
#ifndef CPU_TIMING_PROFILE_ACCOUNT_H
#define CPU_TIMING_PROFILE_ACCOUNT_H

#include "cpu/timing/profile/profile.h"
#include "cpu/timing/profile/samples.h"
#include "cpu/timing/run.h"

extern const char *const timing_mode_names[TIMING_MODES];

/* The most records that a model can have in flight, with a batch; a power of two. */
#define TIMING_UNDER_WAY 4096

/* A record that is in flight. */
struct timing_passing {
	u64 place; /* where symbols name it (names.h) */
	u32 raw;
	u32 node; /* node of the calls that are followed (calls.h) */
	bool retires;
};

struct timing_account {
	struct place_names names;
	/* The page and mode of the last record, and what leads from there to where it is named. */
	struct timing_naming {
		u64 page, to;
		u8 mode;
		bool known;
	} naming;
	bool by_place; /* cycles go into the profile */
	bool watched; /* records in flight are looked up */
	struct timing_profile profile;
	struct timing_samples *samples; /* owned; NULL: calls are not followed */
	u64 stack[TIMING_CAUSES]; /* cycles by cause since the last retirement */
	u32 causes; /* a bit for each entry of `stack` that is not 0 */
	u64 pushed; /* records so far: the number of the next */
	u8 after; /* enum timing_after of the last of them */
	struct timing_passing passing[TIMING_UNDER_WAY];
};

/* Returns whether the account needs each record. It may be NULL. */
static inline bool timing_account_each(const struct timing_account *account)
{
	return account && (account->by_place || account->samples || account->watched);
}

/* Return NULL where there is no memory. */
struct timing_account *timing_account_create(const struct place_names *names);
void timing_account_free(struct timing_account *account);

/* Count by place as well from now on. Return 0 or -ENOMEM. */
int timing_account_places(struct timing_account *account);

/* Set all counts to 0. */
void timing_account_clear(struct timing_account *account);

/*
 * A model begins anew, or goes on with the record of this number, in this mode (enum timing_after);
 * counts stay.
 */
void timing_account_begin(struct timing_account *account, u64 record, u8 after);

/* Forget the cycles since the last retirement: they belong to no instruction. */
void timing_account_forget(struct timing_account *account);

/* Add the next records in program order, before the model has them. */
void timing_account_push(struct timing_account *account, const struct timing_record *records,
			 unsigned count);

/* Add the records that a run stands for; not allowed with samples. */
void timing_account_push_run(struct timing_account *account, const struct timing_run *run);

/*
 * These are attribute and commit of struct timing_host: cycles with their cause, then the record
 * that retired.
 */
void timing_account_attribute(struct timing_account *account, enum timing_cause cause, u64 cycles);
void timing_account_commit(struct timing_account *account, u64 record);

#endif
