/* SPDX-License-Identifier: MIT */
/* Adds up cycles and instructions by place, and the cycles by cause; see account.h. */
#include "cpu/timing/profile/account.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(TIMING_CAUSES <= 32, "a bit for each cause");

const char *const timing_mode_names[TIMING_MODES] = {
	[TIMING_M] = "M", [TIMING_S] = "S", [TIMING_U] = "U",
	[TIMING_VS] = "VS", [TIMING_VU] = "VU",
};

struct timing_account *timing_account_create(const struct place_names *names)
{
	struct timing_account *account = calloc(1, sizeof(*account));

	if (account)
		account->names = *names;
	return account;
}

int timing_account_places(struct timing_account *account)
{
	int error = account->by_place ? 0 : timing_profile_init(&account->profile);

	account->by_place = !error;
	return error;
}

void timing_account_free(struct timing_account *account)
{
	if (!account)
		return;
	timing_profile_free(&account->profile);
	timing_samples_free(account->samples);
	free(account);
}

void timing_account_forget(struct timing_account *account)
{
	for (u32 left = account->causes; left; left &= left - 1)
		account->stack[__builtin_ctz(left)] = 0;
	account->causes = 0;
}

void timing_account_clear(struct timing_account *account)
{
	timing_account_forget(account);
	if (account->by_place)
		timing_profile_clear(&account->profile);
	if (account->samples)
		timing_samples_clear(account->samples);
}

void timing_account_begin(struct timing_account *account, u64 record, u8 after)
{
	account->pushed = record;
	account->after = after;
	timing_account_forget(account);
	if (account->samples)
		timing_samples_begin(account->samples);
}

/*
 * Returns the address at which symbols name the code at pc. names.place(), which may read page
 * tables, is called only when the mode or the page changes.
 */
static u64 account_place(struct timing_account *account, enum timing_mode mode, u64 pc)
{
	struct timing_naming *naming = &account->naming;
	u64 page = pc & PAGE_MASK;

	if (!naming->known || naming->mode != mode || naming->page != page)
		*naming = (struct timing_naming){
			.page = page,
			.to = account->names.place(account->names.ctx, mode, pc) - pc,
			.mode = (u8)mode,
			.known = true,
		};
	return pc + naming->to;
}

/* Returns where the next record goes, and counts it. */
static struct timing_in_flight *account_next(struct timing_account *account)
{
	return &account->in_flight[account->pushed++ % TIMING_IN_FLIGHT];
}

void timing_account_push(struct timing_account *account, const struct timing_record *records,
			 unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		const struct timing_record *record = &records[n];
		enum timing_mode mode = timing_mode_of(account->after);

		*account_next(account) = (struct timing_in_flight){
			.place = account_place(account, mode, record->pc),
			.raw = record->raw,
			.node = account->samples ?
				calls_follow(account->samples->calls, record, mode) : 0,
			.retires = !(record->flags & TIMING_TRAP),
		};
		account->after = record->after;
		/* Shadows never retire. */
		account->pushed += record->shadows;
		n += record->shadows;
	}
}

void timing_account_push_run(struct timing_account *account, const struct timing_run *run)
{
	enum timing_mode mode = timing_mode_of(account->after);

	for (unsigned n = 0; n < run->count; n++) {
		u64 pc = run->pc + 2u * run->block->insn[n].at;

		*account_next(account) = (struct timing_in_flight){
			.place = account_place(account, mode, pc),
			.raw = run->block->insn[n].raw, .retires = true,
		};
	}
	account->after = run->after;
}

void timing_account_attribute(struct timing_account *account, enum timing_cause cause, u64 cycles)
{
	account->stack[cause] += cycles;
	account->causes |= 1u << cause;
}

static void account_settle(struct timing_account *account, struct timing_cost *cost)
{
	for (u32 left = account->causes; left; left &= left - 1) {
		unsigned cause = (unsigned)__builtin_ctz(left);

		cost->sum.cycles[cause] += account->stack[cause];
	}
}

void timing_account_commit(struct timing_account *account, u64 record)
{
	const struct timing_in_flight *in_flight = &account->in_flight[record % TIMING_IN_FLIGHT];

	if (account->by_place) {
		struct timing_cost *cost =
			timing_profile_find(&account->profile, in_flight->place, in_flight->raw);

		cost->sum.instructions += in_flight->retires;
		account_settle(account, cost);
	}
	if (account->samples)
		timing_samples_add(account->samples, in_flight->node, in_flight->place,
				   account->stack, in_flight->retires);
	timing_account_forget(account);
}
