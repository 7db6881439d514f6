/* SPDX-License-Identifier: MIT */
/*
 * A hart that runs with a timing model: turns the events of the observing tier into records, gives
 * them to the model before the time is read, and returns the time. This is the only connection
 * between execution and cycles: neither the functions that execute instructions nor the models use
 * each other.
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

/* Larger numbers in a hostile state are refused: past any machine's end, with room for sums. */
#define TIMED_MAX BIT(62)

enum timed_phase {
	TIMED_OFF, /* nothing is recorded */
	TIMED_KEEPS, /* the latest records are kept, to warm up the model with */
	TIMED_WARMS, /* the model gets the records; its cycles do not count */
	TIMED_ON,
};

struct timed_sum {
	u64 cycles, instructions; /* retired */
};

struct timed {
	struct hart *hart;
	struct timed_runs *runs; /* runs of blocks that follow the batch (timed/runs.h); owned */
	const struct timing_core *core;
	struct timing_model *model;
	bool priced; /* timing_is_priced(model) */
	struct timing_prices prices;
	u64 most; /* timing_most() */
	u64 priced_steps; /* the number of steps whose prices surely fit into native code's sum */
	u32 phase; /* enum timed_phase; in all but TIMED_ON an instruction is a cycle */
	bool waits; /* with TIMED_ON: the model begins at pc `from` */
	u64 from;
	/*
	 * `before` is the cycles until the hart had begun `steps` instructions; when the model
	 * counts, that is its cycle `origin`.
	 */
	u64 before, steps, origin;
	u64 earlier; /* cycles of the hart since reset until this model was attached */
	u64 epoch; /* nanoseconds of the machine's time at cycle 0 */
	/* timed/ahead.c: the pace, in cycles per instruction, and where it was measured. */
	u32 pace;
	u64 paced_steps, paced_cycles;
	u64 not_before; /* no instruction that is not yet executed retires before this cycle */
	u64 fenced; /* hart->steps after the last instruction that timing_most() does not cover */
	u64 retired; /* the hart's retired instructions when the model began to count */
	struct timed_sum done; /* cycles and instructions of earlier times when it counted */
	struct timing_history *history; /* NULL: TIMED_KEEPS is not possible */
	u64 first; /* number of the first record that counts */
	struct timing_record batch[TIMING_BATCH];
	unsigned count; /* number of records in it */
	u64 pushed; /* records given to the model since it began */
	u64 model_cycle; /* the cycle that the model returned last */
	bool current; /* the model was given nothing since then */
	bool current_loaded; /* this flag in a state that is being loaded */
	/* The last instruction begun. It enters the batch when it is done, or its trap is taken. */
	struct timing_record last;
	bool pending; /* `last` is set */
	bool running; /* `last` has been begun and not ended */
	struct timing_record shadows[TIMING_SHADOWS_MAX]; /* the shadows of its trap */
	struct timing_account *account; /* NULL: cycles are not accounted for */
	bool listens; /* the model reports each record that retires */
	bool guest_seen; /* the user was warned by timed_check_guest() */
	/* The events until the model began to count, and its counts then; the cycles until then. */
	struct timing_counts past, events;
	u64 past_cycles;
	/*
	 * While the model counts: the events of spans that are over, and the model's at the
	 * beginning of this one.
	 */
	struct timing_counts modes, modes_base;
};

/*
 * Times a hart by a model of `core` and sets hart->timed. `core` outlives it, as does `coherence`,
 * which the machine's harts share, or NULL. Returns 0 or -ENOMEM. The hart must be watched by
 * timed_observer, whose ctx is not used; blocks that were decoded before for its machine must be
 * dropped (block_cache_drop_all). Registers the state of both, "core<id>" and "timed<id>".
 */
int timed_attach(struct hart *hart, const struct timing_core *core,
		 struct timing_coherence *coherence);
void timed_detach(struct hart *hart);
extern const struct observer timed_observer;

/*
 * Executes one instruction, fetched and decoded, instead of observe_step if no other observer
 * watches the hart and no trigger may fire.
 */
enum hart_exit timed_step(struct hart *hart, const struct insn *insn);

/* Called when a trap was taken and the hart is at its handler. */
void timed_trapped(struct timed *timed);

/* Must be called after a state was loaded, with all else that belongs to the hart. */
void timed_resume(struct timed *timed);

/* Adds cycles to the account from now on. It is the caller's and outlives the hart. */
void timed_account(struct timed *timed, struct timing_account *account);

/* Fills in the fields of a record, except pc, that are known before execution: not pa and next. */
void timed_describe(struct hart *hart, const struct event *event, struct timing_record *record);

/* Returns whether the model counts now; if not, an instruction is a cycle. */
static inline bool timed_counts(const struct timed *timed)
{
	return timed->phase == TIMED_ON && !timed->waits;
}

/*
 * Return the cycles since the model was attached, or since reset, and the machine's time in that
 * cycle. An instruction that is being executed sees its own cycle; otherwise it is that of the last
 * one done.
 */
u64 timed_cycles(struct timed *timed);
u64 timed_ns(struct timed *timed);

/* Gives the model all that the hart has done. Call it before anything else writes memory. */
void timed_synchronize(struct timed *timed);

/*
 * The parts of timed_synchronize: end the last record at `next`; give the batch to the model or the
 * history.
 */
void timed_finish(struct timed *timed, u64 next);
void timed_flush(struct timed *timed);

/* Returns whether the account needs each record, and then gets it before the model does. */
bool timed_reports(struct timed *timed);

/* Return the modes now, as records hold them, and whether memory is translated. */
u8 timed_after(const struct hart *hart);
bool timed_translates(const struct regime *regime);

/* Called when the hart ran nothing for `ns` nanoseconds. */
void timed_idle(struct timed *timed, u64 ns);

#endif
