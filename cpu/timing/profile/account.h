/* SPDX-License-Identifier: MIT */
/*
 * What a hart's cycles and instructions are put down to: places, and who called whom. It is told of
 * each record as it goes into a model, of cycles as they pass, and of each record that has left. Of
 * modes the model knows (tally.h): where nobody wants more than that, nothing is told but what is
 * spent behind the last departure.
 */
#ifndef CPU_TIMING_PROFILE_ACCOUNT_H
#define CPU_TIMING_PROFILE_ACCOUNT_H

#include "cpu/timing/profile/profile.h"
#include "cpu/timing/profile/samples.h"
#include "cpu/timing/run.h"

extern const char *const timing_mode_names[TIMING_MODES];

/* Records that a model may hold back, and a batch; a power of two. */
#define TIMING_UNDER_WAY 4096

/* A record between coming in and leaving. */
struct timing_passing {
	u64 pc;
	u32 raw;
	u32 node; /* of the calls that are followed */
	bool retires;
};

struct timing_account {
	bool by_place; /* into the profile */
	bool watched; /* records under way are looked up */
	struct timing_profile profile;
	struct timing_samples *samples; /* its own; NULL: calls are not followed */
	u64 stack[TIMING_CAUSES]; /* since the last one left */
	u32 causes; /* a bit for each that is not 0 there */
	u64 pushed; /* records so far: the number of the next */
	u8 after; /* of the last of them */
	struct timing_passing passing[TIMING_UNDER_WAY];
};

/* Has it to be told of each record? The account may be NULL. */
static inline bool timing_account_each(const struct timing_account *account)
{
	return account && (account->by_place || account->samples || account->watched);
}

/* NULL: no memory. */
struct timing_account *timing_account_create(void);
void timing_account_free(struct timing_account *account);

/* From now on by place as well. 0 or -ENOMEM. */
int timing_account_places(struct timing_account *account);

/* Nothing has been counted. */
void timing_account_clear(struct timing_account *account);

/*
 * A model begins anew, or goes on with the record of this number, in this state (enum
 * timing_after); what was counted stays.
 */
void timing_account_begin(struct timing_account *account, u64 record, u8 after);

/* The cycles that were told of last are nobody's. */
void timing_account_forget(struct timing_account *account);

/* The next records in program order, before the model has them. */
void timing_account_push(struct timing_account *account, const struct timing_record *records,
			 unsigned count);

/* The same of those that a run stands for. Not with samples. */
void timing_account_push_run(struct timing_account *account, const struct timing_run *run);

/* As of struct timing_host: cycles that went by, and the record that then left. */
void timing_account_attribute(struct timing_account *account, enum timing_cause cause, u64 cycles);
void timing_account_commit(struct timing_account *account, u64 record);

#endif
