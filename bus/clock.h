/* SPDX-License-Identifier: MIT */
/*
 * Virtual time in nanoseconds since power-on, and the queue of what will happen in it. The queue
 * is totally ordered: by time, then by the event's order of registration, so a run never depends
 * on the host. The clock is driven by the run loop: with the virtual clock by the harts' cycles,
 * with the host clock by the host's monotonic time.
 */
#ifndef BUS_CLOCK_H
#define BUS_CLOCK_H

#include "bus/base.h"

struct state;

#define CLOCK_NEVER UINT64_MAX
#define CLOCK_LAST ((u64)INT64_MAX) /* time stands still here, after 292 years */
#define CLOCK_HZ 1000000000ull

struct clock;

/* Owned by its device; initialised once by clock_event_init. */
struct clock_event {
	u64 when; /* ns; CLOCK_NEVER: not armed */
	u32 order;
	void (*fire)(void *ctx, u64 now);
	void *ctx;
};

enum clock_mode { CLOCK_VIRTUAL, CLOCK_HOST };

struct clock {
	enum clock_mode mode;
	bool reverse_ties; /* small caches (cpu/hart/limits.h): equal times fire in reverse order */
	/* Virtual: time up to which every hart has run. Host: unused. */
	u64 base;
	u64 latest; /* newest time that clock_now returned: time never goes back between harts */
	u64 host_zero; /* host's monotonic ns at virtual time 0 */
	u64 host_held; /* host's monotonic ns at which time was stopped; 0: time goes on */
	u64 (*ahead)(void *ctx); /* virtual: ns that the running hart is ahead of base */
	void *ahead_ctx;
	void (*changed)(void *ctx); /* an event became the earliest: the run loop must look */
	void *changed_ctx;
	struct clock_event **events;
	unsigned count;
	u64 next; /* when of the earliest armed event */
};

void clock_init(struct clock *clock, enum clock_mode mode);
void clock_free(struct clock *clock);
void clock_register_state(struct clock *clock, struct state *state);

/*
 * Connects the run loop: `ahead` returns how many ns the running hart is ahead of `base`, `changed`
 * is called when the earliest deadline changed.
 */
void clock_connect(struct clock *clock, u64 (*ahead)(void *), void (*changed)(void *), void *ctx);

/*
 * Register an event under a name unique in the machine; registration order decides ties. With
 * state == NULL it is not part of the machine's state.
 * fire runs with the event disarmed and may arm it again.
 */
void clock_event_init(struct clock *clock, struct state *state, struct clock_event *event,
		      const char *name);
/*
 * Removes an event whose device goes away: fire is not called again. The others keep their order.
 */
void clock_event_remove(struct clock *clock, const struct clock_event *event);
/* Arming an armed event moves it; CLOCK_NEVER, or any time beyond CLOCK_LAST, disarms. */
void clock_arm(struct clock *clock, struct clock_event *event, u64 when);
void clock_disarm(struct clock *clock, struct clock_event *event);

/*
 * Returns the time as the running hart (or, between slices, the machine) sees it; it never
 * decreases.
 */
u64 clock_now(struct clock *clock);

/* Like clock_now, for callers that are no part of the machine: reading changes no state. */
u64 clock_peek(const struct clock *clock);

/* Recovers from a load that failed: time goes on from `now`, and no event is armed. */
void clock_restart(struct clock *clock, u64 now);

/* Host clock only: stops time (while a person looks at the machine), or lets it go on. */
void clock_hold(struct clock *clock, bool held);

/*
 * Stops the host clock at the end of a run, in front of the next event if the run did not get to
 * it: who looks at the machine then sees no event that is due and has not happened.
 */
void clock_stop(struct clock *clock);

/* Move base forward to `to` (virtual mode; the run loop only). */
void clock_advance(struct clock *clock, u64 to);

/*
 * Fires, in order, all events that are due at clock_now(), and returns how many. Events that keep
 * arming themselves for the past are left to the next call after CLOCK_FIRE_ROUNDS firings per
 * registered event.
 */
#define CLOCK_FIRE_ROUNDS 4
unsigned clock_fire(struct clock *clock);

static inline u64 clock_next(const struct clock *clock)
{
	return clock->next;
}

/* a * b / c without overflow in between; c != 0. Used for ticks <-> ns. */
static inline u64 clock_scale(u64 a, u64 b, u64 c)
{
	return (u64)((u128)a * b / c);
}

#endif
