/* SPDX-License-Identifier: MIT */
/*
 * The harts of a machine, and the order in which they run. All run on one thread of the host. With
 * the virtual clock the hart that is furthest behind runs next, for at most a quantum or up to the
 * next event, so the order depends on nothing but the guest. With the host clock they take turns.
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
	HARTS_IDLE, /* all wait for the host clock's next event, or for input */
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
	bool loops_are_fixed; /* assume that no hart changes the code of another one's trap loop */
	hart_tier tier;
	bool stopped; /* the debugger has stopped; cleared by debug_take */
	bool cut; /* the last stop cut a slice, which is continued later */
	u64 limit; /* the number of retired instructions at which to stop; UINT64_MAX: none */
	u64 pause; /* such a limit for the beginning or end of a region of interest (timed/roi.h) */
	unsigned shift; /* as in hart_config */
	u64 step_cap; /* the most steps between two checks of the host; 0: the usual number */
	struct hart *running; /* the hart whose slice it is, or NULL */
	const struct hart *viewer; /* between harts_view() and harts_view_end(), else NULL */
	u64 latest; /* the clock's latest time, from before the view */
	unsigned first; /* host clock: the hart that runs first, if the last turns were cut */
	/* Virtual clock: the slice that a limit may have cut; current == count: none. */
	u32 current;
	u64 slice_end; /* when the slice ends, in the hart's time (ns) */
	/* its latest end; its start if all others waited, since a wake-up then ends it */
	u64 slice_most;
	u64 slice_lr; /* reservation_steps of the LR whose SC it waits for, or SLICE_LR_NONE */
	u64 steps_left; /* steps until the hart's time is compared with the slice's end again */
	u64 quantum, quantum_least, quantum_most; /* ns of a slice, with several harts */
	u64 slice; /* ns of a slice while all other harts wait */
	bool chaos; /* turns have random lengths (cpu/run/chaos.h) */
	u64 taken; /* coherence->taken at the end of the last slice */
	struct rnmi_vectors rnmi;
	struct identity identity;
	struct vector_config vector;
	/* instructions retired before the last reset, which cleared the harts' counts */
	u64 retired_before;
};

struct harts_config {
	unsigned count;
	struct ext_set extensions; /* the extensions of all harts */
	struct rnmi_vectors rnmi;
	struct identity identity;
	struct vector_config vector; /* vlen 0 means VLEN_LEAST */
	bool adue_at_reset; /* as in hart_config */
	unsigned shift; /* as in hart_config; 0 with `timing` */
	bool chaos; /* as in struct harts; not with `timing` */
	const struct timing_core *timing; /* as in hart_config */
	const struct hart_hooks *timer; /* as in hart_config */
};

/*
 * Makes the harts and registers them with the platform's clock, bus and state. timebase must
 * outlive them. Returns 0 or -ENOMEM.
 */
int harts_init(struct harts *harts, struct platform *platform, struct timebase *timebase,
	       const struct harts_config *config);
void harts_free(struct harts *harts);

/*
 * Lets the block cache and the TLBs detect writes to a memory at physical address `base`. Must be
 * called for each memory. Returns 0 or -ENOMEM.
 */
int harts_watch(struct harts *harts, struct ram *ram, u64 base);

/* Resets all harts: they begin at pc in M-mode. The machine's time continues. */
void harts_reset(struct harts *harts, u64 pc);

/*
 * Fires the events that are due, and runs one slice of one hart (virtual clock) or of each (host
 * clock).
 */
enum harts_exit harts_run(struct harts *harts);

/* Ends the slice that runs or that was cut: it is not continued. */
void harts_leave_slice(struct harts *harts);

/* Called when a hart that waited can run: ends the slice of another one if all others waited. */
void harts_woken(struct harts *harts);

/*
 * A debugger accesses the machine between these two calls, when no slice runs: time is that of
 * `hart`, which may be in the middle of a slice. The clock keeps that time as one that was read
 * only if the access has `changed` something. If an event becomes the earliest, a slice that was
 * cut is not continued, as it might run past the event.
 */
void harts_view(struct harts *harts, const struct hart *hart);
void harts_view_end(struct harts *harts, bool changed);

/* Keeps a hart from running, or lets it run again. Call it between slices. */
void harts_hold(struct harts *harts, struct hart *hart, bool held);

/*
 * Returns whether no limit has cut a slice in the middle. Only then may anything happen that the
 * guest can see; otherwise it would depend on where the run was cut.
 */
static inline bool harts_between_slices(const struct harts *harts)
{
	return harts->current == harts->count;
}

/* Returns the retired instructions of all harts since power-on, across resets. */
u64 harts_retired(const struct harts *harts);

#endif
