/* SPDX-License-Identifier: MIT */
/*
 * The harts of a machine, and which of them runs next. All run on one host thread. With the virtual
 * clock the hart that is furthest behind runs next, for at most a quantum or up to the next event:
 * an order that depends on nothing but the guest. With the host clock they take turns.
 */
#ifndef CPU_HART_HARTS_H
#define CPU_HART_HARTS_H

#include "bus/base.h"
#include "cpu/hart/hart.h"
#include "cpu/hart/liveness.h"
#include "cpu/hart/vector_config.h"

struct ram;

#define HARTS_MAX 64

enum harts_exit {
	HARTS_RAN,
	HARTS_IDLE, /* all wait: for the host clock's next event, or for input */
	HARTS_DEAD, /* none can ever run again */
	HARTS_LIMIT,
	HARTS_STOPPED, /* `stopped` is set */
};

struct harts {
	struct hart *hart[HARTS_MAX];
	unsigned count;
	struct platform *platform;
	struct isa isa;
	struct block_cache *blocks;
	struct table_watch *tables;
	struct timing_coherence *coherence; /* shared by the harts' timing models */
	struct interrupt_sources sources;
	bool loops_are_fixed; /* no hart changes what another one's trap loop runs */
	hart_tier tier;
	bool stopped; /* the debugger has stops that debug_take has not taken */
	bool cut; /* the last stop ended a slice that would have gone on */
	u64 limit; /* retired instructions at which to stop; UINT64_MAX: none */
	u64 pause; /* the same limit, where regions begin and end (timed/roi.h) */
	unsigned shift; /* as hart_config's */
	u64 step_cap; /* the most steps between two looks at the host; 0: as many as pay */
	struct hart *running; /* the hart whose slice it is, or NULL */
	unsigned first; /* host clock: the hart to begin with, after a stop cut the last turns */
	/* Virtual clock: the slice that a limit may have cut; current == count: none. */
	u32 current;
	u64 slice_end; /* in time of the hart */
	u64 slice_most; /* its latest end; its start if all others waited: a wake-up ends it */
	u64 slice_lr; /* reservation_steps of the LR whose SC it waits for, or SLICE_LR_NONE */
	u64 steps_left; /* steps of the slice until the hart's time is compared again */
	u64 quantum, quantum_least, quantum_most; /* ns of a slice, with several harts */
	u64 slice; /* ns of one while all other harts wait */
	u64 taken; /* from other caches by the last slice's end (cpu/timing/units/coherence.h) */
	struct rnmi_vectors rnmi;
	struct vector_config vector;
	u64 retired_before; /* retired before the last reset, which cleared the harts' counts */
};

struct harts_config {
	unsigned count;
	struct ext_set extensions; /* the extensions of all harts */
	struct rnmi_vectors rnmi;
	struct vector_config vector; /* with vlen 0, VLEN_LEAST */
	bool adue_at_reset; /* as hart_config's */
	unsigned shift; /* as hart_config's; with `timing` 0 */
	const struct timing_core *timing; /* as hart_config's */
	const struct hart_hooks *timer; /* as hart_config's */
};

/*
 * Returns 0 or -ENOMEM. timebase must outlive the harts. Registers with platform's clock, bus and
 * state.
 */
int harts_init(struct harts *harts, struct platform *platform, struct timebase *timebase,
	       const struct harts_config *config);
void harts_free(struct harts *harts);

/*
 * Has the writes to a memory at physical address `base` seen, by whatever must see some of them.
 * Returns -ENOMEM or 0.
 */
int harts_watch(struct harts *harts, struct ram *ram, u64 base);

/* Sets all harts to pc in M-mode; the machine's time goes on. */
void harts_reset(struct harts *harts, u64 pc);

/*
 * Runs one slice of one hart (virtual clock) or of each (host clock), and the events due before it.
 */
enum harts_exit harts_run(struct harts *harts);

/* A hart that waited can run: ends the slice of another one if all others waited. */
void harts_woken(struct harts *harts);

/* Between slices, keeps a hart from having a turn, or lets it have one again. */
void harts_hold(struct harts *harts, struct hart *hart, bool held);

/*
 * Returns true unless a limit cut a slice in its middle. Only then may anything happen that the
 * guest can see, because otherwise it would depend on where the run was cut.
 */
static inline bool harts_between_slices(const struct harts *harts)
{
	return harts->current == harts->count;
}

/* Returns the retired instructions of all harts since power-on, across resets. */
u64 harts_retired(const struct harts *harts);

#endif
