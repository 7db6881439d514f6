/* SPDX-License-Identifier: MIT */
/*
 * A hart that runs with a timing model: turns what the watching tier tells into records, hands
 * them to the model before anybody looks at the time, and answers what time it is. The one place
 * where execution and cycles meet; neither bodies nor models know of each other.
 */
#ifndef CPU_TIMED_TIMED_H
#define CPU_TIMED_TIMED_H

#include "cpu/debug/observe.h"
#include "cpu/timed/prices.h"
#include "cpu/timing/core.h"
#include "cpu/timing/history.h"
#include "cpu/timing/model.h"
#include "cpu/timing/profile/account.h"

struct timed_runs;

/*
 * Numbers that a hostile state may hold are refused above this: later than any machine's end,
 * with room for sums.
 */
#define TIMED_MAX BIT(62)

enum timed_phase {
	TIMED_OFF, /* nothing is recorded */
	TIMED_KEEPS, /* the latest records are kept, to warm the model with */
	TIMED_WARMS, /* the model has them; its cycles do not count */
	TIMED_ON,
};

struct timed_sum {
	u64 cycles, instructions; /* retired */
};

struct timed {
	struct hart *hart;
	struct timed_runs *runs; /* of blocks, behind the batch; its own (timed/runs.h) */
	const struct timing_core *core;
	struct timing_model *model;
	bool priced; /* timing_is_priced(model) */
	struct timed_prices prices;
	/* The tier came to this instruction, which has to be watched; NULL: none was fetched. */
	const struct insn *undone;
	u32 phase; /* enum timed_phase; but in TIMED_ON an instruction is a cycle */
	bool waits; /* with TIMED_ON: it begins at pc `from` */
	u64 from;
	/* Cycles until the hart had begun `steps` instructions; counting, the model's `origin`. */
	u64 before, steps, origin;
	u64 epoch; /* nanoseconds of the machine's time at cycle 0 */
	/* timed/ahead.c: cycles that some instructions took, and where that was found out. */
	u32 pace;
	u64 paced_steps, paced_cycles;
	u64 not_before; /* cycle: what is not done yet leaves in it at the earliest */
	u64 fenced; /* hart->steps behind the last instruction that timing_most() leaves out */
	u64 retired; /* instructions when it began to count */
	struct timed_sum done; /* of the times when it counted before */
	struct timing_history *history; /* NULL: there is no TIMED_KEEPS */
	u64 first; /* number of the first record that counts */
	struct timing_record batch[TIMING_BATCH];
	unsigned count; /* records in it */
	u64 pushed; /* records that the model was given since it began */
	u64 told; /* by the model when it was asked last */
	bool current; /* it has been told nothing since */
	bool asked; /* that, of a state that is being loaded */
	/* The last instruction begun: in the batch when it is done, or its trap taken. */
	struct timing_record last;
	bool pending; /* there is one */
	bool running; /* it has been begun and not ended */
	struct timing_record shadows[TIMING_SHADOWS_MAX]; /* of its trap */
	struct timing_account *account; /* NULL: cycles are not accounted for */
	bool listens; /* the host is told of each record that retires */
	/* Events until the model began to count, and what it had counted then; cycles. */
	struct timing_counts past, events;
	u64 past_cycles;
	/* For the account: events of spans that are over; the model's when this one began. */
	struct timing_counts modes, modes_base;
};

/*
 * Time a hart by a model of `core`, which outlives it, as `coherence` does, which it has in common
 * with the machine's other harts, or NULL: sets hart->timed. 0 or -ENOMEM. The
 * hart must be watched by timed_observer, whose ctx is not used; blocks that were decoded before
 * for its machine must be dropped (block_cache_drop_all). Registers the state of both,
 * "core<id>" and "timed<id>".
 */
int timed_attach(struct hart *hart, const struct timing_core *core,
		 struct timing_coherence *coherence);
void timed_detach(struct hart *hart);
extern const struct observer timed_observer;

/*
 * One instruction, fetched and decoded, in the place of observe_step where nobody else watches
 * the hart and no trigger may fire.
 */
enum hart_exit timed_step(struct hart *hart, const struct insn *insn);

/* A trap was taken: the hart is where it led. */
void timed_trapped(struct timed *timed);

/* After a state was loaded, with all else that belongs to the hart. */
void timed_resume(struct timed *timed);

/* Have it told where cycles go; the account is the caller's and outlives the hart. */
void timed_account(struct timed *timed, struct timing_account *account);

/* Fills in what is known of an instruction before it is executed, all but pa and next. */
void timed_describe(struct hart *hart, const struct event *event, struct timing_record *record);

/* Does the model count now? Else an instruction is a cycle. */
static inline bool timed_counts(const struct timed *timed)
{
	return timed->phase == TIMED_ON && !timed->waits;
}

/*
 * What the counter of cycles shows now: to an instruction that is being executed, its own cycle;
 * else that of the last one done. And the machine's time in which that is.
 */
u64 timed_cycles(struct timed *timed);
u64 timed_ns(struct timed *timed);

/* The model has all that the hart has done: to be said before anybody else writes memory. */
void timed_settle(struct timed *timed);

/* The parts of that: the last record ends at `next`; the batch is the model's. */
void timed_finish(struct timed *timed, u64 next);
void timed_flush(struct timed *timed);

/* Is the account told of each record? Said before they are given to the model. */
bool timed_tells(struct timed *timed);

/* These return the modes of fetches and data now, as records say it; and is memory translated? */
u8 timed_after(const struct hart *hart);
bool timed_translates(const struct regime *regime);

/* The hart ran nothing for this long. */
void timed_idle(struct timed *timed, u64 ns);

#endif
