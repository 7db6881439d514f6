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
	bool reverse_ties; /* paranoid build: equal times fire in reverse order */
	/* Virtual: time up to which every hart has run. Host: unused. */
	u64 base;
	u64 latest; /* newest time given to anybody: time never goes back between harts */
	u64 host_zero; /* host's monotonic ns at virtual time 0 */
	u64 host_held; /* the same when time was stopped; 0: it goes on */
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

/* Who tells how far the running hart is ahead of `base`, and who hears of a new deadline. */
void clock_connect(struct clock *clock, u64 (*ahead)(void *), void (*changed)(void *), void *ctx);

/*
 * Register an event under a name unique in the machine; registration order decides ties. With
 * state == NULL it is not part of the machine's state.
 * fire runs with the event disarmed and may arm it again.
 */
void clock_event_init(struct clock *clock, struct state *state, struct clock_event *event,
		      const char *name);
/* Its device goes: it is not called again. The order of those that stay is theirs. */
void clock_event_remove(struct clock *clock, const struct clock_event *event);
/* Arming an armed event moves it; CLOCK_NEVER, or any time beyond CLOCK_LAST, disarms. */
void clock_arm(struct clock *clock, struct clock_event *event, u64 when);
void clock_disarm(struct clock *clock, struct clock_event *event);

/* Time as the running hart (or, between slices, the machine) sees it; never decreases. */
u64 clock_now(struct clock *clock);

/* The same for who is no part of the machine: that it was asked for changes nothing. */
u64 clock_peek(const struct clock *clock);

/* Whatever a load that failed has left: time goes on from `now`, and nothing is armed. */
void clock_restart(struct clock *clock, u64 now);

/* Host: time stands still, as while a person looks at the machine; or goes on. */
void clock_hold(struct clock *clock, bool held);

/* Move base forward to `to` (virtual mode; the run loop only). */
void clock_advance(struct clock *clock, u64 to);

/*
 * Fire, in order, all that is due at clock_now(). Returns the number fired. Events that arm
 * themselves again and again for the past are left for the next call after CLOCK_FIRE_ROUNDS
 * firings per registered event.
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
